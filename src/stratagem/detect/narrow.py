"""Records of which only some paths are decoded: several times cheaper than whole ones, and the same to who reads those.

At each level every key that a path may go through is decoded, those with dots included. A record in which something
other than an object stands in a path's way (an array, which paths go through) is decoded whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypedDict

import msgspec

from stratagem.sources._contract import Native
from stratagem.sources._json import decode

Read = Callable[[bytes], Native]

_UNFIT = (msgspec.MsgspecError, RecursionError, UnicodeDecodeError)
_PATIENCE = 200
"""Records decoded in vain before a reader gives up and decodes all records whole."""
_typed_dict: Any = TypedDict  # its keys are known at run time alone


def narrow(paths: Iterable[tuple[str, ...]]) -> Read:
    """A reader of JSON objects that gives at least what stands at these paths. Raises Malformed as `decode` does."""
    part = msgspec.json.Decoder(_shape(frozenset(paths))).decode
    vain = 0

    def read(raw: bytes) -> Native:
        nonlocal vain
        if vain < _PATIENCE:
            try:
                found: Native = part(raw)
                return found
            except _UNFIT:
                vain += 1
        whole: Native = decode(raw)
        return whole

    return read


def _shape(paths: frozenset[tuple[str, ...]]) -> Any:
    """A type that has the keys of all paths, however their segments are joined, and what is below each."""
    below: dict[str, set[tuple[str, ...]]] = {}
    for path in paths:
        for length in range(1, len(path) + 1):
            below.setdefault(".".join(path[:length]), set()).add(path[length:])
    kinds = {key: Any if () in rests else _shape(frozenset(rests)) | None for key, rests in below.items()}
    return _typed_dict("Part", kinds, total=False)
