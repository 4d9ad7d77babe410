"""The programs that are measured, as command lines."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path


def stratagem(
    path: Path, *, findings: Path, summary: Path, rules: Path | None = None, lake: Path | None = None
) -> tuple[str, ...]:
    """`stratagem run` with findings as NDJSON; without `rules` the packaged strategies run."""
    options: list[str] = []
    if rules:
        options += ["--rules", str(rules)]
    if lake:
        options += ["--lake", str(lake)]
    where = ["--format", "ndjson", "--output", str(findings), "--summary", str(summary), "--quiet"]
    return (sys.executable, "-m", "stratagem", "run", str(path), *options, *where)


def tenzir(path: Path, rules: Path, *, then: str, options: Sequence[str] = ()) -> tuple[str, ...]:
    """A Tenzir pipeline that reads lines and runs `sigma` over them; `then` is what becomes of the findings."""
    read = f"from_file {_quoted(path)} {{ read_ndjson }}"
    return (_tenzir_binary(), *options, f"{read} | sigma path={_quoted(rules)} | {then}")


def to_file(path: Path) -> str:
    """The end of a pipeline that writes findings as NDJSON."""
    return f"to_file {_quoted(path)} {{ write_ndjson }}"


COUNT = "summarize count=count()"
PAIRS = "select rule=finding_info.analytic.uid, event=evidences[0].data.eventID"


def tenzir_version() -> str | None:
    """The installed version; None where the `bench` extra is not installed."""
    try:
        return version("tenzir") if _find_tenzir() else None
    except PackageNotFoundError:
        return None


def environment(cache: Path) -> dict[str, str]:
    """This environment without settings of stratagem's own, and with a cache that belongs to the benchmark.

    Python may keep compiled modules, as an installed package has them: without them every start compiles all anew.
    """
    own: Mapping[str, str] = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("STRATAGEM_") and name != "PYTHONDONTWRITEBYTECODE"
    }
    return {**own, "XDG_CACHE_HOME": str(cache), "NO_COLOR": "1"}


def _tenzir_binary() -> str:
    found = _find_tenzir()
    assert found is not None, "asked for only where tenzir_version() is not None"
    return found


def _find_tenzir() -> str | None:
    beside = Path(sys.executable).parent / "tenzir"
    return str(beside) if beside.is_file() else shutil.which("tenzir")


def _quoted(path: Path) -> str:
    escaped = str(path).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
