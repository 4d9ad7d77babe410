"""Import: a prose ADS report or a Sigma rule becomes a draft strategy, and what is missing or doubtful is listed."""

from __future__ import annotations

from pathlib import Path

from stratagem.errors import ContentError, Problem, Severity, UsageError
from stratagem.strategy.draft import Draft
from stratagem.strategy.import_report import import_report
from stratagem.strategy.import_rule import import_rule

__all__ = ["Draft", "import_any", "import_report", "import_rule"]

_RULES = (".yml", ".yaml")
_REPORTS = (".md", ".markdown", ".txt")


def import_any(path: str | Path) -> Draft:
    """The draft of a file: YAML is a Sigma rule, anything else a report.

    Raises UsageError for a file that cannot be read, ContentError for one that is not UTF-8 text.
    """
    path = Path(path)
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror or error}.") from error
    except UnicodeDecodeError as error:
        message = f"not UTF-8: byte 0x{error.object[error.start]:02x} at offset {error.start}."
        problem = Problem(
            code="S-FILE",
            severity=Severity.ERROR,
            file=str(path),
            message=message,
            fix="Save the file as UTF-8 text.",
        )
        raise ContentError([problem]) from error
    if path.suffix.lower() in _RULES or (path.suffix.lower() not in _REPORTS and _looks_like_rule(text)):
        return import_rule(text, str(path))
    return import_report(text, str(path))


def _looks_like_rule(text: str) -> bool:
    starts = {line.partition(":")[0] for line in text.split("\n") if line[:1].isalpha()}
    return {"logsource", "detection"} <= starts
