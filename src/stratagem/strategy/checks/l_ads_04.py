"""L-ADS-04: the abstract claims a pattern that no rule stands for.

A claim is a list item, or a part of a sentence that lists patterns. A rule stands for it when the claim names the rule,
or when the two share words: the rule's name, title, description, selections, fields and values count.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from stratagem.errors import Severity
from stratagem.rules.model import And, Elements, Node, Not, Or, Rule, Test, Timed
from stratagem.strategy.checks._contract import Check, Desk, Hit
from stratagem.strategy.checks._page import Passage, passages, plain
from stratagem.strategy.checks._words import stems
from stratagem.strategy.model import Strategy

_LEADS = re.compile(
    r"\b(?:patterns?|behaviou?rs?|activities|indicators|signs|it (?:detects|reports)|alerts? (?:on|when)|looks? for)\b"
    r"[^.:]*:\s*$",
    re.IGNORECASE,
)
_LISTS = re.compile(
    r"\bpatterns? (?:analy[sz]ed|detected|covered)?\s*(?:involve|include|are|cover)s?\b[:\s]*", re.IGNORECASE
)
_PARTS = re.compile(r"\s*(?:,\s*(?:and|or)\s+|,\s*|;\s*)")


def find(strategy: Strategy, desk: Desk) -> Iterator[Hit]:
    """Each claim that no rule stands for."""
    for claim in _claims(strategy):
        words = " ".join(plain(claim.text).split()).rstrip(".")
        if not strategy.rules:
            message = f"the abstract claims '{_short(words)}', and there is no rule"
            yield Hit(message=message, line=claim.line, column=claim.column, fix="Write the rule, or drop the claim.")
        elif not any(_stands_for(rule, claim.text) for rule in strategy.rules):
            message = f"no rule stands for '{_short(words)}'"
            names = ", ".join(f"`{_name(rule)}`" for rule in strategy.rules)
            fix = f"Name the rule that detects it ({names}), write one, or drop the claim."
            yield Hit(message=message, line=claim.line, column=claim.column, fix=fix, severity=Severity.WARNING)


def _claims(strategy: Strategy) -> Iterator[Passage]:
    leading = False
    for passage in passages(strategy, "Strategy Abstract"):
        if passage.kind == "item":
            if leading:
                yield passage
            continue
        leading = bool(_LEADS.search(plain(passage.text)))
        for sentence in passage.sentences():
            if match := _LISTS.search(sentence.text):
                yield from _parts(sentence, match.end())


def _parts(sentence: Passage, start: int) -> Iterator[Passage]:
    for match in _PARTS.finditer(sentence.text, start):
        if match.start() > start:
            yield sentence.part(start, match.start())
        start = match.end()
    if sentence.text[start:].strip(" .:\n"):
        yield sentence.part(start, len(sentence.text))


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:57].rstrip() + "..."


def _name(rule: Rule) -> str:
    return rule.uid.rpartition("#")[2]


def _stands_for(rule: Rule, claim: str) -> bool:
    return _name(rule) in claim or len(stems(claim) & stems(" ".join(_said(rule)))) >= 2


def _said(rule: Rule) -> Iterator[str]:
    yield from (_name(rule), rule.title, rule.description, *rule.named)
    yield from _tested(rule.condition)


def _tested(node: Node) -> Iterator[str]:
    match node:
        case Test():
            yield node.field or ""
            yield str(node.value)
        case And() | Or():
            for part in node.parts:
                yield from _tested(part)
        case Not() | Timed():
            yield from _tested(node.part)
        case Elements():
            yield node.field
            yield from _tested(node.part)


PLUGIN = Check(
    code="L-ADS-04",
    severity=Severity.ERROR,
    catches="pattern claimed in the Strategy Abstract without a rule",
    example="## Strategy Abstract\n\nPatterns analyzed include:\n\n- Registry access by a new identity\n",
    find=find,
)
