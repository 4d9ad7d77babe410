"""Sources that files declare: examples of the format, which run through the same suites as the packaged sources."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from stratagem.events.vocabulary import COLUMNS
from stratagem.sources._declared.read import load
from stratagem.sources.declare import declare, withdraw

FOLDER = Path(__file__).parent
TYPES = {column.path: column.type for column in COLUMNS if column.given_by == "projection"}
DECLARED = load(FOLDER, TYPES)
IDS = tuple(one.id for one in DECLARED)


@contextmanager
def known() -> Iterator[None]:
    """Have the examples known as sources for a while."""
    declare(DECLARED)
    try:
        yield
    finally:
        withdraw(*IDS)
