"""One run from files to findings: scan, settle copies, report, and the account of every record."""

from __future__ import annotations

import os
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import numpy as np

from stratagem.detect.compile import Plan
from stratagem.detect.dropper import reason
from stratagem.detect.ledger import Hashes, Ledger
from stratagem.detect.model import Finding
from stratagem.detect.packed import Shelf
from stratagem.detect.report import Findings
from stratagem.detect.spool import Spool
from stratagem.detect.survivors import doubtful, standing
from stratagem.detect.tally import Copy, Hit, Quarantined, Tally
from stratagem.detect.times import Times
from stratagem.detect.together import Together
from stratagem.detect.verdicts import Incidents
from stratagem.engines.local import Job, scan
from stratagem.engines.progress import Progress, Report
from stratagem.errors import Problem
from stratagem.ingest.files import InputFile
from stratagem.ingest.replay import replayable
from stratagem.sources import SOURCES
from stratagem.sources._contract import AS_IT_IS

if TYPE_CHECKING:
    from stratagem.detect.behaviour import Behaviour

_SAMPLES = 200
_NO_IDS: Hashes = np.empty(0, dtype=np.uint64)
Wanted = Mapping[str, frozenset[int]]
Reported = Findings | Together


@dataclass(frozen=True, slots=True, kw_only=True)
class RunResult:
    """What a run found and what it read. `summary` is documented in docs/reference/summary.md."""

    findings: Sequence[Finding]
    summary: Mapping[str, Any]
    problems: tuple[Problem, ...] = ()
    """What was wrong with strategies."""
    quarantined: tuple[Quarantined, ...] = ()
    """The first quarantined records by place; `summary` counts them all."""


@dataclass(slots=True)
class _Account:
    """What all workers counted."""

    tally: Tally = field(default_factory=Tally)
    ledgers: dict[str, Ledger] = field(default_factory=dict)
    peaks: Counter[int] = field(default_factory=Counter)
    spool: Spool = field(default_factory=Spool)
    shelf: Shelf = field(init=False)

    def __post_init__(self) -> None:
        self.shelf = Shelf(self.spool)

    @property
    def findings(self) -> int:
        return len(self.tally.hits) + len(self.shelf)

    def add(self, tally: Tally) -> None:
        for packed in tally.packed:
            self.shelf.add(packed)
        tally.hits = list(map(self.spool.take, tally.hits))
        self.tally.add(tally)
        for source, held in tally.ids.items():
            ledger = self.ledgers.setdefault(source, Ledger())
            for hashes in held:
                ledger.add(hashes)
        self.peaks[tally.process] = max(self.peaks[tally.process], tally.peak_memory_bytes)


def run(
    job: Job,
    files: Sequence[InputFile],
    *,
    workers: int | None = None,
    progress: Report | None = None,
    started: float | None = None,
    problems: tuple[Problem, ...] = (),
    times: Times | None = None,
    incidents: Incidents | None = None,
) -> RunResult:
    """Run a job over files. The result does not depend on the files' order, the workers or repeated delivery.

    `times` are those that correlations and baselines depend on: None takes this moment for now. They do not learn from
    `incidents`.
    """
    begun = time.monotonic() if started is None else started
    with replayable(files) as kept, ExitStack() as stack:
        job = _observed(job, stack)
        now = times or Times(as_of=datetime.now(UTC))
        return _run(job, kept, workers, progress, begun, problems, incidents or Incidents(), now)


@contextmanager
def observing(
    job: Job,
    files: Sequence[InputFile],
    *,
    workers: int | None = None,
    progress: Report | None = None,
    times: Times,
) -> Iterator[tuple[Any, Mapping[str, datetime]]]:
    """For questions about what a plan's analytics saw in files, or without any in the job's lake.

    Gives a DuckDB connection with the view `observed` and the table `episodes`, and the greatest event time of each
    source. The plan needs an analytic.
    """
    with replayable(files) as kept, ExitStack() as stack:
        job = _observed(job, stack)
        if not files and job.lake is not None:
            behaviour = _behaviour(job, workers, Incidents())
            assert behaviour is not None
            latest = behaviour.recall(_lake(job.lake))
            yield behaviour.connection, latest
            return
        account = _collect(job, kept, workers, progress)
        behaviour = _behaviour(job, workers, Incidents())
        assert behaviour is not None
        ids = behaviour.gather()
        repeats = {source: ledger.repeated(ids.get(source, _NO_IDS))[1] for source, ledger in account.ledgers.items()}
        copies = _copies(job, kept, workers, behaviour.doubtful(repeats))
        behaviour.findings(copies, account.tally.latest, times, job.attack_version)
        yield behaviour.connection, account.tally.latest


def _prepare(job: Job) -> None:
    """What the parent does while workers read: it makes the lake, and loads the second stage."""
    if job.lake is not None:
        _lake(job.lake).create()
    if job.observe_into is not None:
        import stratagem.detect.behaviour  # noqa: F401


def _observed(job: Job, stack: ExitStack) -> Job:
    """The job with a folder for observations, where the plan has analytics; it is removed with the stack."""
    if not job.plan.analytics:
        return job
    home = stack.enter_context(TemporaryDirectory(prefix="stratagem-observed-"))
    folder = Path(home) / "observed"
    folder.mkdir()
    return replace(job, observe_into=str(folder))


def _behaviour(job: Job, workers: int | None, incidents: Incidents) -> Behaviour | None:
    """The second stage, where the plan has one. It is loaded once the workers are at work: it brings DuckDB and Arrow
    along, and where these are loaded no worker can be forked.
    """
    if job.observe_into is None:
        return None
    from stratagem.detect.behaviour import Behaviour

    return Behaviour(Path(job.observe_into).parent, job.plan, SOURCES, workers or os.cpu_count() or 1, incidents)


def _run(
    job: Job,
    files: Sequence[InputFile],
    workers: int | None,
    progress: Report | None,
    begun: float,
    problems: tuple[Problem, ...],
    incidents: Incidents,
    times: Times,
) -> RunResult:
    lake = job.lake
    account = _collect(job, files, workers, progress, partial(_prepare, job))
    behaviour = _behaviour(job, workers, incidents)
    observed = behaviour.gather() if behaviour else {}
    if lake is not None:
        run_id = f"run-{uuid.uuid4().hex}"
        if behaviour is not None:
            behaviour.record(_lake(lake), account.tally.written, run_id)
        _lake(lake).commit(account.tally.written, app_id=run_id, version=1)
        observed = {}
    ids = _hit_ids(account, observed)
    counted = {source: ledger.repeated(ids.get(source, _NO_IDS)) for source, ledger in account.ledgers.items()}
    duplicates = {source: copies for source, (copies, _) in counted.items()}
    repeats = {source: counts for source, (_, counts) in counted.items()}
    account.tally.hits += account.shelf.close(repeats)
    wanted = doubtful(account.tally.hits, repeats)
    if behaviour is not None and job.lake is None:
        wanted = _both(wanted, behaviour.doubtful(repeats))
    copies = _copies(job, files, workers, wanted)
    hits = standing(account.tally.hits, copies)
    reported = [hit for hit in hits if hit.filtered_by is None]
    found: Reported = Findings(reported, job.plan, SOURCES, job.attack_version, detail=job.detail, shelf=account.shelf)
    said: dict[str, Any] = {}
    if behaviour is not None:
        if job.lake is not None:
            more, said = behaviour.changes(times, job.attack_version)
        else:
            more, said = behaviour.findings(copies, account.tally.latest, times, job.attack_version)
        found = Together(found, more)
    summary = _summary(job.plan, account, duplicates, hits, found, said, time.monotonic() - begun)
    if lake is not None:
        from stratagem.lake import runs

        if behaviour is not None:
            behaviour.tidy(times)
        _lake(lake).tidy()
        runs.note(_lake(lake), summary)
    return RunResult(
        findings=found,
        problems=problems,
        summary=summary,
        quarantined=tuple(sorted(account.tally.samples, key=lambda sample: sample.location)[:_SAMPLES]),
    )


def _both(one: Wanted, other: Wanted) -> dict[str, frozenset[int]]:
    nothing: frozenset[int] = frozenset()
    return {source: one.get(source, nothing) | other.get(source, nothing) for source in {*one, *other}}


def _collect(
    job: Job,
    files: Sequence[InputFile],
    workers: int | None,
    progress: Report | None,
    prepare: Callable[[], None] | None = None,
) -> _Account:
    account = _Account()
    total, done = sum(file.size for file in files), 0
    for tally, size in scan(job, files, workers=workers, prepare=prepare):
        account.add(tally)
        done += size
        if progress:
            progress(
                Progress(
                    bytes_done=done,
                    bytes_total=total,
                    events=account.tally.sources.total(),
                    findings=account.findings,
                )
            )
    return account


def _hit_ids(account: _Account, observed: Mapping[str, Hashes]) -> dict[str, Hashes]:
    """The id hashes of events that rules hold on, by source; those that were observed among them."""
    found = {source: [hashes] for source, hashes in account.shelf.uid_hashes().items()}
    for source, hashes in observed.items():
        found.setdefault(source, []).append(hashes)
    loose: dict[str, set[int]] = {}
    for hit in account.tally.hits:
        loose.setdefault(hit.source, set()).add(hit.uid_hash)
    for source, some in loose.items():
        found.setdefault(source, []).append(np.array(list(some), dtype=np.uint64))
    return {source: np.concatenate(some) for source, some in found.items()}


def _copies(job: Job, files: Sequence[InputFile], workers: int | None, wanted: Wanted) -> list[Copy]:
    """Copies that may differ are read again: too rare to keep every record for them."""
    if not wanted:
        return []
    again = replace(job, wanted=wanted, lake=None, observe_into=None)
    return _collect(again, files, workers, None).tally.copies


def _lake(uri: str) -> Any:
    from stratagem.lake.store import Lake

    return Lake(uri)


def _not_evaluable(plan: Plan, by_source: Mapping[str, int]) -> dict[str, Any]:
    """Events that came as OCSF, and how many rules ask for a product's own fields, which those events have lost."""
    mapped = [source for source, count in by_source.items() if count and SOURCES[source].ocsf == AS_IT_IS]
    answered = {rule for source in mapped for rule in plan.routes.get(source, ())} | set(plan.on_columns)
    rules = len(plan.rules) - len(answered)
    if not mapped or not rules:
        return {}
    return {"not_evaluable": {"events": sum(by_source[source] for source in mapped), "rules": rules}}


def _dropped(plan: Plan, excluded: Mapping[str, int]) -> dict[str, Any]:
    """How many records each ingest rule dropped; nothing where there is no such rule."""
    if not plan.drops:
        return {}
    by_rule = {one.name: excluded.get(reason(one.name), 0) for one in plan.drops}
    return {"dropped": {"total": sum(by_rule.values()), "by_rule": by_rule}}


def _summary(
    plan: Plan,
    account: _Account,
    duplicates: Mapping[str, int],
    hits: Sequence[Hit],
    found: Reported,
    behaviour: Mapping[str, Any],
    seconds: float,
) -> dict[str, Any]:
    by_source = {source: count - duplicates.get(source, 0) for source, count in sorted(account.tally.sources.items())}
    analytics, levels = found.counts()
    filtered = Counter(hit.filtered_by for hit in hits if hit.filtered_by is not None)
    return {
        "records": account.tally.records,
        "events": {"total": sum(by_source.values()), "by_source": by_source},
        "duplicates": sum(duplicates.values()),
        "excluded": sum(account.tally.excluded.values()),
        "excluded_reasons": dict(account.tally.excluded.most_common()),
        **_dropped(plan, account.tally.excluded),
        "quarantined": {
            "count": sum(account.tally.quarantined.values()),
            "reasons": dict(sorted(account.tally.quarantined.items(), key=lambda item: (-item[1], item[0]))),
        },
        **_not_evaluable(plan, by_source),
        **({"not_in_lake": dict(account.tally.unnormalised.most_common())} if account.tally.unnormalised else {}),
        "findings": {
            "total": len(found),
            "by_analytic": dict(sorted(analytics.items())),
            "by_level": dict(levels.most_common()),
            "filtered": {"total": sum(filtered.values()), "by_filter": dict(sorted(filtered.items()))},
        },
        **({"analytics": behaviour} if behaviour else {}),
        "rules": {
            "loaded": len(plan.rules),
            "rejected": [
                {
                    "file": one.file,
                    "line": one.line,
                    "title": one.title,
                    "id": one.rule_id,
                    "construct": one.construct,
                    "reason": one.reason,
                }
                for one in plan.rejected
            ],
        },
        "seconds": round(seconds, 3),
        "peak_memory_bytes": sum(account.peaks.values()),
    }
