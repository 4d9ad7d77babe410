"""The reference page of the packaged strategies, made from their documents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from stratagem.strategy.model import Strategy

HEAD = """# Packaged strategies

<!-- Made from strategies/ by tests/end_to_end/test_packaged_strategies.py: run it with STRATAGEM_WRITE_GOLDEN=1. -->

What `stratagem run` reports without further settings.
The documents themselves are in [strategies](../../strategies/).
The shared response families are in [playbooks](../../playbooks/).
"""


def strategies_page(strategies: Iterable[Strategy]) -> str:
    """One table for each area: what is reported, from which sources, at which levels, and what gets past."""
    areas: dict[str, list[Strategy]] = {}
    for strategy in strategies:
        areas.setdefault(strategy.area, []).append(strategy)
    return "\n".join([HEAD, *(line for area in sorted(areas) for line in _area(area, areas[area]))])


def _area(area: str, strategies: Iterable[Strategy]) -> Iterator[str]:
    yield f"## {area}"
    yield ""
    yield "| strategy | reports | ATT&CK | sources | status | levels | known evasions |"
    yield "|---|---|---|---|---|---|---|"
    for one in sorted(strategies, key=lambda one: one.id):
        levels = dict.fromkeys(level.level for level in one.priority.levels) if one.priority else {}
        missed = "; ".join(scenario.name for scenario in one.scenarios if scenario.expect == "missed")
        yield (
            f"| [{one.id}](../../strategies/{area}/{one.id}.md) | {one.title} | {', '.join(one.attack)} "
            f"| {', '.join(each.source for each in one.telemetry)} | {one.status} | {', '.join(levels)} | {missed} |"
        )
    yield ""
