"""The local engine: the scan over files, in this process or shared between worker processes, in bounded memory."""

from __future__ import annotations

import gc
import os
import resource
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stratagem.detect.compile import Plan
from stratagem.detect.maker import Maker
from stratagem.detect.model import Location
from stratagem.detect.packed import pack
from stratagem.detect.scan import Scanner
from stratagem.detect.tally import Tally
from stratagem.events.connected import Connected
from stratagem.ingest.files import InputFile
from stratagem.ingest.framing import is_splittable, read, read_range
from stratagem.ingest.limits import DEFAULT, MIB, Limits
from stratagem.sources import SOURCES
from stratagem.sources.declare import Declaration, declare, declared
from stratagem.window import Window

if TYPE_CHECKING:
    from multiprocessing.synchronize import Barrier

_ALONE = 24 * MIB
"""Inputs smaller than this are not worth starting workers for."""
_BUNDLE_BYTES = 8 * MIB
_BUNDLE_FILES = 256
_WAIT_SECONDS = 600
_AHEAD = 3
"""Pieces of work waiting for each worker: enough to keep it busy, few enough to bound memory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A file, or a byte range of the lines of one; `end` None is the whole file."""

    file: str
    """What messages call it."""
    path: str
    size: int
    start: int = 0
    end: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What every worker needs to know. Picklable."""

    plan: Plan
    forced: str | None = None
    window: Window | None = None
    limits: Limits = field(default=DEFAULT)
    wanted: Mapping[str, frozenset[int]] | None = None
    lake: str | None = None
    """Where events are kept; None keeps none."""

    observe_into: str | None = None
    """The folder in which observations are kept for the analytics; None keeps none."""
    detail: bool = True
    """Whether findings carry their event's record, and those of plain Sigma rules its actor, address and resources."""
    attack_version: str = "18.1"
    declared: tuple[Declaration, ...] = field(default_factory=declared)
    """The sources that are declared and not packaged, as known where the job was made: a worker may not know them."""

    @property
    def needs_columns(self) -> bool:
        """Whether events are normalised that no finding shows."""
        return self.lake is not None or bool(self.plan.columned)

    @property
    def needs_finish(self) -> bool:
        """Whether workers hold something back until every file is read."""
        return self.needs_columns or self.observe_into is not None


Counted = tuple[Tally, int]
"""A tally, and the bytes on disk that it is the tally of."""


def scan(
    job: Job,
    files: Sequence[InputFile],
    *,
    workers: int | None = None,
    prepare: Callable[[], None] | None = None,
) -> Iterator[Counted]:
    """Tallies of all files, one at a time as they are done; their order is not defined and does not matter.

    `prepare` is called once, as soon as the workers are at work: what it imports would keep them from being forked.
    """
    yield from _unreadable(files)
    prepare = prepare or _nothing
    readable = [file for file in files if not file.problem]
    total = sum(file.size for file in readable)
    count = workers or os.cpu_count() or 1
    if count == 1 or total < _ALONE:
        prepare()
        yield from _here(job, readable)
    else:
        yield from _shared(job, readable, count, prepare)


def _nothing() -> None:
    pass


def _unreadable(files: Iterable[InputFile]) -> Iterator[Counted]:
    for file in files:
        if file.problem:
            tally = Tally()
            tally.quarantine(Location(file=file.name, offset=0), f"cannot be read: {file.problem}")
            yield tally, 0


def _here(job: Job, files: Sequence[InputFile]) -> Iterator[Counted]:
    worker = _Worker(job)
    for file in files:
        yield worker.run([Piece(file=file.name, path=file.place, size=file.size)]), file.size
    yield worker.finish(), 0


def _shared(job: Job, files: Sequence[InputFile], count: int, prepare: Callable[[], None]) -> Iterator[Counted]:
    from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait

    bundles = _bundles(_pieces(files, job.limits))
    context = _context()
    with ProcessPoolExecutor(
        count, mp_context=context, initializer=_start, initargs=(job, context.Barrier(count))
    ) as pool:
        running: dict[Future[Tally], int] = {}
        try:
            while True:
                while len(running) < count * _AHEAD and (bundle := next(bundles, None)):
                    running[pool.submit(_run, bundle)] = sum(piece.size for piece in bundle)
                prepare()
                prepare = _nothing
                if not running:
                    break
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    size = running.pop(future)
                    yield future.result(), size
            if job.needs_finish:
                for future in [pool.submit(_finish) for _ in range(count)]:
                    yield future.result(), 0
        finally:
            for future in running:
                future.cancel()


def _context() -> Any:
    """Fork where this process is still a single thread, because a fresh interpreter takes half a second to import.

    DuckDB, Arrow and a progress bar have threads, whose locks a fork could copy held: then a fork server.
    """
    import multiprocessing

    is_single = threading.active_count() == 1 and not {"duckdb", "pyarrow", "deltalake"} & set(sys.modules)
    if is_single and "fork" in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("fork")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    return context


def _pieces(files: Sequence[InputFile], limits: Limits) -> Iterator[Piece]:
    """Large line files in ranges, everything else whole; the largest first, so that no worker is left with the last."""
    for file in sorted(files, key=lambda file: -file.size):
        if file.size > limits.split and is_splittable(file.place, limits):
            parts = -(-file.size // limits.split)
            step = -(-file.size // parts)
            for start in range(0, file.size, step):
                end = min(start + step, file.size)
                yield Piece(file=file.name, path=file.place, size=end - start, start=start, end=end)
        else:
            yield Piece(file=file.name, path=file.place, size=file.size)


def _bundles(pieces: Iterable[Piece]) -> Iterator[list[Piece]]:
    bundle: list[Piece] = []
    size = 0
    for piece in pieces:
        bundle.append(piece)
        size += piece.size
        if size >= _BUNDLE_BYTES or len(bundle) >= _BUNDLE_FILES:
            yield bundle
            bundle, size = [], 0
    if bundle:
        yield bundle


class _Worker:
    """A scanner that lives as long as its process, so that compiled rules and caches do too."""

    def __init__(self, job: Job) -> None:
        declare(job.declared)
        self._job = job
        connected = Connected()
        self._observer = _observer(job, connected)
        self._columns = _columns(job, self._observer, connected)
        self._maker = _maker(job, connected)
        self._scanner = Scanner(
            job.plan,
            SOURCES,
            forced=job.forced,
            window=job.window,
            sink=self._columns,
            wanted=job.wanted,
            observer=self._observer,
        )

    @property
    def makes_columns(self) -> bool:
        return self._columns is not None

    def run(self, pieces: Iterable[Piece]) -> Tally:
        self._scanner.tally = tally = Tally()
        with _rare_collection():
            for piece in pieces:
                self._read(piece, tally)
            self._scanner.settle()
            if self._maker is not None:
                tally.packed, tally.hits = pack(self._maker.ready(tally.hits))
        tally.process = os.getpid()
        tally.peak_memory_bytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        return tally

    def finish(self) -> Tally:
        """What is left to say once every piece is done: events that waited for their columns, files still filling."""
        tally = Tally(process=os.getpid())
        if self._columns is not None:
            self._columns.flush(tally)
            tally.written.extend(self._columns.close())
        if self._observer is not None:
            self._observer.close()
        return tally

    def _read(self, piece: Piece, tally: Tally) -> None:
        limits = self._job.limits
        try:
            if piece.end is None:
                self._scanner.scan(piece.file, read(piece.path, limits))
            else:
                self._scanner.scan(piece.file, read_range(piece.path, piece.start, piece.end, limits))
        except OSError as error:
            reason = f"cannot be read: {error.strerror or error}"
            tally.quarantine(Location(file=piece.file, offset=0), reason)


def _maker(job: Job, connected: Connected) -> Maker | None:
    """Who judges findings, and writes those that need no columns: in the workers, because there are more than one."""
    if job.wanted is not None:
        return None
    return Maker(job.plan, SOURCES, job.attack_version, detail=job.detail, connected=connected)


def _observer(job: Job, connected: Connected) -> Any:
    """Who keeps observations; Arrow is loaded only where there are any."""
    if job.observe_into is None or job.wanted is not None:
        return None
    from stratagem.detect.observe import Observer

    return Observer(job.plan, SOURCES, Path(job.observe_into), connected)


def _columns(job: Job, observer: Any, connected: Connected) -> Any:
    """The stage that makes columns, loaded only where it is needed: DuckDB and Arrow cost start-up time."""
    if not job.needs_columns or job.wanted is not None:
        return None
    from stratagem.detect.columns import Columns

    return Columns(job.plan, SOURCES, job.lake, observer, connected)


@contextmanager
def _rare_collection() -> Iterator[None]:
    """Look for reference cycles seldom: a scan makes millions of objects and none of them is in a cycle."""
    before = gc.get_threshold()
    gc.set_threshold(200_000, 20, 100)
    try:
        yield
    finally:
        gc.set_threshold(*before)


_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3
"""Of glibc's malloc.h."""
_KEPT_BLOCK = 64 * MIB
_KEPT_BYTES = 128 * MIB


def _keep_freed_memory() -> None:
    """Let a worker reuse the memory of one block for the next.

    Blocks and what is decoded from them are large enough for the C library to give their memory back each time, and a
    sixth of the scan went into being given it again, page by page. Without glibc nothing is changed.
    """
    import ctypes

    with suppress(OSError, AttributeError):
        library = ctypes.CDLL(None)
        library.mallopt(_M_MMAP_THRESHOLD, _KEPT_BLOCK)
        library.mallopt(_M_TRIM_THRESHOLD, _KEPT_BYTES)


def _give_back_freed_memory() -> None:
    """Give the system what lies freed between pieces of memory in use.

    Columns, the lake's buffers and findings come and go in all sizes: a worker into a lake would keep 100 MB more than
    it uses. Without glibc nothing is changed.
    """
    import ctypes

    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


_worker: _Worker | None = None
_together: Barrier | None = None


def _start(job: Job, together: Barrier) -> None:
    global _worker, _together
    _keep_freed_memory()
    _worker, _together = _Worker(job), together


def _finish() -> Tally:
    """Once in every process: none takes a second call before all have taken their first."""
    assert _worker is not None and _together is not None
    _together.wait(_WAIT_SECONDS)
    return _worker.finish()


def _run(pieces: list[Piece]) -> Tally:
    assert _worker is not None
    tally = _worker.run(pieces)
    if _worker.makes_columns:
        _give_back_freed_memory()
    return tally
