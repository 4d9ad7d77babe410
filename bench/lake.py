"""How fast CloudTrail NDJSON becomes OCSF columns and lies in a lake: `python bench/lake.py FILE [PROCESSES]`.

Each process takes an equal part of the lines. Reading and splitting are outside the measured stages; CPU microseconds
a row tell the stages' shares, rows/s of all processes together tell what to expect.
"""

from __future__ import annotations

import multiprocessing
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa

from stratagem.events.project import project
from stratagem.events.query import connect
from stratagem.lake.store import Lake
from stratagem.sources import SOURCES

SOURCE = "aws_cloudtrail"
ROWS = 16384


def batches(file: Path, start: int, end: int) -> Iterator[pa.Table]:
    """The lines that begin in a byte range, ROWS at a time."""
    with file.open("rb") as stream:
        stream.seek(start)
        if start:
            stream.readline()
        while stream.tell() < end:
            lines = stream.readlines(min(ROWS * 1280, end - stream.tell()))
            count = len(lines)
            uids = [f"{stream.tell()}-{row}" for row in range(count)]
            yield pa.table(
                {
                    "raw": pa.array(lines, pa.string()),
                    "event_uid": pa.array(uids),
                    "file": pa.array([str(file)] * count),
                    "offset": pa.array(range(count), pa.int64()),
                    "index": pa.array([0] * count, pa.int64()),
                    "record_hash": pa.array(range(count), pa.int64()),
                }
            )


def work(uri: str, file: Path, start: int, end: int) -> tuple[Any, int, int, float, float, float, int]:
    """Project and write one part; gives files, rows, bad rows, CPU seconds of both stages, wall seconds, peak bytes."""
    connection, writer = connect(), Lake(uri).writer()
    rows = bad = 0
    projecting = writing = wall = 0.0
    for batch in batches(file, start, end):
        begun, cpu = time.perf_counter(), time.process_time()
        projected = project(SOURCE, SOURCES[SOURCE], batch, connection, keep_raw=True)
        projecting += time.process_time() - cpu
        cpu = time.process_time()
        writer.add(projected.table)
        writing += time.process_time() - cpu
        wall += time.perf_counter() - begun
        rows, bad = rows + projected.table.num_rows, bad + len(projected.bad)
    begun, cpu = time.perf_counter(), time.process_time()
    files = writer.close()
    writing += time.process_time() - cpu
    wall += time.perf_counter() - begun
    return files, rows, bad, projecting, writing, wall, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10


def main() -> None:
    file, processes = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 2
    size = file.stat().st_size
    step = -(-size // processes)
    with tempfile.TemporaryDirectory() as folder:
        lake = Lake(folder)
        lake.create()
        parts = [(folder, file, start, min(start + step, size)) for start in range(0, size, step)]
        with multiprocessing.get_context("forkserver").Pool(processes) as pool:
            results = pool.starmap(work, parts)
        files = [written for result in results for written in result[0]]
        lake.commit(files, app_id="bench", version=1)
        stored = sum(written.size for written in files)
    rows, bad, projecting, writing = (sum(result[at] for result in results) for at in (1, 2, 3, 4))
    slowest = max(result[5] for result in results)
    peak = max(result[6] for result in results)
    print(
        f"{rows} rows, {bad} not readable, {size / 1e6:.0f} MB of JSON -> {stored / 1e6:.0f} MB in {len(files)} files"
    )
    print(f"project {projecting / rows * 1e6:.2f} us CPU/row, write {writing / rows * 1e6:.2f} us CPU/row")
    print(f"{processes} processes: {rows / slowest:,.0f} rows/s; peak of the largest process {peak / 1e6:.0f} MB")


if __name__ == "__main__":
    main()
