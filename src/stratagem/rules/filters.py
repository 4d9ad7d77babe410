"""Sigma filter documents: read, and given to the rules that they name, without touching those rules' conditions.

The specification's example excludes what its condition selects; pySigma keeps what it selects, so that authors write
`condition: not selection`. Both are in use. We take the reading that removes less: a condition that already holds
for an empty record says what to keep, any other says what to remove.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from stratagem.context.entry import Lists
from stratagem.rules.detection import read_detection
from stratagem.rules.metadata import log_source
from stratagem.rules.model import Filter, Node, Not, Rejection, Rule, RuleLogSource
from stratagem.rules.problem import BadRule
from stratagem.rules.reference import matches
from stratagem.rules.resolve import PLAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class Applicable:
    """A filter and where it applies: rules by id or name (None: all) of a logsource."""

    filter: Filter
    logsource: RuleLogSource
    rules: tuple[str, ...] | None
    file: str = ""
    line: int = 0

    def takes(self, rule: Rule, name: str) -> bool:
        """Does the filter apply to this rule, which is also called `name`?"""
        wanted = self.logsource
        for own, theirs in (
            (wanted.product, rule.logsource.product),
            (wanted.service, rule.logsource.service),
            (wanted.category, rule.logsource.category),
        ):
            if own is not None and own != theirs:
                return False
        return self.rules is None or rule.uid in self.rules or name in self.rules


def read_filter(data: Mapping[str, Any], lists: Lists) -> Applicable:
    """A Sigma filter document. Raises BadRule."""
    body = data["filter"]
    if not isinstance(body, Mapping):
        raise BadRule("filter", "is not a map.", path="filter")
    try:
        condition, _ = read_detection(body, lists, skip=("rules",))
    except BadRule as problem:
        raise problem.under("filter") from None
    name = str(data.get("name") or data.get("id") or data.get("title") or "filter")
    said = Filter(
        name=name,
        condition=_removed(condition),
        owner=str(data.get("author") or ""),
        reason=str(data.get("description") or data.get("title") or ""),
        ticket=str(data.get("ticket") or ""),
        expires=str(data["expires"]) if data.get("expires") else None,
    )
    return Applicable(filter=said, logsource=log_source(data), rules=_names(body.get("rules")))


def _removed(condition: Node) -> Node:
    """What the filter removes."""
    if not matches(condition, {}, PLAIN):
        return condition
    return condition.part if isinstance(condition, Not) else Not(part=condition)


def _names(value: Any) -> tuple[str, ...] | None:
    if value is None:
        fix = "List the ids or names of the rules, or write `any`."
        raise BadRule("filter", "does not say which rules it is for.", fix=fix, path="filter")
    if isinstance(value, str) and value.lower() == "any":
        return None
    return tuple(str(entry) for entry in (value if isinstance(value, list) else [value])) or None


def attach(
    rules: Iterable[Rule], filters: Iterable[Applicable], names: Mapping[str, str]
) -> tuple[tuple[Rule, ...], list[Rejection]]:
    """The rules with their filters, and the filters that apply to none of them. `names` are rule names by id."""
    found = list(rules)
    unused = []
    for applicable in filters:
        taken = [index for index, rule in enumerate(found) if applicable.takes(rule, names.get(rule.uid, ""))]
        for index in taken:
            rule = found[index]
            found[index] = replace(rule, filters=(*rule.filters, applicable.filter))
        if not taken:
            unused.append(_unused(applicable))
    return tuple(found), unused


def _unused(applicable: Applicable) -> Rejection:
    names = ", ".join(applicable.rules or ("any",))
    return Rejection(
        file=applicable.file,
        line=applicable.line,
        title=applicable.filter.name,
        construct="filter",
        reason=f"applies to no loaded rule (rules: {names}; logsource: {applicable.logsource}).",
        fix="Check the ids and the logsource.",
    )
