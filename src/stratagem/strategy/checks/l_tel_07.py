"""L-TEL-07: an emulation whose commands leave no event in any log that we know."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from stratagem import facts
from stratagem.errors import Severity
from stratagem.strategy.checks._commands import Command, commands
from stratagem.strategy.checks._contract import Check, Desk, Hit
from stratagem.strategy.model import Strategy


def find(strategy: Strategy, desk: Desk) -> Iterator[Hit]:
    """Commands of `facts/commands.yml` under Validation."""
    for command in commands(strategy):
        if command.section != "Validation":
            continue
        for entry in facts.load("commands")["leaves_no_event"]:
            if _is(command, entry):
                message = f"'{entry['command']}' leaves no event: it is {entry['because']}"
                fix = "Validate with a command that the strategy's source records."
                yield Hit(message=message, line=command.line, column=command.column, fix=fix)


def _is(command: Command, entry: dict[str, Any]) -> bool:
    asked: list[str] = entry["command"].split()
    return list(command.words[: len(asked)]) == asked


PLUGIN = Check(
    code="L-TEL-07",
    severity=Severity.WARNING,
    catches="declared emulation leaves no event in any known source",
    example="## Validation\n\nRun `az group list` as the test user.\n",
    find=find,
)
