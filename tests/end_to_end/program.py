"""The real program as a process of its own, in a folder of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from stratagem.emulate import bases

PROGRAM = Path(sys.executable).parent / "stratagem"


def environment(home: Path) -> dict[str, str]:
    """What a user's shell has, without settings or caches of whoever runs the tests."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("STRATAGEM_")}
    return {
        **kept,
        "XDG_CONFIG_HOME": str(home / ".config"),
        "XDG_CACHE_HOME": str(home / ".cache"),
        "PATH": f"{PROGRAM.parent}{os.pathsep}{kept['PATH']}",
        "COLUMNS": "100",
    }


def call(*arguments: str, cwd: Path, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
    """Run `stratagem` with these arguments."""
    return subprocess.run(
        [str(PROGRAM), *arguments],
        cwd=cwd,
        env=environment(cwd),
        input=stdin,
        stdin=subprocess.DEVNULL if stdin is None else None,
        capture_output=True,
        text=True,
        timeout=120,
    )


def rows(done: subprocess.CompletedProcess[str]) -> list[Any]:
    """Standard output read as NDJSON."""
    return [json.loads(line) for line in done.stdout.splitlines()]


def trail(folder: Path, *names: str, **changes: Any) -> Path:
    """A CloudTrail delivery of these event bases."""
    folder.mkdir(parents=True, exist_ok=True)
    records = [{**bases.load(f"aws_cloudtrail/{name}"), **changes} for name in names]
    file = folder / "trail.json"
    file.write_text(json.dumps({"Records": records}), encoding="utf-8")
    return file
