"""What `test --mutate` and `test --evade` show."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from stratagem.cli.render._contract import Listing, Screen
from stratagem.cli.safe import printable

if TYPE_CHECKING:
    from stratagem.evasion import Attempt
    from stratagem.mutation.model import Mutation, Outcome


def mutants(found: Sequence[Mutation]) -> Listing:
    """A row a mutant; for people the score of each part, and the survivors with their place."""
    rows = [_mutant(one, outcome) for one in found for outcome in one.outcomes]

    def lines(screen: Screen) -> Iterator[str]:
        for one in found:
            yield f"{one.strategy}: {one.skipped or _share(one.outcomes)}\n"
            for part, outcomes in one.by_part().items():
                yield f"  {printable(part)}: {_share(outcomes)}\n"
                for outcome in outcomes:
                    if not outcome.killed:
                        yield f"    {one.file}:{outcome.mutant.line}: survives: {printable(outcome.mutant.change)}\n"

    summary: dict[str, Any] = {
        "mutants": len(rows),
        "killed": sum(row["killed"] for row in rows),
        "score": share(found),
        "strategies": {
            one.strategy: {
                "score": one.score,
                "skipped": one.skipped or None,
                "parts": {part: [sum(each.killed for each in some), len(some)] for part, some in one.by_part().items()},
            }
            for one in found
        },
    }
    columns = ("killed", "strategy", "part", "kind", "change", "killed_by", "file", "line")
    return Listing(name="mutants", columns=columns, rows=rows, summary=summary, lines=lines)


def _mutant(one: Mutation, outcome: Outcome) -> dict[str, Any]:
    mutant = outcome.mutant
    return {
        "killed": outcome.killed,
        "strategy": one.strategy,
        "part": mutant.part,
        "kind": mutant.kind,
        "change": mutant.change,
        "killed_by": outcome.killed_by,
        "message": f"{mutant.part}: no scenario notices: {mutant.change}",
        "file": one.file,
        "line": mutant.line,
    }


def share(found: Sequence[Mutation]) -> float | None:
    """Of all mutants, those that a scenario noticed."""
    from stratagem.mutation.model import score

    return score([outcome for one in found for outcome in one.outcomes])


def _share(outcomes: Sequence[Outcome]) -> str:
    killed = sum(one.killed for one in outcomes)
    return f"{killed} of {len(outcomes)} changes are noticed" if outcomes else "nothing to change"


def progress(one: Mutation) -> str:
    """A line for each strategy that is done."""
    return f"{one.strategy}: {one.skipped or _share(one.outcomes)}"


def mutant_count(found: Sequence[Mutation]) -> str:
    """`1,200 changes of conditions: 900 noticed (75 %), 300 survive`."""
    outcomes = [outcome for one in found for outcome in one.outcomes]
    killed = sum(one.killed for one in outcomes)
    part = f" ({killed / len(outcomes):.0%})" if outcomes else ""
    return f"{len(outcomes):,} changes of conditions: {killed:,} noticed{part}, {len(outcomes) - killed:,} survive"


def evasions(found: Sequence[Attempt]) -> Listing:
    """A row an attempt; for people one line a strategy, and what was missed."""
    rows = [
        {
            "caught": one.caught,
            "strategy": one.strategy,
            "scenario": one.scenario,
            "way": one.way,
            "changed": list(one.changed),
            "file": one.file,
            "line": one.line,
        }
        for one in found
    ]

    def lines(screen: Screen) -> Iterator[str]:
        from stratagem.evasion import rates

        for strategy, attempts in groupby(found, key=lambda one: one.strategy):
            some = list(attempts)
            told = ", ".join(f"{way} {caught}/{tried}" for way, (caught, tried) in rates(some).items())
            yield f"{strategy}: {told}\n"
            for one in some:
                if not one.caught:
                    said = f"{one.way}: {one.scenario} ({', '.join(one.changed)})"
                    yield f"    {one.file}:{one.line}: missed: {printable(said)}\n"

    from stratagem.evasion import rates

    summary = {way: {"caught": caught, "tried": tried} for way, (caught, tried) in rates(found).items()}
    columns = ("caught", "strategy", "scenario", "way", "changed", "file", "line")
    return Listing(name="evasions", columns=columns, rows=rows, summary=summary, lines=lines)


def evasion_count(found: Sequence[Attempt]) -> str:
    """`160 evasions: 120 caught, 40 missed`, by way."""
    from stratagem.evasion import rates

    caught = sum(one.caught for one in found)
    by_way = ", ".join(f"{way} {good} of {tried}" for way, (good, tried) in rates(found).items())
    return f"{len(found)} evasions: {caught} caught, {len(found) - caught} missed" + (f" ({by_way})" if by_way else "")
