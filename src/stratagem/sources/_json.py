"""JSON text <-> values, with integers of any size kept exact.

orjson is several times faster than the standard library and reads integers over 64 bits as floats, so text that holds
a run of 19 digits or more is read by the standard library once orjson has found it well-formed.
"""

from __future__ import annotations

import json
from sys import float_info
from typing import Any

import orjson

from stratagem.sources._contract import Malformed

_DIGITS = bytes(48 if 48 <= byte <= 57 else 32 for byte in range(256))
_LONG_RUN = b"0" * 19
_BEFORE = frozenset(b"[:,- \t\r\n")
"""What may stand before the digits of a number."""


def decode(text: bytes | str) -> Any:
    """The value of one JSON text; of duplicate keys the last wins.

    Raises Malformed with the reason: broken JSON, invalid UTF-8, or nested deeper than 1,024 (orjson's limit).
    """
    try:
        value = orjson.loads(text)
        raw = text if isinstance(text, bytes) else text.encode()
        return json.loads(raw) if _has_long_number(raw) else value
    except RecursionError:
        raise Malformed("JSON nested too deep (limit 1,024)") from None
    except ValueError as error:
        if "infinity" in str(error) or "digits" in str(error):
            return _with_huge_numbers(text, _reason(error))
        raise Malformed(_reason(error)) from None


def _has_long_number(raw: bytes) -> bool:
    """Whether a number of 19 digits or more may stand in the text; digits inside a string may look like one.

    Ten times faster than a regular expression, and every record comes by here.
    """
    flat = raw.translate(_DIGITS)
    start = flat.find(_LONG_RUN)
    while start >= 0:
        if start == 0 or raw[start - 1] in _BEFORE:
            return True
        end = flat.find(b" ", start)
        start = flat.find(_LONG_RUN, end) if end >= 0 else -1
    return False


def _with_huge_numbers(text: bytes | str, reason: str) -> Any:
    """The value of well-formed JSON with numbers that Python cannot hold: those become the greatest that it can."""

    def integer(digits: str) -> int | float:
        try:
            return int(digits)
        except ValueError:
            return decimal(digits)

    def decimal(digits: str) -> float:
        return max(-float_info.max, min(float(digits), float_info.max))

    def constant(name: str) -> Any:
        raise ValueError(f"{name} is no JSON")

    try:
        value = json.loads(text, parse_int=integer, parse_float=decimal, parse_constant=constant)
        json.dumps(value, ensure_ascii=False).encode()  # half of a surrogate pair is no text
    except (ValueError, RecursionError):
        raise Malformed(reason) from None
    return value


def _reason(error: ValueError) -> str:
    message = str(error)
    if "limit exceeded" in message:
        return "JSON nested too deep (limit 1,024)"
    return f"broken JSON: {message}"


def encode(value: Any) -> bytes:
    """Compact JSON text of a decoded value, in its own key order. Raises Malformed where JSON cannot say it."""
    try:
        return orjson.dumps(value)
    except TypeError:  # integers over 64 bits, nesting over 254
        pass
    try:
        return json.dumps(value, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise Malformed(f"cannot be written as JSON: {error}") from None
