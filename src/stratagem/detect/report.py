"""The findings of a run, in order, as objects or as lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from stratagem.detect.compile import Plan
from stratagem.detect.maker import STRETCH, Maker
from stratagem.detect.model import Finding
from stratagem.detect.packed import Shelf
from stratagem.detect.spool import Spool
from stratagem.detect.stretches import Stretched
from stratagem.detect.tally import Hit, Sealed
from stratagem.events.finding_lines import line
from stratagem.sources._contract import Source
from stratagem.strategy.model import LEVELS


class Findings(Stretched):
    """The findings of a run, the worst level first, then by time and id: one for each rule and event.

    They are made when they are asked for, a stretch at a time, because a run over years of logs may have very many.
    """

    size = STRETCH

    def __init__(
        self,
        hits: Iterable[Hit],
        plan: Plan,
        sources: Mapping[str, Source],
        attack_version: str,
        *,
        detail: bool,
        shelf: Shelf | None = None,
    ) -> None:
        """`shelf` has the findings that are written already, and the texts of `hits` that wait on disk."""
        self._shelf = Shelf(Spool()) if shelf is None else shelf
        self._spool = self._shelf.spool
        self._detail = detail
        self._maker = Maker(plan, sources, attack_version, detail=detail)
        self._hits = self._judged_on_columns(self._maker.ready(hits))
        self._order = _order([_sealed(hit) for hit in self._hits], self._shelf.rows)

    def __len__(self) -> int:
        return len(self._order)

    def lines(self) -> Iterator[bytes]:
        """Every finding as one line of OCSF JSON, in order, without line ends."""
        for start in range(0, len(self), STRETCH):
            hits, packed = self._stretch(start)
            found = dict(zip(packed, self._shelf.lines(self._order[packed] - len(self._hits)), strict=True))
            made = iter(self._findings([hit for hit in hits.values() if not _sealed(hit).line]))
            for place, hit in hits.items():
                found[place] = self._spool.text(_sealed(hit).line) or line(next(made))
            yield from (found[place] for place in range(start, start + len(found)))

    def orders(self) -> Iterator[tuple[int, float, str]]:
        """What each finding is ordered by."""
        loose, rows = len(self._hits), self._shelf.rows
        for place in self._order.tolist():
            if place < loose:
                sealed = _sealed(self._hits[place])
                yield sealed.rank, sealed.time, sealed.uid
            else:
                row = rows[place - loose]
                yield int(row["rank"]), float(row["time"]), row["uid"].tobytes().hex()

    def counts(self) -> tuple[Counter[str], Counter[str]]:
        """How many findings each analytic, and each level, has."""
        kinds = Counter((hit.rule, _sealed(hit).rank) for hit in self._hits)
        kinds.update(zip(self._shelf.rows["rule"].tolist(), self._shelf.rows["rank"].tolist(), strict=True))
        analytics: Counter[str] = Counter()
        levels: Counter[str] = Counter()
        for (rule, rank), count in kinds.items():
            analytics[self._maker.prototype(rule).analytic_uid] += count
            levels[LEVELS[-rank]] += count
        return analytics, levels

    def _stretch(self, start: int) -> tuple[dict[int, Hit], list[int]]:
        """The hits in a stretch by place, and the places of packed findings in it."""
        order = self._order[start : start + STRETCH]
        loose = order < len(self._hits)
        hits = {start + at: self._hits[order[at]] for at in np.flatnonzero(loose).tolist()}
        return hits, (start + np.flatnonzero(~loose)).tolist()

    def _made(self, start: int) -> list[Finding]:
        """The findings of the stretch that begins at this place."""
        hits, packed = self._stretch(start)
        hits.update(zip(packed, self._shelf.hits(self._order[packed] - len(self._hits)), strict=True))
        return self._findings([hits[place] for place in sorted(hits)])

    def _findings(self, hits: Sequence[Hit]) -> list[Finding]:
        """Findings of some hits, normalised together; those that have a line are read back from it."""
        hits = [hit._replace(raw=self._spool.text(hit.raw)) for hit in hits]
        with_columns = {place: hit for place, hit in enumerate(hits) if hit.raw and self._shows(hit)}
        columns = self._maker.columns(with_columns)
        return [self._finding_of(hit, columns.get(place, {})) for place, hit in enumerate(hits)]

    def _finding_of(self, hit: Hit, columns: Mapping[str, Any]) -> Finding:
        text = self._spool.text(_sealed(hit).line)
        if text and not self._maker.is_plain(hit):
            return self._maker.told(hit, text)
        return self._maker.finding(hit, columns)

    def _shows(self, hit: Hit) -> bool:
        return self._detail or not self._maker.is_plain(hit)

    def _judged_on_columns(self, hits: Iterable[Hit]) -> list[Hit]:
        """Hits with their rank; for some it depends on the columns (`Maker.ready`), which are made here."""
        every = list(hits)
        late = {
            place: hit._replace(raw=self._spool.text(hit.raw)) for place, hit in enumerate(every) if hit.sealed is None
        }
        for place, columns in self._maker.columns(late).items():
            every[place] = self._maker.judged(late[place], columns)._replace(raw=every[place].raw)
        return every


def _sealed(hit: Hit) -> Sealed:
    assert hit.sealed is not None
    return hit.sealed


def _order(sealed: Sequence[Sealed], packed: Any) -> Any:
    """Places of hits, and behind them of packed findings, in the order of findings."""
    ranks, times, uids, _ = zip(*sealed, strict=True) if sealed else ((), (), (), ())
    loose = np.empty(len(sealed), dtype=packed.dtype)
    loose["rank"], loose["time"] = ranks, times
    loose["uid"] = np.frombuffer(bytes.fromhex("".join(uids)), dtype=">u8").reshape(-1, 2)
    rank, time, big_endian = (np.concatenate((loose[name], packed[name])) for name in ("rank", "time", "uid"))
    uid = big_endian.astype(np.uint64)  # the machine's own order of bytes sorts many times faster
    # The last key counts most.
    return np.lexsort((uid[:, 1], uid[:, 0], time, rank))
