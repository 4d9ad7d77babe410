"""Text that was looked at and found good. `STRATAGEM_WRITE_GOLDEN=1` writes it anew: read the diff as you read code."""

from __future__ import annotations

import os
from pathlib import Path

FOLDER = Path(__file__).parent


def check_golden(name: Path, text: str, folder: Path = FOLDER) -> None:
    """Assert that `text` is what the file `name` holds."""
    file = folder / name
    if os.environ.get("STRATAGEM_WRITE_GOLDEN"):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    assert file.is_file(), f"{file} is missing: write it with STRATAGEM_WRITE_GOLDEN=1"
    assert text == file.read_text(encoding="utf-8"), f"{file} differs: read the diff, then STRATAGEM_WRITE_GOLDEN=1"
