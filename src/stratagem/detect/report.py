"""The findings of a run, in order, as objects or as lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, overload

from stratagem.detect.compile import Plan
from stratagem.detect.maker import STRETCH, Maker
from stratagem.detect.model import Finding
from stratagem.detect.spool import Spool
from stratagem.detect.tally import Hit, Sealed
from stratagem.events.finding_lines import line
from stratagem.sources._contract import Source
from stratagem.strategy.model import LEVELS


class Findings(Sequence[Finding]):
    """The findings of a run, the worst level first, then by time and id: one for each rule and event.

    They are made when they are asked for, a stretch at a time, because a run over years of logs may have very many.
    """

    def __init__(
        self,
        hits: Iterable[Hit],
        plan: Plan,
        sources: Mapping[str, Source],
        attack_version: str,
        *,
        detail: bool,
        spool: Spool | None = None,
    ) -> None:
        self._spool = spool or Spool()
        self._detail = detail
        self._maker = Maker(plan, sources, attack_version, detail=detail)
        ready = self._judged_on_columns(self._maker.ready(hits))
        self._hits = sorted(ready, key=_order)
        self._kept: tuple[int, list[Finding]] = (-1, [])

    def __len__(self) -> int:
        return len(self._hits)

    @overload
    def __getitem__(self, index: int) -> Finding: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Finding]: ...
    def __getitem__(self, index: int | slice) -> Finding | Sequence[Finding]:
        places = range(len(self._hits))[index]
        return self._finding(places) if isinstance(places, int) else [self._finding(place) for place in places]

    def __iter__(self) -> Iterator[Finding]:
        for start in range(0, len(self._hits), STRETCH):
            yield from self._made(self._hits[start : start + STRETCH])

    def lines(self) -> Iterator[bytes]:
        """Every finding as one line of OCSF JSON, in order, without line ends."""
        for start in range(0, len(self._hits), STRETCH):
            some = self._hits[start : start + STRETCH]
            made = iter(self._made([hit for hit in some if not _sealed(hit).line]))
            for hit in some:
                yield self._spool.text(_sealed(hit).line) or line(next(made))

    def counts(self) -> tuple[Counter[str], Counter[str]]:
        """How many findings each analytic, and each level, has."""
        analytics: Counter[str] = Counter()
        levels: Counter[str] = Counter()
        for (rule, rank), count in Counter((hit.rule, _sealed(hit).rank) for hit in self._hits).items():
            analytics[self._maker.prototype(rule).analytic_uid] += count
            levels[LEVELS[-rank]] += count
        return analytics, levels

    def _finding(self, place: int) -> Finding:
        stretch = place // STRETCH
        if self._kept[0] != stretch:
            start = stretch * STRETCH
            self._kept = (stretch, self._made(self._hits[start : start + STRETCH]))
        return self._kept[1][place % STRETCH]

    def _made(self, hits: Sequence[Hit]) -> list[Finding]:
        """Findings of a stretch of hits, normalised together; those that have a line are read back from it."""
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
        """Hits with their rank; of rules on columns it depends on the columns, which are made here."""
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


def _order(hit: Hit) -> tuple[int, float, str]:
    sealed = _sealed(hit)
    return sealed.rank, sealed.time, sealed.uid
