"""The reference estate: a month of an ordinary company, in the shapes in which logs arrive. It is the noise bench.

The same seed writes the same bytes. Days are made and written one at a time, so memory does not grow with them.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from stratagem.emulate._delivery import deliver
from stratagem.emulate._record import Teller, Told
from stratagem.emulate.estate.attacks import Placed, place, write_truth
from stratagem.emulate.estate.calendar import FIRST, Day
from stratagem.emulate.estate.cast import Cast, cast
from stratagem.emulate.estate.life import LIVES

DAYS = 28


@dataclass(frozen=True, slots=True, kw_only=True)
class Estate:
    """What was written."""

    folder: Path
    days: int
    events: int
    """Different events; some are delivered twice."""
    attacks: tuple[Placed, ...] = ()
    truth: Path | None = None
    """The file that says where the attacks are."""


def write_estate(
    folder: Path,
    *,
    seed: int = 1,
    days: int = DAYS,
    people: int = 2000,
    nodes: int = 200,
    lives: Sequence[str] | None = None,
    attacks: Sequence[str] = (),
) -> Estate:
    """Write the logs of `days` days below `folder`, from Monday 2026-02-02 on: benign, but for `attacks`.

    Three clusters, ten AWS accounts, an Entra tenant, a Google organisation; `people` and `nodes` scale it. `lives` are
    the parts of its life to write (all of them). The layout is that of `write_story`. `attacks` are techniques, each
    placed once after two quiet weeks; a file beside the folder says where. Raises UsageError for an unknown one.
    """
    who = cast(seed, people=people, nodes=nodes)
    placed = place(who, days, attacks)
    before = _by_day(record for one in placed for record in one.before())
    written = 0
    for number in range(days):
        told = list(one_day(who, Day(number=number), lives))
        today = [one for one in placed if (one.at - FIRST).days == number]
        told += [record for one in today for record in one.told()] + before.get(number, [])
        deliver(folder, told, Teller(hash_seed(seed, "delivery", number), FIRST))
        written += len(told)
    truth = write_truth(folder, placed) if placed else None
    return Estate(folder=folder, days=days, events=written, attacks=placed, truth=truth)


def _by_day(told: Iterable[Told]) -> dict[int, list[Told]]:
    found: dict[int, list[Told]] = defaultdict(list)
    for one in told:
        found[(one.time - FIRST).days].append(one)
    return found


def one_day(who: Cast, day: Day, lives: Sequence[str] | None = None) -> Iterator[Told]:
    """The records of one day, in no order."""
    for name in lives or LIVES.ids:
        chance = random.Random(f"{who.seed}/{name}/{day.number}")
        teller = Teller(hash_seed(who.seed, name, day.number), day.start)
        yield from LIVES[name].day(who, day, teller, chance)


def hash_seed(*parts: object) -> int:
    """A seed for a part of the estate that does not depend on the other parts."""
    return random.Random("/".join(map(str, parts))).getrandbits(48)
