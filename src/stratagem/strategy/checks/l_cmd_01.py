"""L-CMD-01: a command line of a tool that has none by that name."""

from __future__ import annotations

from collections.abc import Iterator

from stratagem.errors import Severity
from stratagem.facts import tools
from stratagem.strategy.checks._commands import commands, plain_commands
from stratagem.strategy.checks._contract import Check, Desk, Hit
from stratagem.strategy.model import Strategy


def find(strategy: Strategy, desk: Desk) -> Iterator[Hit]:
    """Lines such as `microburst enumerate azuread`: the tool exists, its command line does not."""
    for command in commands(strategy):
        words = command.words
        if len(words) < 2 or words[0] in plain_commands() or "/" in words[0]:
            continue
        tool = tools.find(words[0])
        if tool is None or words[0] in tool.commands or words[0] in tool.names[len(tool.aliases) + 1 :]:
            continue
        if words[0] != words[0].lower() or any(words[0] == alias for alias in tool.aliases):
            continue
        message = f"{tool.name} has no command '{words[0]}': it is {tool.about}"
        typed = ", ".join(tool.commands or tool.functions)
        fix = f"{tool.how}. Then use {typed}." if typed else f"{tool.how}."
        line, column = command.place_of(words[0])
        yield Hit(message=message, line=line, column=column, fix=fix)


PLUGIN = Check(
    code="L-CMD-01",
    severity=Severity.ERROR,
    catches="command line of a tool that has none by that name",
    example="## Validation\n\nRun `microburst enumerate azuread --dump`.\n",
    find=find,
)
