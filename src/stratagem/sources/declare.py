"""Sources that a workspace declares in files of `sources/`: into the registry, and out of it again.

The registry is the process's own, and a worker may be a fresh process. Declarations are data, so they travel with the
job, and a worker declares them before it reads anything.
"""

from __future__ import annotations

from collections.abc import Iterable

from stratagem.sources import SOURCES, identify
from stratagem.sources._declared.build import build
from stratagem.sources._declared.model import Declaration

__all__ = ["Declaration", "declare", "declared", "withdraw"]

_KNOWN: dict[str, Declaration] = {}


def declare(declarations: Iterable[Declaration]) -> None:
    """Make these known as sources. One that is known as it is costs nothing; one that changed replaces what was.

    Raises UsageError for the id of a packaged source.
    """
    for one in declarations:
        if _KNOWN.get(one.id) != one:
            SOURCES.declare(one.id, build(one))
            _KNOWN[one.id] = one
            identify.forget()


def declared() -> tuple[Declaration, ...]:
    """What is declared in this process, by id."""
    return tuple(_KNOWN[name] for name in sorted(_KNOWN))


def withdraw(*ids: str) -> None:
    """Forget these declared sources, or all."""
    for name in ids or tuple(_KNOWN):
        if _KNOWN.pop(name, None) is not None:
            SOURCES.withdraw(name)
            identify.forget()
