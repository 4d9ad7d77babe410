"""What the numbers were made on, without naming the machine."""

from __future__ import annotations

import os
import platform
import re
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from bench.contenders import tenzir_version

PACKAGES = ("stratagem", "duckdb", "deltalake", "pyarrow", "msgspec", "orjson", "hyperscan", "isal", "pysigma")


def describe() -> dict[str, Any]:
    """Cores, model, memory, system and versions."""
    return {
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "model": _model(),
        "memory_bytes": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "packages": {name: _version(name) for name in PACKAGES},
        "tenzir": tenzir_version(),
    }


def slug(machine: dict[str, Any]) -> str:
    """A short name for files: `2-core-xeon`, from what the processor says of itself."""
    words = [word for word in re.findall(r"[a-z0-9]+", machine["model"].lower()) if word not in _NO_NAMES]
    return "-".join([f"{machine['cores']}-core", *words[:3]])


_NO_NAMES = {"r", "tm", "cpu", "processor", "intel", "amd", "ghz", "core", "with"}


def _model() -> str:
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        text = ""
    found = re.search(r"^model name\s*:\s*(.+)$", text, re.MULTILINE)
    return found[1].strip() if found else platform.processor() or platform.machine()


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
