"""Lines of an S3 server access log: words, with the time in brackets and some words in quotes.

A quote inside a quoted word (a user agent may hold one) is not escaped, so a word ends at the quote before a space.
Columns that AWS adds later come at the end and are kept by position.
Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/LogFormat.html (read 2026-11-24)
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import orjson

from stratagem.sources._contract import Layout
from stratagem.sources.aws_s3access.fields import KIND, KINDS, NUMBERS, ORDER

_HEAD = re.compile(
    r"^(?:[0-9a-f]{64}|-) \S+ \[\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}\] \S+ \S+ \S+ [A-Z0-9]+\."
)
_WORD = re.compile(r'\[([^\]]*)\]|"(.*?)"(?= |$)|(\S+)')
_NAMES = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"
_MONTHS = {name: number for number, name in enumerate(_NAMES.split(), 1)}
_LEAST = 18
"""Columns of the oldest format."""


def layout(line: str) -> Layout | None:
    """The layout of an access log, where the line begins as one: an owner, a bucket, a time, an operation."""
    return Layout(is_header=False, read=read) if _HEAD.match(line) else None


def read(line: str) -> bytes | None:
    if not _HEAD.match(line):
        return None
    words = [found[1] or found[2] or found[3] or "" for found in _WORD.finditer(line)]
    if len(words) < _LEAST:
        return None
    names = ORDER + tuple(f"column-{place}" for place in range(len(ORDER) + 1, len(words) + 1))
    made: dict[str, Any] = {KIND: KINDS}
    for name, word in zip(names, words, strict=False):
        if word in ("-", ""):
            continue
        if name in NUMBERS:
            if not word.isdigit() or len(word) > 18:
                return None
            made[name] = int(word)
        else:
            made[name] = iso(word) if name == "requestdatetime" else word
    if "requestdatetime" not in made:
        return None
    return orjson.dumps(made, option=orjson.OPT_SORT_KEYS)


def iso(text: str) -> str:
    """`20/Nov/2026:10:00:00 +0000` as ISO 8601 in UTC; anything else as it is."""
    month = _MONTHS.get(text[3:6])
    if month is None or len(text) != 26 or text[2] != "/" or not text[:2].isdigit():
        return text
    moment = f"{text[7:11]}-{month:02}-{text[:2]}T{text[12:20]}"
    if text[21:] == "+0000":
        return f"{moment}Z"
    try:
        return (
            datetime.fromisoformat(f"{moment}{text[21:24]}:{text[24:]}").astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        )
    except (ValueError, OverflowError):
        return text
