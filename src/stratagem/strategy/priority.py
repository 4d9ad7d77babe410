"""How much one finding matters: the first level whose criteria hold, and the alert's title as a sentence."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from stratagem.rules.fetch import reader, values
from stratagem.rules.reference import matches
from stratagem.rules.resolve import Resolver, expand
from stratagem.strategy.model import Priority

_PLACEHOLDER = re.compile(r"\{([^{}]+)\}")
MAX_VALUE = 80
"""Characters of one value in a title."""
MAX_ITEMS = 5
_NOTHING = "?"


def placeholders(title: str) -> tuple[str, ...]:
    """The field paths that a title names; `{a|b}` names two, of which the first that has a value is shown."""
    return tuple(path for match in _PLACEHOLDER.findall(title) for path in _paths(match))


def _paths(placeholder: str) -> list[str]:
    return [path.strip() for path in placeholder.split("|")]


def title_flaw(title: str) -> str:
    """What is wrong with a title's braces, or nothing."""
    rest = _PLACEHOLDER.sub("", title)
    return "the title has a brace without its partner, or an empty pair" if "{" in rest or "}" in rest else ""


class Judge:
    """A priority block made ready for many records of one source: criteria and title are compiled once."""

    def __init__(self, priority: Priority, resolver: Any, *, default: str = "medium") -> None:
        from stratagem.rules import matcher

        *parts, self._end = _PLACEHOLDER.split(priority.title)
        self._title = [
            (text, [reader(path, resolver) for path in _paths(named)])
            for text, named in zip(parts[::2], parts[1::2], strict=True)
        ]
        self._default = default
        self._levels = [
            (entry, matcher.compile(entry.when, resolver) if entry.when is not None else None)
            for entry in priority.levels
        ]

    def level(self, native: Mapping[str, Any]) -> tuple[str, str]:
        """(level, because): the first entry whose criteria hold, else the strategy's severity."""
        for entry, holds in self._levels:
            if holds is None or holds(native):
                return entry.level, entry.because
        return self._default, ""

    def title(self, native: Mapping[str, Any]) -> str:
        """The title, as `format_title` gives it."""
        return "".join([part for text, reads in self._title for part in (text, _first(reads, native))]) + self._end


def evaluate(
    priority: Priority, native: Mapping[str, Any], resolver: Resolver, *, default: str = "medium"
) -> tuple[str, str, str]:
    """(level, because, title) of a finding on one canonical record.

    `default` is the level when none of the criteria holds: the strategy's severity.
    """
    title = format_title(priority.title, native, resolver)
    for entry in priority.levels:
        if entry.when is None or matches(entry.when, native, resolver):
            return entry.level, entry.because, title
    return default, "", title


def format_title(title: str, native: Mapping[str, Any], resolver: Resolver) -> str:
    """The title with each {field.path} replaced by the record's value; "?" where there is none.

    Of {one.path|another.path} the first that has a value is shown: rules of several sources share a title.
    What a record holds is an attacker's to choose: control and direction characters are escaped, long values cut.
    """
    return _PLACEHOLDER.sub(
        lambda match: next(
            (shown for path in _paths(match[1]) if (shown := _show(native, path, resolver)) != _NOTHING), _NOTHING
        ),
        title,
    )


def _first(reads: list[Any], native: Mapping[str, Any]) -> str:
    if len(reads) == 1:
        return _shown(reads[0](native))
    return next((shown for read in reads if (shown := _shown(read(native))) != _NOTHING), _NOTHING)


def _show(native: Mapping[str, Any], path: str, resolver: Resolver) -> str:
    return _listed([value for final in resolver.find(native, path) or () for value in expand(final)])


def _shown(found: Any) -> str:
    """What a reader found, as text; most often it is text, and short."""
    if type(found) is str and found:
        return _short(found)
    return _listed(values(found))


def _listed(values: list[Any]) -> str:
    found = [_text(value) for value in values if value is not None and value != "" and not isinstance(value, list)]
    distinct = list(dict.fromkeys(found))
    if not distinct:
        return _NOTHING
    more = [f"and {len(distinct) - MAX_ITEMS} more"] if len(distinct) > MAX_ITEMS else []
    return ", ".join(distinct[:MAX_ITEMS] + more)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return "{" + ", ".join(_escape(str(key)) for key in list(value)[:MAX_ITEMS]) + "}"
    return _short(str(value))


@lru_cache(maxsize=4096)
def _short(text: str) -> str:
    """The same few values stand in most titles."""
    text = _escape(text)
    return text if len(text) <= MAX_VALUE else text[: MAX_VALUE - 1] + "…"


def _escape(text: str) -> str:
    # Cc, Cf, Zl, Zp, Cs: what moves the cursor, hides or turns text around in a terminal or a page.
    text = text[: MAX_VALUE * 2]
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        f"\\u{ord(character):04x}" if unicodedata.category(character) in ("Cc", "Cf", "Zl", "Zp", "Cs") else character
        for character in text
    )
