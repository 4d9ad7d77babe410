"""Which log sources a strategy names, lists and uses."""

from __future__ import annotations

from collections.abc import Iterator

from stratagem import facts
from stratagem.rules.model import RuleLogSource
from stratagem.strategy.model import Strategy


def source_of(logsource: RuleLogSource) -> str | None:
    """The id of the source that answers to a rule's logsource; None for one that we do not know."""
    parts = [part for part in (logsource.product, logsource.category, logsource.service) if part]
    written = "/".join(parts).lower()
    for entry in facts.load("sources")["sources"]:
        if written in entry["logsources"]:
            return str(entry["source"])
    return None


def rule_sources(strategy: Strategy) -> tuple[str, ...]:
    """The sources that the strategy's rules read, in the rules' order."""
    found = (source_of(rule.logsource) for rule in strategy.rules)
    return tuple(dict.fromkeys(source for source in found if source))


def known() -> Iterator[tuple[str, list[str]]]:
    """Each source's id with the expressions that name it."""
    for entry in facts.load("sources")["sources"]:
        yield str(entry["source"]), list(entry["says"])


def unclear() -> Iterator[tuple[str, list[str], str]]:
    """Names that mean no log in particular: what is shown, the expressions, and what to write instead."""
    for entry in facts.load("sources")["unclear"]:
        yield str(entry["shown"]), list(entry["says"]), str(entry["instead"])
