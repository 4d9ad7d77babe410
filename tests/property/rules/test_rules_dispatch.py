"""Dispatch never loses a match: what the reference says matches is among the candidates."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from stratagem.rules.dispatch import UNKNOWN, Dispatch, possible
from stratagem.rules.model import Node, Op, Rule, RuleLogSource, Test
from stratagem.rules.reference import matches
from stratagem.rules.resolve import MISSING, PLAIN, Resolver
from tests.property.rules.strategies import EXAMPLES, RESOLVER, field_tests, nodes, records, words

PATHS = ("a", "a.b", "c", "alias")


def head(record: dict[str, Any], path: str) -> Any:
    """A discriminator as the fast path decodes it: through objects only, scalars only."""
    value: Any = record
    for segment in path.split("."):
        if isinstance(value, list):
            return UNKNOWN
        if not isinstance(value, dict) or segment not in value:
            return MISSING
        value = value[segment]
    return UNKNOWN if isinstance(value, dict | list) else value


def rule(node: Node, index: int) -> Rule:
    return Rule(uid=str(index), title="", logsource=RuleLogSource(product="x"), condition=node)


on_paths = st.builds(
    Test, field=st.sampled_from(PATHS), op=st.just(Op.EQUALS), value=words, cased=st.booleans()
) | field_tests(fields=PATHS)


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.lists(nodes(on_paths | field_tests()), min_size=1, max_size=4), records, st.sampled_from([RESOLVER, PLAIN]))
def test_every_rule_that_matches_is_a_candidate(
    conditions: list[Node], record: dict[str, Any], resolver: Resolver
) -> None:
    known = tuple(head(record, path) for path in PATHS)
    candidates = Dispatch([rule(node, i) for i, node in enumerate(conditions)], PATHS, resolver).candidates(known)
    assert list(candidates) == sorted(set(candidates))
    for index, node in enumerate(conditions):
        if matches(node, record, resolver):
            assert index in candidates
            assert possible(node, dict(zip(PATHS, known, strict=True)), resolver)
