"""L-CMD-05: a query or expression that does not compile."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stratagem.errors import Severity
from stratagem.strategy.checks._commands import commands
from stratagem.strategy.checks._contract import Check, Desk, Hit
from stratagem.strategy.model import Strategy

_PAIRS = {")": "(", "]": "[", "}": "{"}
_QUERY_OPTIONS = {"--query", "--jmespath"}


def find(strategy: Strategy, desk: Desk) -> Iterator[Hit]:
    """JMESPath of `--query`, JSONPath of kubectl, programs of jq, expressions of grep."""
    for command in commands(strategy):
        for kind, text in (*_queries(command.words), *_json_paths(command.text)):
            problem = _expression(text) if kind == "expression" else _unbalanced(text)
            if problem:
                line, column = command.place_of(text)
                message = f"the {kind} '{text}' does not compile: {problem}"
                yield Hit(message=message, line=line, column=column, fix="Correct it, and run it once.")


def _queries(words: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for word, following in zip(words, (*words[1:], ""), strict=False):
        option, equals, value = word.partition("=")
        if option in _QUERY_OPTIONS:
            yield "JMESPath", value if equals else following
    if words[:1] == ("jq",):
        yield from (("jq program", word) for word in words[1:2] if not word.startswith("-"))
    if words and words[0] in ("grep", "egrep") and any(re.fullmatch(r"-\w*[PE]\w*", word) for word in words[1:]):
        yield from (("expression", word) for word in words[1:] if not word.startswith("-"))


def _json_paths(text: str) -> Iterator[tuple[str, str]]:
    # From the text, not the words: kubectl often stands in a `$(...)` within another command.
    for match in re.finditer(r"""jsonpath=(?:'(?P<single>[^']*)'|"(?P<double>[^"]*)"|(?P<bare>[^\s'")]+))""", text):
        yield "JSONPath", next(path for path in match.groups() if path is not None)


def _expression(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        return str(error)
    return ""


def _unbalanced(text: str) -> str:
    bare = re.sub(r"\\.|'[^']*'|\"(?:[^\"\\]|\\.)*\"|`[^`]*`", "", text)
    stack: list[str] = []
    for character in bare:
        if character in _PAIRS.values():
            stack.append(character)
        elif character in _PAIRS and (not stack or stack.pop() != _PAIRS[character]):
            return f"'{character}' closes nothing"
    return f"'{stack[-1]}' is not closed" if stack else ""


PLUGIN = Check(
    code="L-CMD-05",
    severity=Severity.WARNING,
    catches="JMESPath, JSONPath, jq program or expression that does not compile",
    example="## Validation\n\nRun `az group list --query '[].{name:name'`.\n",
    find=find,
)
