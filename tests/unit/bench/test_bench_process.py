"""What a measured program took is what all its processes took."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from bench.process import run

BURN = "end = time.process_time() + 0.3\nwhile time.process_time() < end: pass"
ALONE = f"import time\n{BURN}"
LEFT_BEHIND = f"import os, time\nif os.fork() == 0:\n  if os.fork() == 0:\n    exec({BURN!r})\n  os._exit(0)"


@pytest.mark.skipif(sys.platform != "linux", reason="orphans are seen on Linux only")
@pytest.mark.parametrize("program", [ALONE, LEFT_BEHIND])
def test_the_time_of_processes_that_outlive_their_parents_counts(program: str, tmp_path: Path) -> None:
    used = run([sys.executable, "-c", program], env={}, folder=tmp_path, timeout=60)
    assert used.code == 0
    assert used.cpu_seconds >= 0.3
