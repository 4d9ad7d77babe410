"""What a Sigma document says about itself: title, logsource, level, status, tags and the like."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from stratagem.rules.model import RuleLogSource
from stratagem.rules.problem import BadRule, nearest

LEVELS = ("informational", "low", "medium", "high", "critical")
STATUSES = ("stable", "test", "experimental", "deprecated", "unsupported")

_TEXTS = ("description", "author")
_LISTS = ("tags", "references", "falsepositives", "fields")


def metadata(data: Mapping[str, Any]) -> dict[str, Any]:
    """The Rule fields that are plain text or lists of it. Raises BadRule where a value is not one of Sigma's."""
    given: dict[str, Any] = {"title": _title(data)}
    for key in _TEXTS:
        given[key] = str(data[key]) if data.get(key) is not None else ""
    for key in _LISTS:
        given[key] = _texts(key, data.get(key))
    given["level"] = _one_of("level", data.get("level"), LEVELS) or "medium"
    given["status"] = _one_of("status", data.get("status"), STATUSES)
    return given


def log_source(data: Mapping[str, Any]) -> RuleLogSource:
    """The logsource as written. Raises BadRule where it is missing or says nothing."""
    value = data.get("logsource")
    if not isinstance(value, Mapping):
        reason = "is missing." if value is None else "is not a map."
        fix = "Add `logsource:` with product, service or category."
        raise BadRule("logsource", reason, fix=fix, path="logsource")
    parts: dict[str, str] = {}
    for key in ("product", "service", "category"):
        part = value.get(key)
        if isinstance(part, Mapping | list):
            raise BadRule("logsource", f"{key} is not text.", path=f"logsource.{key}")
        if part is not None and str(part).strip():
            parts[key] = str(part).strip()
    if not parts:
        raise BadRule("logsource", "names no product, service or category.", path="logsource")
    return RuleLogSource(**parts)


def line_of(path: str, lines: Mapping[str, int]) -> int:
    """The line of `path`, or of its closest parent that is known; 0 if none is."""
    while path:
        if path in lines:
            return lines[path]
        path = path.rpartition(".")[0]
    return 0


def _title(data: Mapping[str, Any]) -> str:
    title = data.get("title")
    if title is None or not str(title).strip():
        raise BadRule("title", "is missing.", fix="Say in a few words what the rule detects.")
    return str(title).strip()


def _texts(key: str, value: Any) -> tuple[str, ...]:
    if value is None:
        return ()
    if isinstance(value, Mapping):
        raise BadRule(key, "is a map, not a list.", path=key)
    return tuple(str(entry) for entry in (value if isinstance(value, list) else [value]) if entry is not None)


def _one_of(key: str, value: Any, known: tuple[str, ...]) -> str:
    """A word of Sigma's, in lower case; empty where the rule leaves it out.

    A strategy's words for status (draft, shadow, live) are kept as they are.
    """
    if value is None:
        return ""
    word = str(value).strip().lower()
    if word not in known and not (key == "status" and word in ("draft", "shadow", "live")):
        raise BadRule(key, f"{value!r} is not a Sigma {key}.", fix=nearest(word, known), path=key)
    return word
