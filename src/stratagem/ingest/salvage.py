"""JSON inside a line that is not JSON: after a time or a syslog header, or several values end to end."""

from __future__ import annotations

import json

_SCAN = json.JSONDecoder(strict=False).raw_decode
_PREFIX = 512
"""How far into a line its JSON may begin."""


def embedded(text: bytes) -> tuple[list[bytes], bytes]:
    """The JSON values in a line, as text, and what is left over at the end that is none."""
    letters = text.decode("latin-1")
    starts = [at for at in (letters.find("{", 0, _PREFIX), letters.find("[{", 0, _PREFIX)) if at >= 0]
    if not starts:
        return [], text
    at, values = min(starts), list[bytes]()
    while at < len(letters):
        try:
            end = _SCAN(letters, at)[1]
        except (ValueError, RecursionError):  # also integers of more digits than Python reads
            break
        values.append(text[at:end])
        at = end
        while at < len(letters) and letters[at] in " \t\r\n,":
            at += 1
    return values, text[at:] if values else text
