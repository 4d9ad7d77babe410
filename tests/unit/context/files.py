"""Contexts for tests."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from textwrap import dedent

MAY, JUNE, JULY = (datetime(2026, month, 15, tzinfo=UTC) for month in (5, 6, 7))


def write(folder: Path, **files: str) -> Path:
    """Files of a context by name; `lists__name` is lists/name.yml."""
    for name, text in files.items():
        path = folder / f"{name.replace('__', '/')}.yml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text), encoding="utf-8")
    return folder
