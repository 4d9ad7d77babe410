"""L-ADS-06: a data source that no rule reads, or a rule whose source the document does not name."""

from __future__ import annotations

from collections.abc import Iterator

from stratagem.errors import Severity
from stratagem.strategy.checks._contract import Check, Desk, Hit
from stratagem.strategy.checks._page import find as find_words
from stratagem.strategy.checks._page import passages, search, sentences
from stratagem.strategy.checks._sources import known, rule_sources, source_of, unclear
from stratagem.strategy.model import Strategy

_LISTED = ("Strategy Abstract", "Technical Context", "Blind Spots and Assumptions")


def find(strategy: Strategy, desk: Desk) -> Iterator[Hit]:
    """Sources named in the abstract, sources in the telemetry block, and the rules' logsources, against each other."""
    used = set(rule_sources(strategy))
    yield from _named(strategy, used)
    for need in strategy.telemetry:
        if strategy.rules and need.source not in used and not need.why:
            line = next((block.line for block in strategy.blocks if block.kind == "telemetry"), 1)
            message = f"telemetry asks for {need.source}, which no rule reads"
            yield Hit(message=message, line=line, column=1, fix="Say why it is needed, or drop it.")
    yield from _unlisted(strategy)


def _named(strategy: Strategy, used: set[str]) -> Iterator[Hit]:
    said = list(sentences(strategy, "Strategy Abstract"))
    for source, patterns in known():
        if source in used:
            continue
        for match, passage in list(find_words(said, patterns))[:1]:
            line, column = passage.place(match.start())
            message = f"the abstract names '{match[0]}' as a data source, and no rule reads {source}"
            yield Hit(message=message, line=line, column=column, fix="Write a rule on it, or drop the source.")
    for shown, patterns, instead in unclear():
        for match, passage in list(find_words(said, patterns))[:1]:
            line, column = passage.place(match.start())
            message = f"'{match[0]}' ({shown}) is no log source that a rule could read"
            yield Hit(message=message, line=line, column=column, fix=f"Name {instead}.")


def _unlisted(strategy: Strategy) -> Iterator[Hit]:
    listed = {need.source for need in strategy.telemetry}
    text = "\n".join(passage.text for passage in passages(strategy, *_LISTED))
    expressions = dict(known())
    for rule in strategy.rules:
        source = source_of(rule.logsource)
        if source is None or source in listed or search(expressions[source], text):
            continue
        message = f"the rule reads {rule.logsource}, which the document does not list as a data source"
        fix = f"Add '- source: {source}' to a ```yaml telemetry block under Blind Spots and Assumptions."
        yield Hit(message=message, line=rule.line, column=1, fix=fix)


PLUGIN = Check(
    code="L-ADS-06",
    severity=Severity.ERROR,
    catches="data source that no rule reads, or a rule whose source is not listed",
    example="## Strategy Abstract\n\nThe data sources are Office 365 audit logs.\n",
    find=find,
)
