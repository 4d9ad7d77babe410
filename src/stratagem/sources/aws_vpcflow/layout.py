"""Flow logs as text: columns by a header line, or by position where the line shows the default format.

S3 files begin with a header; CloudWatch messages and joined files do not. Without one, a record that begins as the
default format does has its first 14 columns for certain, and all of them where their number is that of a version's full
list in AWS's own order; columns beyond are kept by position.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from operator import itemgetter

from stratagem.sources._contract import Layout
from stratagem.sources.aws_vpcflow.fields import DEFAULT, KIND, KINDS, NAMES, NUMBERS, ORDER, known_name

_BARE = re.compile(
    r"^\d{1,2} \S+ eni-\S+ [0-9a-fA-F.:-]+ [0-9a-fA-F.:-]+ (?:\d+|-) (?:\d+|-) (?:\d+|-) (?:\d+|-) (?:\d+|-) "
    r"(?:\d+|-) (?:\d+|-) (?:ACCEPT|REJECT|-) (?:OK|NODATA|SKIPDATA)(?: |$)"
)
"""The default format: columns in order, numbers where numbers stand."""
_NAME = re.compile(r"^[a-z][a-z0-9_-]*$")
_TELLING = {"srcaddr", "dstaddr", "pkt-srcaddr", "pkt-dstaddr", "interface-id"}
_FORMS = 1000
_LISTS = (14, 21, 25, 29, 39, 40)
"""How many columns the full lists of versions 2, 3, 4, 5, 7 and 8 have."""


def layout(line: str) -> Layout | None:
    """The layout that a header line names, or that a record of the default format shows."""
    header = _header(line)
    if header is not None:
        return Layout(is_header=True, read=_reader(header))
    if _BARE.match(line):
        return Layout(is_header=False, read=_reader(_by_position(line.count(" ") + 1)))
    return None


def _header(line: str) -> tuple[str, ...] | None:
    if not line[:1].isalpha() or len(line) > 4096:
        return None
    words = line.split()
    names = tuple(known_name(word) or word for word in words)
    if len(words) < 3 or len(set(names)) < len(names) or not all(map(_NAME.match, words)):
        return None
    known = sum(name in NAMES for name in names)
    return names if _TELLING & set(names) and known * 2 > len(names) else None


def _by_position(count: int) -> tuple[str, ...]:
    names = ORDER[:count] if count in _LISTS else DEFAULT
    return names + tuple(f"column-{place}" for place in range(len(names) + 1, count + 1))


_WHOLE = re.compile(r"(?:0|[1-9]\d*)(?: (?:0|[1-9]\d*))*", re.ASCII)
Form = tuple[str, Callable[[list[str]], tuple[str, ...]], Callable[[list[str]], tuple[str, ...]]]
"""A record's JSON text with places for its values, a line's values in that order, and those that are numbers."""


@lru_cache(maxsize=64)
def _reader(names: tuple[str, ...]) -> Callable[[str], bytes | None]:
    """A function from a line to its canonical JSON text: keys sorted, numbers as numbers, dashes left out.

    Lines differ in which columns hold a dash, and that in a few ways only: each has its text made once.
    """
    count = len(names)
    forms: dict[tuple[int, ...], Form] = {}

    def read(line: str) -> bytes | None:
        words = line.split()
        if len(words) != count or '"' in line or "\\" in line or not line.isprintable():
            return None
        empty = tuple([place for place, word in enumerate(words) if word == "-"])
        form = forms.get(empty)
        if form is None:
            if len(forms) > _FORMS:
                forms.clear()
            form = forms[empty] = _form(names, empty)
        text, values, numbers = form
        if not _WHOLE.fullmatch(" ".join(numbers(words))):
            return None
        return (text % values(words)).encode()

    return read


def _form(names: tuple[str, ...], empty: tuple[int, ...]) -> Form:
    filled = sorted((name, place) for place, name in enumerate(names) if place not in empty)
    members = [(name, "%s" if name in NUMBERS else '"%s"') for name, _ in filled]
    text = ",".join(f'"{name}":{value}' for name, value in sorted([*members, (KIND, f'"{KINDS}"')]))
    numbers = tuple(place for name, place in filled if name in NUMBERS)
    return f"{{{text}}}", _taking([place for _, place in filled]), _taking(numbers) if numbers else _nought


def _taking(places: Sequence[int]) -> Callable[[list[str]], tuple[str, ...]]:
    """A function that takes the words at these places, always as a tuple."""
    if len(places) == 1:
        return lambda words: (words[places[0]],)
    return itemgetter(*places) if places else lambda words: ()


def _nought(_words: list[str]) -> tuple[str, ...]:
    """A record without numbers passes the check for them."""
    return ("0",)
