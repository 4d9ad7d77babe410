"""Paths into a record, as scenarios write them: `spec.containers[0].image`, `annotations."example.com/owner"`."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

Path = tuple[str | int, ...]

_STEP = re.compile(r'"(?P<quoted>(?:[^"\\]|\\.)*)"|\[(?P<index>\d{1,6})\]|(?P<plain>[^.\[\]"]+)')


class BadPath(ValueError):
    """A path that cannot be read, or that does not fit the record. The message says where it breaks."""


def read_path(text: str) -> Path:
    """The steps of a path: keys as text, list indexes as integers. Raises BadPath."""
    steps: list[str | int] = []
    at = 0
    while at < len(text):
        if steps and text[at] == ".":
            at += 1
        elif steps and text[at] != "[":
            raise BadPath(f"path '{text}' needs '.' or '[n]' before '{text[at:]}'")
        match = _STEP.match(text, at)
        if match is None or (match["index"] and (not steps or text[at - 1] == ".")):
            raise BadPath(f"path '{text}' breaks at '{text[at:] or '(its end)'}'")
        steps.append(_step(match))
        at = match.end()
    if not steps or (text.endswith(".") and not text.endswith('."')):
        raise BadPath(f"path '{text}' does not end in a key")
    return tuple(steps)


def _step(match: re.Match[str]) -> str | int:
    if match["index"] is not None:
        return int(match["index"])
    if match["quoted"] is not None:
        return re.sub(r"\\(.)", r"\1", match["quoted"])
    return match["plain"]


def put(record: dict[str, Any], path: Path, value: Any) -> None:
    """Set `path` in `record`, making the objects on the way; a list grows by one item at a time. Raises BadPath."""
    here: Any = record
    for place, (step, following) in enumerate(pairwise(path)):
        below = _get(here, step)
        if below is None:
            below = [] if isinstance(following, int) else {}
            _set(here, step, below, path[: place + 1])
        here = below
    _set(here, path[-1], value, path)


def remove(record: dict[str, Any], path: Path) -> None:
    """Take `path` out of `record`. Raises BadPath where it is not there: a stale `unset` proves nothing."""
    here: Any = record
    for step in path[:-1]:
        here = _get(here, step)
    if _get(here, path[-1], missing := object()) is missing:
        raise BadPath(f"there is no '{show(path)}' to unset")
    del here[path[-1]]


def show(path: Path) -> str:
    """The path as it is written."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        else:
            key = step if re.fullmatch(r'[^.\[\]"]+', step) else '"' + re.sub(r'(["\\])', r"\\\1", step) + '"'
            text += f".{key}" if text else key
    return text


def _get(here: Any, step: str | int, default: Any = None) -> Any:
    if isinstance(step, int):
        return here[step] if isinstance(here, list) and step < len(here) else default
    return here.get(step, default) if isinstance(here, dict) else default


def _set(here: Any, step: str | int, value: Any, path: Path) -> None:
    fits = isinstance(here, dict) if isinstance(step, str) else isinstance(here, list) and step < len(here)
    if fits:
        here[step] = value
    elif isinstance(step, int) and isinstance(here, list) and step == len(here):
        here.append(value)
    elif isinstance(step, int) and isinstance(here, list):
        raise BadPath(f"'{show(path)}' is past the end: the list has {len(here)} item(s)")
    else:
        wanted = "a list" if isinstance(step, int) else "an object"
        raise BadPath(f"'{show(path[:-1])}' is {type(here).__name__} in the event, not {wanted}")
