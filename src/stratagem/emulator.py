"""Emulation as a user asks for it: which techniques there are, detonate one, verify its finding, clean up."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from stratagem.detect.model import Finding
from stratagem.emulate.detonate import journal, live, offline
from stratagem.emulate.detonate.journal import DETONATED, Journal
from stratagem.emulate.detonate.sandboxes import SANDBOXES
from stratagem.emulate.detonate.verify import Seen, Verified, of_findings, of_lines, verify
from stratagem.emulate.techniques import TECHNIQUES
from stratagem.emulate.techniques._contract import Expected, Technique
from stratagem.errors import UsageError
from stratagem.strategy.model import Strategy

WAITING = timedelta(seconds=30)
"""How long verifying waits before it looks again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """Where to look for findings, and of when. `start` is the detonation: what was before teaches."""

    strategies: Sequence[str]
    paths: Sequence[str | Path]
    lake: str | None
    start: datetime
    end: datetime
    identities: Mapping[str, Sequence[str]]


Look = Callable[[Looked], Iterable[Finding]]
"""What gives the findings of strategies in logs or in a lake."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Emulator:
    """Techniques, and the runs below `home`. `labs` are the targets that may be touched, by setting."""

    home: Path
    labs: Mapping[str, Sequence[str]]
    strategies: Callable[[], Sequence[Strategy]]
    look: Look

    def techniques(self) -> tuple[tuple[str, Technique], ...]:
        """Every technique by name."""
        return tuple(TECHNIQUES.items())

    def without(self) -> tuple[Strategy, ...]:
        """The strategies that no technique emulates, neither by its own word nor by the strategy's."""
        told = {one.strategy for _, technique in self.techniques() for one in technique.expected}
        return tuple(
            one
            for one in self.strategies()
            if one.id not in told and not any(scenario.emulate in TECHNIQUES for scenario in one.scenarios)
        )

    def begin(
        self,
        technique: str,
        *,
        is_live: bool = False,
        at: datetime | None = None,
        seed: int = 1,
        given: Mapping[str, str] | None = None,
    ) -> Journal:
        """A new run. Offline the attack happens `at` (now); live it happens when it is detonated.

        Raises UsageError, for a live run also where the target is not an allowed lab.
        """
        if not is_live:
            if given:
                raise UsageError("values (--set) are for live runs. Add --live, or leave them out.")
            moment = at or datetime.now(UTC).replace(microsecond=0)
            return offline.begin(self.home, technique, at=moment, seed=seed)
        if at is not None:
            raise UsageError("a live detonation happens now: leave out --at.")
        return live.begin(self.home, technique, self._allowed(TECHNIQUES[technique]), given or {})

    def run(self, run: str) -> Journal:
        """A run by its id. Raises UsageError."""
        return journal.find(self.home, run)

    def runs(self) -> list[Journal]:
        """Every run, the oldest first."""
        return journal.runs(self.home)

    def warmup(self, run: Journal) -> None:
        """Make what the attack needs: objects in a lab, or the history that baselines learn from."""
        if self._is_live(run):
            live.warmup(run, self._allowed(_technique(run)))
        else:
            offline.warmup(run)

    def detonate(self, run: Journal) -> None:
        """Do it; a cold run is warmed up first."""
        if self._is_live(run):
            live.detonate(run, self._allowed(_technique(run)))
        else:
            offline.detonate(run)

    def revert(self, run: Journal) -> tuple[str, ...]:
        """Undo the detonation, keep what it needed; what was removed."""
        return live.revert(run, self._allowed(_technique(run))) if self._is_live(run) else offline.revert(run)

    def cleanup(self, run: Journal) -> tuple[str, ...]:
        """Remove everything that the run's record says it made; what was removed."""
        return live.cleanup(run, self._allowed(_technique(run))) if self._is_live(run) else offline.cleanup(run)

    def verify(
        self,
        run: Journal,
        *,
        lake: str | None = None,
        paths: Sequence[str | Path] = (),
        findings: Path | None = None,
        timeout: timedelta = timedelta(0),
        every: timedelta = WAITING,
        sleep: Callable[[float], None] = time.sleep,
    ) -> tuple[Verified, ...]:
        """Each expected finding, and whether it is there; of a technique that nothing can see, none.

        An offline run's own logs are looked at unless a place is given. A live run's finding must hold its marker;
        it is waited for until `timeout`. Raises UsageError where it was never detonated, or there is nowhere to look.
        """
        start, technique = run.times(DETONATED), _technique(run)
        if start is None:
            raise UsageError(f"run {run.run} was never detonated: stratagem emulate detonate --run {run.run}")
        if self._is_live(run) and not (lake or paths or findings):
            raise UsageError("where are the findings? Give --lake, --findings or the logs.")
        # A part of a second before: provider's times are cut to whole seconds.
        start = start.replace(microsecond=0)
        ends = time.monotonic() + timeout.total_seconds()
        while True:
            seen = self._seen(run, technique, start, lake, paths, findings)
            marker = run.run if self._is_live(run) else ""
            found = verify(technique.expected, seen, after=start, before=None, marker=marker)
            if all(one.passed for one in found) or time.monotonic() >= ends:
                break
            sleep(max(0.0, min(every.total_seconds(), ends - time.monotonic())))
        run.append(
            "verified",
            passed=[one.passed for one in found],
            findings=[one.finding and one.finding.uid for one in found],
        )
        return found

    def _seen(
        self,
        run: Journal,
        technique: Technique,
        start: datetime,
        lake: str | None,
        paths: Sequence[str | Path],
        findings: Path | None,
    ) -> list[Seen]:
        if findings is not None:
            try:
                return list(of_lines(findings.read_text(encoding="utf-8").splitlines()))
            except (OSError, ValueError, KeyError) as error:
                raise UsageError(f"{findings} is no file of findings as NDJSON: {error!r}") from error
        own = [run.folder / "logs"] if not lake and not paths else []
        last = start + timedelta(days=1) if not self._is_live(run) else datetime.now(UTC)
        looked = Looked(
            strategies=[one.strategy for one in technique.expected],
            paths=[*paths, *own],
            lake=lake,
            start=start,
            end=last,
            identities=technique.identities,
        )
        return list(of_findings(self.look(looked)))

    def _is_live(self, run: Journal) -> bool:
        return bool(run.head["kind"] == "live")

    def _allowed(self, technique: Technique) -> Sequence[str]:
        if technique.live is None:
            return ()
        return self.labs.get(SANDBOXES[technique.live.sandbox].setting, ())


def _technique(run: Journal) -> Technique:
    return TECHNIQUES[run.head["technique"]]


def words(one: Expected) -> str:
    """A finding that is expected, for people."""
    rule = f"#{one.rule}" if one.rule else ""
    return f"{one.strategy}{rule}" + (f" about {one.entity}" if one.entity else "")
