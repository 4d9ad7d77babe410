"""L-ATT-08: an id with a name beside it that is not the official one, or a sub-technique without its parent's name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stratagem.attack import Technique
from stratagem.errors import Severity
from stratagem.strategy.checks._attack import Mention, techniques
from stratagem.strategy.checks._contract import Check, Desk, Hit
from stratagem.strategy.checks._page import plain
from stratagem.strategy.model import Strategy

_SMALL = r"and|or|of|to|in|on|the|for|with|via|over|from|as|by"
_AFTER = re.compile(
    r"[*_`\])]*(?:\([^)]*\))?\s*(?:[-–—:]\s*)?[*_`(\[]*"
    rf"(?P<name>[A-Z][\w'/&-]*(?:[ :/]+(?:[A-Z(][\w'/()&-]*|(?:{_SMALL})\b))*)"
)
_SEPARATED = re.compile(r"[*_`\])]*\s*[-–—:]\s")
_LINK_TEXT = re.compile(r"\[(?P<text>[^\]]*)\]\([^)]*$")


def find(strategy: Strategy, desk: Desk) -> Iterator[Hit]:
    """Ids in prose, followed by a name or linked from one."""
    for mention in techniques(strategy):
        technique = desk.attack.technique(mention.name)
        if technique is None or mention.passage is None:
            continue
        written = _linked(mention) if mention.origin == "link" else _following(mention, technique)
        if written and not _is_official(written, technique) and not _beside_parent(mention, technique, written):
            yield _hit(mention, technique, written)


def _hit(mention: Mention, technique: Technique, written: str) -> Hit:
    if technique.parent and _same(written, technique.name):
        message = f"'{written}' is only the second half of the name of {technique.id}"
    else:
        message = f"'{written}' is not the name of {technique.id}"
    fix = f"Write '{technique.id} {technique.full_name}'."
    return Hit(message=message, line=mention.line, column=mention.column, fix=fix)


def _following(mention: Mention, technique: Technique) -> str:
    """The name after an id: a separator and any capitalised words, or without one at least the official short name."""
    assert mention.passage is not None
    rest = mention.passage.text[mention.offset + len(mention.name) :].split("\n")[0]
    match = _AFTER.match(rest)
    if not match:
        return ""
    name = re.sub(rf"(?:\s+(?:{_SMALL}|\())+$", "", match["name"]).strip(" :(")
    if _SEPARATED.match(rest):
        return name
    begins = _fold(name).startswith((_fold(technique.name), _fold(technique.full_name)))
    if not begins:
        return ""
    return technique.full_name if _fold(name).startswith(_fold(technique.full_name)) else technique.name


def _linked(mention: Mention) -> str:
    """The last part of a link's text: `[Tactic / Technique](url)`. Texts that name no technique are let be."""
    assert mention.passage is not None
    match = _LINK_TEXT.search(mention.passage.text[: mention.offset])
    if not match or re.search(r"T\d{4}|ATT&CK|MITRE|reference", match["text"], re.IGNORECASE):
        return ""
    slash = [part.strip() for part in plain(match["text"]).split(" / ")]
    return slash[-1] if len(slash) > 1 else ""


def _beside_parent(mention: Mention, technique: Technique, written: str) -> bool:
    """A list that names the parent too ("T1069 Permission Groups Discovery, T1069.003 Cloud Groups") says it all."""
    assert mention.passage is not None
    parent_name = technique.full_name.removesuffix(f": {technique.name}")
    return (
        technique.parent is not None
        and _same(written, technique.name)
        and _fold(parent_name) in _fold(mention.passage.text)
    )


def _is_official(written: str, technique: Technique) -> bool:
    return _same(written, technique.full_name) or (technique.parent is None and _same(written, technique.name))


def _same(left: str, right: str) -> bool:
    return _fold(left) == _fold(right)


def _fold(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", " ", plain(text).lower()).strip()


PLUGIN = Check(
    code="L-ATT-08",
    severity=Severity.WARNING,
    catches="sub-technique without its parent's name, or a name that is not the official one",
    example="## Categorization\n\n- **MITRE ATT&CK Mapping:** T1069.003 - Cloud Groups\n",
    find=find,
)
