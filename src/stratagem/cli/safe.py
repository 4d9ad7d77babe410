"""Text of events made harmless: it may hold whatever an attacker typed.

A terminal obeys control characters, a spreadsheet runs a cell that begins with `=`, Markdown renders markup.
"""

from __future__ import annotations

import re

# C0, DEL and C1; line and paragraph separators; and the characters that turn the direction of reading.
_DANGEROUS = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]|[\ud800-\udfff]")
_NOT_IN_JSON = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_MARKUP = re.compile(r"([\\`*_\[\]<>|#~!&])")
_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def printable(text: object) -> str:
    r"""Text for a terminal: control and direction characters are spelt out (`\x1b`, `\u202e`)."""
    return _DANGEROUS.sub(lambda found: _spelt(found[0]), str(text))


def _spelt(character: str) -> str:
    code = ord(character)
    return _SHORT.get(character) or (f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}")


def json_text(text: str) -> str:
    """JSON whose strings hold no character that a terminal obeys; it decodes to the same values."""
    if text.isascii() and "\x7f" not in text:
        return text
    return _NOT_IN_JSON.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def cell(value: object) -> str:
    """A spreadsheet cell: printable, and never a formula."""
    text = printable(value)
    return f"'{text}" if str(value).startswith(_FORMULA) else text


def markdown(text: object) -> str:
    """Text for a Markdown page: printable, with markup characters escaped."""
    return _MARKUP.sub(r"\\\1", printable(text))
