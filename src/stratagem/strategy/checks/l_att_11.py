"""L-ATT-11: a link that does not lead to the technique that stands beside it, or not to attack.mitre.org."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from stratagem.errors import Severity
from stratagem.strategy.checks._attack import TECHNIQUE, Mention, links, techniques
from stratagem.strategy.checks._contract import Check, Desk, Hit
from stratagem.strategy.model import Strategy

_PAGE = re.compile(r"/techniques/T\d{4}(?:/\d{3})?/?")
_VERSIONED = re.compile(r"/versions/v\d+(?:\.\d+)?")


def find(strategy: Strategy, desk: Desk) -> Iterator[Hit]:
    """Links with a technique id in them."""
    written = {m.name for m in techniques(strategy) if m.origin in ("text", "front matter", "tag")}
    for url, mention in links(strategy):
        if mention.name:
            problem = _problem(url, mention, written)
            if problem:
                fix = f"Write {_right(mention, desk)}."
                yield Hit(message=problem, line=mention.line, column=mention.column, fix=fix)


def _right(mention: Mention, desk: Desk) -> str:
    technique = desk.attack.successor(mention.name) or desk.attack.technique(mention.name)
    return technique.url if technique else f"https://attack.mitre.org/techniques/{mention.name.replace('.', '/')}/"


def _problem(url: str, mention: Mention, written: set[str]) -> str:
    host, path = _split(url)
    if host != "attack.mitre.org":
        return f"the link for {mention.name} leads to {host or 'nowhere'}, not to attack.mitre.org"
    if not _PAGE.fullmatch(_VERSIONED.sub("", path)):
        return f"{path} is not the path of {mention.name}'s page"
    assert mention.passage is not None
    beside = [match[0] for match in TECHNIQUE.finditer(re.sub(r"https?://\S+", "", mention.passage.text))]
    if beside and mention.name not in beside:
        return f"the link leads to {mention.name}, the text beside it says {', '.join(beside)}"
    if not beside and mention.section == "Categorization" and written and mention.name not in written:
        return f"the link leads to {mention.name}, the strategy says {', '.join(sorted(written))}"
    return ""


def _split(url: str) -> tuple[str, str]:
    try:
        parts = urlsplit(url)
    except ValueError:
        return "", ""
    return (parts.hostname or "").lower(), parts.path


PLUGIN = Check(
    code="L-ATT-11",
    severity=Severity.WARNING,
    catches="link whose path does not lead to the id, or that is not on attack.mitre.org",
    example="## Categorization\n\n[T1069.003](https://attack.mitre.org/techniques/T1069.003)\n",
    find=find,
)
