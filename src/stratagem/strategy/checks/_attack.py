"""Where a strategy speaks of ATT&CK: technique ids, tactics, platforms and links, each with its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from stratagem import facts
from stratagem.attack import Attack, Technique
from stratagem.strategy.checks._page import Passage, front_matter_line, passages
from stratagem.strategy.model import Strategy

TECHNIQUE = re.compile(r"(?<![\w/.])T\d{4}(?:\.\d{3})?(?![\w])")
LINK = re.compile(r"(?P<url>https?://[^\s)>\]\"'`]*?(?:techniques?|tactics?|/wiki)/[^\s)>\]\"'`]*)", re.IGNORECASE)
TAG = re.compile(r"\battack\.(?P<name>t\d{4}(?:\.\d{3})?|[a-z][a-z_-]+[a-z])(?![\w.-])", re.IGNORECASE)
_LABEL = re.compile(r"\s*[*_]*(?P<label>[A-Za-z&/ ]+?)[*_]*\s*:\s*[*_]*\s*(?P<rest>\S.*)", re.DOTALL)
_URL_ID = re.compile(r"(?P<id>T\d{4})(?:[/.](?P<sub>\d{3}))?", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A name in the document: a technique's id, a tactic, a platform. `origin`: front matter, text, link or tag."""

    name: str
    line: int
    column: int
    origin: str
    section: str = ""
    passage: Passage | None = None
    offset: int = 0
    """Where in the passage."""


def techniques(strategy: Strategy) -> tuple[Mention, ...]:
    """Every technique id, in document order: front matter, prose, links, and tags in blocks."""
    found = [*_front(strategy), *_prose(strategy), *_tags(strategy)]
    ids = [mention for mention in found if re.fullmatch(r"T\d{4}(\.\d{3})?", mention.name)]
    return tuple(sorted(ids, key=lambda mention: (mention.line, mention.column)))


def declared(strategy: Strategy) -> tuple[str, ...]:
    """The ids that the strategy says it is about: front matter, Categorization, tags."""
    found = [
        m.name for m in techniques(strategy) if m.origin in ("front matter", "tag") or m.section == "Categorization"
    ]
    return tuple(dict.fromkeys(found))


def declared_techniques(strategy: Strategy, attack: Attack) -> tuple[Technique, ...]:
    """The declared ids that the version knows; a revoked one is read as its successor."""
    found = (attack.successor(name) or attack.technique(name) for name in declared(strategy))
    return tuple(dict.fromkeys(technique for technique in found if technique))


def tag_tactics(strategy: Strategy) -> tuple[Mention, ...]:
    """The tactics in Sigma tags, as written after `attack.`."""
    return tuple(
        mention for mention in _tags(strategy) if not re.match(r"t\d{4}|[gs]\d{4}", mention.name, re.IGNORECASE)
    )


def links(strategy: Strategy) -> Iterator[tuple[str, Mention]]:
    """Each URL to a technique, with the id that it leads to ("" where it has none)."""
    for passage in passages(strategy):
        for match in LINK.finditer(passage.text):
            line, column = passage.place(match.start())
            yield (
                match["url"],
                Mention(
                    name=url_id(match["url"]),
                    line=line,
                    column=column,
                    origin="link",
                    section=passage.section,
                    passage=passage,
                    offset=match.start(),
                ),
            )


def url_id(url: str) -> str:
    """The technique id in a URL: `/T1069/003` is T1069.003."""
    match = _URL_ID.search(url)
    if not match:
        return ""
    return match["id"].upper() + (f".{match['sub']}" if match["sub"] else "")


def labelled(strategy: Strategy, label: str) -> Iterator[tuple[Passage, str, int]]:
    """Lines of the Categorization such as `- **Platforms:** A, B`: passage, what follows the label, and its offset."""
    for passage in passages(strategy, "Categorization"):
        match = _LABEL.match(passage.text)
        if match and re.search(label, match["label"], re.IGNORECASE):
            yield passage, match["rest"], match.start("rest")


def platforms(strategy: Strategy) -> tuple[Mention, ...]:
    """The platforms that the Categorization (or a section of that name) lists."""
    found: list[Mention] = []
    for passage, rest, start in labelled(strategy, r"^\s*platforms?\s*$"):
        found += _listed(passage, rest, start)
    for passage in passages(strategy, "Platforms"):
        if passage.kind == "item":
            found += _listed(passage, passage.text, 0)
    return tuple(found)


def platform_names(name: str, attack: Attack) -> tuple[str, ...]:
    """The ATT&CK platforms that a name means, or () for a name that means none."""
    known = facts.load("platforms")
    lowered = {platform.lower(): platform for platform in attack.platforms or known["valid"]}
    if name.lower() in lowered:
        return (lowered[name.lower()],)
    for table in (known["renamed"], known["products"]):
        for written, meant in table.items():
            if written.lower() == name.lower():
                return tuple(meant)
    return ()


def _listed(passage: Passage, text: str, start: int) -> Iterator[Mention]:
    for match in re.finditer(r"[^,;|\n]+", text):
        name = match[0].strip(" *_`.")
        if name:
            offset = start + match.start() + match[0].index(name)
            line, column = passage.place(offset)
            yield Mention(name=name, line=line, column=column, origin="text", section=passage.section, passage=passage)


def _front(strategy: Strategy) -> Iterator[Mention]:
    for name in strategy.attack:
        line, column = front_matter_line(strategy, str(name))
        yield Mention(name=str(name).upper(), line=line, column=column, origin="front matter")


def _prose(strategy: Strategy) -> Iterator[Mention]:
    for _, mention in links(strategy):
        yield mention
    for passage in passages(strategy):
        text = re.sub(r"https?://[^\s)>\]]+", lambda match: " " * len(match[0]), passage.text)
        for match in TECHNIQUE.finditer(text):
            line, column = passage.place(match.start())
            yield Mention(
                name=match[0],
                line=line,
                column=column,
                origin="text",
                section=passage.section,
                passage=passage,
                offset=match.start(),
            )


def _tags(strategy: Strategy) -> Iterator[Mention]:
    for block in strategy.blocks:
        if block.kind not in ("sigma", "correlation"):
            continue
        for number, line in enumerate(block.text.split("\n"), start=block.line):
            for match in TAG.finditer(line):
                name = match["name"].upper() if re.match(r"t\d", match["name"], re.IGNORECASE) else match["name"]
                yield Mention(name=name, line=number, column=match.start() + 1, origin="tag", section=block.section)
