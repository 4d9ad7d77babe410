"""Coverage as a layer for the ATT&CK Navigator.

Source: https://github.com/mitre-attack/attack-navigator/blob/master/layers/LAYERFORMATv4_5.md, read 2026-11-24.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from stratagem.coverage.model import Cell, Coverage, State

LAYER, NAVIGATOR = "4.5", "5.1.0"
SCORES = {State.EARNED: 100, State.PARTLY: 50, State.CLAIMED: 0}
COLOURS = {State.EARNED: "#2f8f5b", State.PARTLY: "#f0b44c", State.CLAIMED: "#d9dde3"}
_SAYS = {
    State.EARNED: "earned in every platform and source that is claimed",
    State.PARTLY: "earned in some, or in part",
    State.CLAIMED: "claimed and not earned",
}


def layer(found: Coverage) -> str:
    """The layer as JSON text: a score for each technique, and a comment that names strategies and reasons."""
    return json.dumps(_layer(found), indent=1, ensure_ascii=False) + "\n"


def score(cells: Sequence[Cell]) -> State:
    """A technique's state over all its cells: the navigator has one square for them."""
    states = {cell.state for cell in cells}
    return states.pop() if len(states) == 1 else State.PARTLY


def _layer(found: Coverage) -> dict[str, Any]:
    return {
        "name": "stratagem coverage",
        # The navigator knows versions of ATT&CK by their first number.
        "versions": {"attack": found.attack_version.partition(".")[0], "navigator": NAVIGATOR, "layer": LAYER},
        "domain": "enterprise-attack",
        "description": described(found),
        "sorting": 3,
        "techniques": [
            *(_technique(name, cells, found.techniques) for name, cells in found.techniques.items()),
            *_unfolded(found),
        ],
        "gradient": {"colors": [COLOURS[state] for state in reversed(State)], "minValue": 0, "maxValue": 100},
        "legendItems": [{"label": _SAYS[state], "color": COLOURS[state]} for state in State],
        "metadata": [{"name": "ATT&CK", "value": found.attack_version}],
    }


def described(found: Coverage) -> str:
    """One line: what was judged, and when."""
    fed = f"sources as in {found.lake}" if found.lake else "sources not looked at"
    then = f" as of {found.as_of:%Y-%m-%d %H:%M} UTC" if found.as_of else ""
    what = f"commit {found.commit.commit[:12]} of {found.commit.time:%Y-%m-%d}; " if found.commit else ""
    return f"{what}scenarios run {found.proven:%Y-%m-%d %H:%M} UTC; {fed}{then}"


def _technique(name: str, cells: Sequence[Cell], known: Collection[str]) -> dict[str, Any]:
    strategies = dict.fromkeys(strategy for cell in cells for strategy in cell.strategies)
    return {
        "techniqueID": name,
        "score": SCORES[score(cells)],
        "comment": "\n".join(_lines(cells)),
        "enabled": True,
        "metadata": [{"name": "strategies", "value": ", ".join(strategies)}, *_measured(cells)],
        "showSubtechniques": any(other.startswith(f"{name}.") for other in known),
    }


def _measured(cells: Sequence[Cell]) -> Iterator[dict[str, str]]:
    """Of the technique's strategies: the share of changed conditions that are noticed, and of evasions caught."""
    claims = {one.strategy: one.scores for cell in cells for one in cell.claims}
    for name in ("mutation", "evasion"):
        found = {strategy: getattr(one, name) for strategy, one in claims.items() if getattr(one, name) is not None}
        if found:
            listed = ", ".join(f"{strategy} {share:.0%}" for strategy, share in found.items())
            yield {"name": name, "value": listed}


def _unfolded(found: Coverage) -> Iterator[dict[str, Any]]:
    """Parents without a claim of their own, opened, or the navigator hides what is below them."""
    parents = {cell.technique.parent for cell in found.cells if cell.technique.parent}
    yield from ({"techniqueID": name, "showSubtechniques": True} for name in sorted(parents - set(found.techniques)))


def _lines(cells: Sequence[Cell]) -> list[str]:
    said = []
    for cell in cells:
        where = f"{cell.platform or 'no platform'} from {cell.source}"
        said.append(f"{cell.state}: {where}: {', '.join(cell.strategies)}")
        said += [f"  {reason}" for reason in cell.why]
        said += [f"  {one.strategy}: {one.scores}" for one in cell.claims if str(one.scores)]
    return said
