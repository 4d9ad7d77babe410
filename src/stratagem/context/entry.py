"""One value of a list, and when it is one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from stratagem.window import Window

ALWAYS = Window()


class Entry(NamedTuple):
    """One value of a list. An event is compared with the entries that are valid at its own time."""

    value: str
    valid: Window = ALWAYS
    owner: str = ""
    reason: str = ""
    file: str = ""
    place: tuple[int, int] = (0, 0)
    """Line and column."""


Lists = Mapping[str, Sequence[str | Entry]]
"""Values for Sigma's `|expand`, by placeholder name. A plain text is always valid."""
