"""L-CMD-02: a command without a parameter that it cannot do without."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from stratagem import facts
from stratagem.errors import Severity
from stratagem.strategy.checks._commands import commands
from stratagem.strategy.checks._contract import Check, Desk, Hit
from stratagem.strategy.model import Strategy


def find(strategy: Strategy, desk: Desk) -> Iterator[Hit]:
    """Commands of `facts/commands.yml` whose required options are not there."""
    for command in commands(strategy):
        words = command.words
        for entry in facts.load("commands")["requires"]:
            missing = _missing(words, command.in_shell, entry)
            if missing:
                message = f"'{entry['command']}' fails without {', '.join(missing)}"
                fix = f"Add {', '.join(missing)}. {entry.get('note', '')}".strip()
                yield Hit(message=message, line=command.line, column=command.column, fix=fix)


def _missing(words: tuple[str, ...], in_shell: bool, entry: dict[str, Any]) -> list[str]:
    asked = entry["command"].split()
    bare = [word for word in words if not word.startswith("-")]
    if bare[: len(asked)] != asked or (not in_shell and len(words) == 1):
        return []
    given = {word.split("=")[0] for word in words}
    if given & {"--cli-input-json", "--cli-input-yaml", "--generate-cli-skeleton", "help", "--help"}:
        return []
    return [option.split("|")[0] for option in entry["options"] if not given & set(option.split("|"))]


PLUGIN = Check(
    code="L-CMD-02",
    severity=Severity.ERROR,
    catches="required parameter missing",
    example="## Validation\n\nRun `aws service-quotas list-service-quotas`.\n",
    find=find,
)
