"""L-ADS-03: a strategy without an executable rule."""

from __future__ import annotations

from collections.abc import Iterator

from stratagem.errors import Severity
from stratagem.strategy.checks._contract import Check, Desk, Hit
from stratagem.strategy.checks._page import section_place
from stratagem.strategy.model import Strategy

RULE_KINDS = ("sigma", "correlation", "baseline")


def has_rule(strategy: Strategy) -> bool:
    """True where the document holds a rule, whether or not it loads."""
    return bool(strategy.rules or strategy.rejected) or any(block.kind in RULE_KINDS for block in strategy.blocks)


def find(strategy: Strategy, desk: Desk) -> Iterator[Hit]:
    """At most one hit, on the Strategy Abstract."""
    if not has_rule(strategy):
        line, column = section_place(strategy, "Strategy Abstract")
        fix = "Add a ```yaml sigma block under Strategy Abstract; prose alone detects nothing."
        yield Hit(message="the strategy has no executable rule", line=line, column=column, fix=fix)


PLUGIN = Check(
    code="L-ADS-03",
    severity=Severity.ERROR,
    catches="no executable rule in the strategy",
    example="## Strategy Abstract\n\nLook at the audit log for privileged pods.\n",
    find=find,
)
