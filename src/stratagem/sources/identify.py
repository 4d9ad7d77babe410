"""Whose record is this? Every source is asked, in `order`; the first that recognises the object has it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from stratagem.sources import SOURCES
from stratagem.sources._contract import Layout, Native


def forget() -> None:
    """Ask the registry anew: a source was declared or withdrawn."""
    for remembered in (recognisers, _noise_tests, _layouts):
        remembered.cache_clear()


def identify(record: Native) -> str | None:
    """The source id of an unwrapped JSON object, None where no source recognises it. Never raises."""
    for source_id, recognise in recognisers():
        if recognise(record):
            return source_id
    return None


@cache
def recognisers() -> tuple[tuple[str, Callable[[Native], bool]], ...]:
    """(source id, `recognise`) of every source, in the order in which they are asked."""
    ordered = sorted(SOURCES.items(), key=lambda item: (item[1].order, item[0]))
    return tuple((source_id, source.recognise) for source_id, source in ordered)


def noise(record: Native) -> str | None:
    """Why an object that no source recognises is still known: content of a source's files that is no event."""
    for title, is_noise in _noise_tests():
        if is_noise(record):
            return f"{title}: not an event"
    return None


@cache
def _noise_tests() -> tuple[tuple[str, Callable[[Native], bool]], ...]:
    return tuple((source.title, source.is_noise) for source in SOURCES.values() if source.is_noise is not None)


def layout(line: str) -> tuple[str, Layout] | None:
    """The source whose log is plain text that this line begins, and how the text is read. Never raises."""
    for source_id, told in _layouts():
        found = told(line)
        if found is not None:
            return source_id, found
    return None


@cache
def _layouts() -> tuple[tuple[str, Callable[[str], Layout | None]], ...]:
    return tuple((key, source.layout) for key, source in SOURCES.items() if source.layout is not None)
