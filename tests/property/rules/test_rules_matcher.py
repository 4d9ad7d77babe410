"""The fast matcher says what the reference says."""

from __future__ import annotations

import pickle
from typing import Any

from hypothesis import given, settings

from stratagem.rules.matcher import compile
from stratagem.rules.model import Node
from stratagem.rules.reference import matches
from stratagem.rules.resolve import PLAIN
from tests.property.rules.strategies import EXAMPLES, RESOLVER, nodes, records


@settings(max_examples=EXAMPLES, deadline=None)
@given(nodes(), records)
def test_the_matcher_agrees_with_the_reference(node: Node, record: dict[str, Any]) -> None:
    assert compile(node, RESOLVER)(record) == matches(node, record, RESOLVER)


@settings(max_examples=EXAMPLES, deadline=None)
@given(nodes(), records)
def test_it_agrees_without_aliases_too_after_a_trip_between_processes(node: Node, record: dict[str, Any]) -> None:
    travelled = pickle.loads(pickle.dumps(node))
    assert compile(travelled, PLAIN)(record) == matches(node, record, PLAIN)
