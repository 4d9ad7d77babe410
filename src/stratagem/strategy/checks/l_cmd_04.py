"""L-CMD-04: a tool that nobody knows.

Looked at are names in code or in capitals that the text introduces as a tool ("tools like X", "use X to", "install X"),
and the first word of command lines in shell blocks. A link to the tool in the same passage vouches for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from stratagem.errors import Severity
from stratagem.facts import tools
from stratagem.strategy.checks._commands import commands, plain_commands
from stratagem.strategy.checks._contract import Check, Desk, Hit
from stratagem.strategy.checks._page import Passage, passages
from stratagem.strategy.model import Strategy

_KINDS = r"tools?|toolkits?|utilit(?:y|ies)|scanners?|frameworks?|programs?|scripts?"
_INTRODUCED = re.compile(
    rf"\b(?:{_KINDS})\s+(?:like|such as|called|named|e\.g\.,?)\s+"
    r"|\b(?:install(?:ing)?|download(?:ing)?|clone|cloning)\s+(?:the\s+)?(?:tools?\s+)?",
    re.IGNORECASE,
)
_NAMES = re.compile(
    r"(?:`(?P<code>[A-Za-z][\w.-]{2,40})`|(?P<bare>[A-Z][A-Za-z0-9]*[a-z][A-Z][A-Za-z0-9]+))"
    r"(?:,\s*(?:and\s+|or\s+)?|\s+(?:and|or)\s+)?"
)
_COMMAND = re.compile(r"[a-z][a-z0-9_.-]+")
_TOPICS = ("azure", "aws", "gcp", "entra", "m365", "kubernetes")
_TOPIC_WORDS = {
    "kubernetes": r"kubernetes|k8s|container|pod",
    "entra": r"entra|azure ad",
    "m365": r"365|exchange|sharepoint",
}


def find(strategy: Strategy, desk: Desk) -> Iterator[Hit]:
    """Unknown names, each once."""
    seen: set[str] = set()
    for name, offset, passage in _introduced(strategy):
        if name.lower() not in seen and not _is_known(name) and "](" not in passage.text:
            seen.add(name.lower())
            line, column = passage.place(offset)
            yield Hit(message=_message(name), line=line, column=column, fix=_fix(name, passage.text))
    for command in commands(strategy):
        words = command.words
        if not command.in_shell or not words or not _COMMAND.fullmatch(words[0]) or words[0] in seen:
            continue
        if not _is_known(words[0]) and not words[0].endswith((".sh", ".py", ".ps1")):
            seen.add(words[0])
            line, column = command.place_of(words[0])
            fix = _fix(words[0], command.text)
            yield Hit(message=_message(words[0]), line=line, column=column, fix=fix, severity=Severity.WARNING)


def _introduced(strategy: Strategy) -> Iterator[tuple[str, int, Passage]]:
    for passage in passages(strategy):
        for lead in _INTRODUCED.finditer(passage.text):
            at = lead.end()
            while match := _NAMES.match(passage.text, at):
                group = "code" if match["code"] else "bare"
                yield match[group], match.start(group), passage
                at = match.end()


def _is_known(name: str) -> bool:
    packages = (
        manager for manager in ("pip", "npm", "apt", "brew", "psgallery") if name in tools.plain_packages(manager)
    )
    return tools.find(name) is not None or name.lower() in plain_commands() or any(packages)


def _message(name: str) -> str:
    return f"no tool '{name}' is known, and the text gives no link to it"


def _fix(name: str, around: str) -> str:
    near = tools.look_alike(name)
    if near:
        return f"Did you mean {near.name} ({near.home})?"
    topics = [topic for topic in _TOPICS if re.search(_TOPIC_WORDS.get(topic, topic), around, re.IGNORECASE)]
    known = ", ".join(tool.name for tool in tools.suggestions(topics or _TOPICS[:1]))
    return f"If it exists, link it and give a hash. Tools that do: {known}."


PLUGIN = Check(
    code="L-CMD-04",
    severity=Severity.ERROR,
    catches="tool that is not in the registry and comes without a link",
    example="## Validation\n\nUse tools like `CloudShellBurst` for automated enumeration of Azure resources.\n",
    find=find,
)
