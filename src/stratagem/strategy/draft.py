"""A draft strategy as it is written: front matter, the nine sections in order, notes for whoever finishes it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from stratagem.places import read
from stratagem.strategy.model import OPTIONAL_SECTIONS, SECTIONS

TITLES = (*SECTIONS, *OPTIONAL_SECTIONS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An imported strategy. `notes` say what is missing or doubtful, with the line of the imported file."""

    id: str
    markdown: str
    notes: tuple[str, ...]


def write(front: Mapping[str, object], sections: Mapping[str, str], notes: Sequence[str]) -> str:
    """The document. The notes stand in a comment at its end: no reader of the page sees them, every editor does."""
    parts = ["---", *(f"{key}: {_value(value)}" for key, value in front.items()), "---", ""]
    for title in TITLES:
        text = sections.get(title, "").strip("\n")
        parts += [f"## {title}", ""] + ([text, ""] if text.strip() else [])
    return "\n".join([*parts, *_comment(notes)]) + "\n"


def draft_id(file: str) -> str:
    """An id from a file name: "001-Root-Login.md" gives "root_login"."""
    name = re.sub(r"[^A-Za-z0-9]+", "_", Path(file).stem).strip("_").lower()
    return re.sub(r"^\d+_(?=[a-z])", "", name) or "imported"


def title_from(file: str) -> str:
    """A title from a file name: "001-Root-Login.md" gives "Root Login"."""
    words = re.sub(r"^\d+[\s_-]+", "", Path(file).stem).replace("-", " ").replace("_", " ").split()
    title = " ".join(words) or "Imported strategy"
    return title[0].upper() + title[1:] if title.islower() else title


def quoted(text: str, info: str) -> str:
    """Text in a fenced block that nothing in it can close."""
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall(r"`+", text)), default=0))
    return f"{fence}{info}\n{text}\n{fence}"


def scalar(text: str) -> str:
    """Text as a YAML scalar: plain where that reads back the same, else quoted."""
    plain = text.isprintable() and not set(text) & set("{}[],#&*!|>'\"%@`\\")
    return text if plain and read(f"a: {text}").value == {"a": text} else json.dumps(text, ensure_ascii=False)


def _value(value: object) -> str:
    if isinstance(value, str):
        return scalar(value)
    return f"[{', '.join(str(item) for item in value)}]" if isinstance(value, Iterable) else str(value)


def _comment(notes: Sequence[str]) -> list[str]:
    if not notes:
        return []
    # "--" would end an HTML comment early.
    items = [f"- {' '.join(note.split()).replace('--', '- -')}" for note in notes]
    return ["<!-- Import notes: settle each, then delete this comment.", "", *items, "-->"]
