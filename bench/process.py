"""One program run to its end: wall time, processor time, and the peak memory of it and its children together."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_SAMPLE_SECONDS = 0.05
_PROC = Path("/proc")
_TAIL = 2_000
_PR_SET_CHILD_SUBREAPER = 36
"""Of linux/prctl.h."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What a process took. `output` and `errors` are where its streams went; `errors` is the end of the text."""

    code: int
    seconds: float
    cpu_seconds: float
    """Of the process and all its descendants, in user and system mode."""
    peak_bytes: int
    """The greatest sum of resident memory over the process tree that sampling saw: pages shared by several
    processes count in each, so this is an upper bound of what the sample saw. Without /proc: the largest process."""
    output: str
    errors: str


def run(
    command: Sequence[str], *, env: Mapping[str, str], folder: Path, timeout: float, stdout: Path | None = None
) -> Usage:
    """Run `command` in `folder`. After `timeout` seconds it and its children are ended, and the code is negative."""
    _adopt_orphans()
    with tempfile.TemporaryFile() as errors, (stdout or folder / "stdout").open("w+b") as output:
        begun = time.perf_counter()
        process = subprocess.Popen(
            command, env=dict(env), cwd=folder, stdout=output, stderr=errors, start_new_session=True
        )
        watch = _Watch(process.pid, begun + timeout)
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        cpu_seconds = sum(map(_processor_seconds, [used, *_orphans(process.pid)]))
        peak = watch.stop()
        output.seek(0)
        return Usage(
            code=process.returncode,
            seconds=seconds,
            cpu_seconds=cpu_seconds,
            peak_bytes=max(peak, used.ru_maxrss * 1024),
            output="" if stdout else output.read(_TAIL).decode(errors="replace"),
            errors=_end_of(errors.fileno()),
        )


def _adopt_orphans() -> None:
    """Become the parent of what a program leaves behind: a fork server ends after its program, and its workers' time is
    in its own. Elsewhere than on Linux that time is not seen.
    """
    import ctypes

    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def _orphans(group: int) -> Iterator[resource.struct_rusage]:
    """What the processes of a group used that outlived its leader, each once it has ended."""
    with suppress(ChildProcessError):
        while True:
            yield os.wait4(-group, 0)[2]


def _processor_seconds(used: resource.struct_rusage) -> float:
    return used.ru_utime + used.ru_stime


class _Watch:
    """A thread that looks at a process and its children every so often."""

    def __init__(self, pid: int, deadline: float) -> None:
        self._pid = pid
        self._deadline = deadline
        self._peak = 0
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def stop(self) -> int:
        self._done.set()
        self._thread.join()
        return self._peak

    def _look(self) -> None:
        while not self._done.wait(_SAMPLE_SECONDS):
            self._peak = max(self._peak, sum(map(_resident, tree(self._pid))))
            if time.perf_counter() > self._deadline:
                os.killpg(self._pid, signal.SIGKILL)
                return


def tree(pid: int) -> Iterator[int]:
    """A process and all its descendants; those that have ended meanwhile are left out."""
    yield pid
    for children in (_PROC / str(pid) / "task").glob("*/children"):
        try:
            found = children.read_text().split()
        except OSError:
            continue
        for child in found:
            yield from tree(int(child))


def _resident(pid: int) -> int:
    try:
        return int((_PROC / str(pid) / "statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, IndexError):
        return 0


def _end_of(descriptor: int) -> str:
    size = os.lseek(descriptor, 0, os.SEEK_END)
    os.lseek(descriptor, max(size - _TAIL, 0), os.SEEK_SET)
    return os.read(descriptor, _TAIL).decode(errors="replace")
