"""`stratagem coverage`: what is claimed, and what of it is proven and fed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from stratagem.cli import output, times
from stratagem.cli.options import FormatName, LakeUri, Output, Quiet, Strategies
from stratagem.cli.render._contract import Listing, Screen
from stratagem.cli.safe import printable
from stratagem.cli.session import begin

if TYPE_CHECKING:
    from stratagem.coverage.model import Cell, Coverage

_MARKS = {"earned": "+", "partly": "~", "claimed": "-"}


def coverage(
    ctx: typer.Context,
    strategies: Strategies = None,
    lake: LakeUri = None,
    as_of: Annotated[
        str | None,
        typer.Option(
            "--as-of", metavar="T", help="What was live then, by the workspace's git history, and fed by the lake then."
        ),
    ] = None,
    navigator: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write a layer for the ATT&CK Navigator (JSON, format 4.5).")
    ] = None,
    svg: Annotated[Path | None, typer.Option(metavar="FILE", help="Write a picture (SVG).")] = None,
    format_name: FormatName = None,
    file: Output = None,
    quiet: Quiet = False,
) -> None:
    """Show which techniques are detected, on which platform, from which source, and what of that is earned.

    A cell is earned where the strategy's scenarios pass and, with --lake, where its source is alive.
    What is claimed and not earned is listed with the reason.
    """
    session = begin(ctx, strategies=strategies, lake=lake, format=format_name, quiet=quiet)
    moment = times.parse(as_of, option="--as-of", now=datetime.now(UTC)) if as_of else None
    workspace = session.workspace()
    found = workspace.coverage(strategies=session.settings.strategies, lake=session.settings.lake, as_of=moment)
    if navigator is not None:
        from stratagem.coverage.navigator import layer

        output.write([layer(found)], navigator)
    if svg is not None:
        output.write([workspace.coverage_picture(found)], svg)
    session.show(listing(found), file)
    for strategy, reason in found.unplaced:
        session.note(f"not in any cell: {strategy}: {reason}")
    session.note(_words(found))


def listing(found: Coverage) -> Listing:
    """A row a cell; on a terminal by technique, with why a cell is not earned."""
    rows = [_row(cell, found) for cell in found.cells]

    def lines(screen: Screen) -> Iterator[str]:
        for technique, cells in groupby(found.cells, key=lambda cell: cell.technique):
            yield f"{printable(technique)}\n"
            for cell in cells:
                where = f"{cell.platform or '?'} from {cell.source}"
                yield f"  {_MARKS[cell.state]} {cell.state:<9}{printable(where):<42}{', '.join(cell.strategies)}\n"
                yield from (f"      {printable(reason)}\n" for reason in cell.why)
        yield from _measured(found)

    summary: dict[str, Any] = {
        "attack_version": found.attack_version,
        "as_of": found.as_of,
        "lake": found.lake,
        "proven_at": found.proven,
        "commit": found.commit.commit if found.commit else None,
        "commit_time": found.commit.time if found.commit else None,
        "unplaced": [{"strategy": strategy, "reason": reason} for strategy, reason in found.unplaced],
    }
    columns = ("technique", "name", "platform", "source", "state", "strategies", "why")
    return Listing(name="coverage", columns=columns, rows=rows, summary=summary, lines=lines)


def _measured(found: Coverage) -> Iterator[str]:
    """How good the proofs are, strategy by strategy, where that was measured."""
    claims = {one.strategy: one.scores for cell in found.cells for one in cell.claims}
    measured = {strategy: str(one) for strategy, one in sorted(claims.items()) if str(one)}
    if measured:
        yield "\nProof, as `stratagem test --mutate` and `--evade` measured it:\n"
        yield from (f"  {strategy:<44}{printable(said)}\n" for strategy, said in measured.items())


def _row(cell: Cell, found: Coverage) -> dict[str, Any]:
    return {
        "technique": cell.technique.id,
        "name": cell.technique.full_name,
        "tactics": list(cell.technique.tactics),
        "platform": cell.platform,
        "source": cell.source,
        "state": cell.state.value,
        "strategies": list(cell.strategies),
        "why": list(cell.why),
        "claims": [
            {
                "strategy": one.strategy,
                "status": one.status,
                "state": one.state.value,
                "reasons": list(one.reasons),
                "since": one.since,
                "mutation": one.scores.mutation,
                "evasion": one.scores.evasion,
                "commit": found.changed[one.strategy].commit if one.strategy in found.changed else None,
                "changed": found.changed[one.strategy].time if one.strategy in found.changed else None,
            }
            for one in cell.claims
        ],
    }


def _words(found: Coverage) -> str:
    from stratagem.coverage.model import State
    from stratagem.coverage.navigator import described

    counts = ", ".join(f"{found.count(state)} {state}" for state in State)
    return f"{len(found.techniques)} techniques, {len(found.cells)} cells: {counts}. {described(found)}."
