"""L-ADS-02: sections out of the framework's order, or headings that are no sections of it."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from stratagem.errors import Severity
from stratagem.strategy.checks._contract import Check, Desk, Hit
from stratagem.strategy.model import OPTIONAL_SECTIONS, SECTIONS, Strategy

_ORDER = (*SECTIONS, *OPTIONAL_SECTIONS)


def find(strategy: Strategy, desk: Desk) -> Iterator[Hit]:
    """Sections that stand after one which belongs behind them; unknown headings."""
    furthest = ""
    for section in sorted(strategy.sections.values(), key=lambda section: section.line):
        if section.title not in _ORDER:
            continue
        if furthest and _ORDER.index(section.title) < _ORDER.index(furthest):
            fix = f"Move '{section.title}' before '{furthest}'. The order is: {', '.join(_ORDER)}."
            message = f"section '{section.title}' stands after '{furthest}'"
            yield Hit(message=message, line=section.line, column=1, fix=fix)
        else:
            furthest = section.title
    for section in strategy.unknown_sections:
        near = difflib.get_close_matches(section.title, _ORDER, n=1)
        fix = f"Did you mean '{near[0]}'?" if near else "Make it a level-3 heading of the section that it belongs to."
        yield Hit(message=f"'{section.title}' is no ADS section", line=section.line, column=1, fix=fix)


PLUGIN = Check(
    code="L-ADS-02",
    severity=Severity.WARNING,
    catches="ADS sections out of order, or an unknown heading",
    example="## Priority\n\nHigh when the pod is privileged.\n\n## Validation\n\nRun a privileged pod.\n",
    find=find,
)
