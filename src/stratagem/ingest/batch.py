"""Records that stand next to each other in a file, on their way to the scan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """Whole lines, joined; `offset` is the byte offset of the first in the decompressed file."""

    data: bytes
    offset: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Elements:
    """Elements of an array inside one document, each as its JSON text.

    `offset` is the document's, `first` the index of the first element; `around` holds the document's other members
    (a log group, an owner), which name the cluster or account.
    """

    items: Sequence[bytes]
    offset: int
    first: int = 0
    around: Mapping[str, Any] = field(default_factory=dict)
    key: str = ""
    """The member that held the array; empty for a bare array or a run of values."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of a CSV file, by column name."""

    value: Mapping[str, Any]
    offset: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """Lines of plain text as the JSON text of their canonical records, and the byte offset of each line."""

    source_id: str
    items: Sequence[bytes]
    offsets: Sequence[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bad:
    """Something that is no record: where, why, and how much of the file it took."""

    offset: int
    reason: str
    size: int = 0


Batch = Lines | Elements | Row | Texts | Bad
