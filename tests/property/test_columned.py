"""Without a lake only the events are normalised on which a rule on columns may hold; no such event is left out."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from stratagem.detect.compile import compile
from stratagem.events.project import nested
from stratagem.rules.model import Node, Rule, RuleLogSource
from stratagem.rules.reference import matches
from stratagem.rules.resolve import PLAIN
from tests.property.rules.strategies import EXAMPLES, field_tests, nodes, scalars
from tests.unit.events.mini import MINI

GIVEN = ("time", "actor.user.name", "src_endpoint.ip", "src_endpoint.port", "resources")
"""What the projection gives; a record may have these and no others."""
FIELDS = (*GIVEN, "actor.user", "resources.name", "dst_endpoint.ip", "actor.user.uid", "src_endpoint", "no_column")
resources = st.lists(st.fixed_dictionaries({"name": scalars}), max_size=2)
values = st.tuples(st.just("2026-02-01T00:00:00Z"), scalars, scalars, scalars, st.none() | resources)


@settings(max_examples=EXAMPLES, deadline=None)
@given(nodes(field_tests(fields=FIELDS)), values)
def test_a_source_is_left_out_only_where_the_rule_cannot_hold(condition: Node, found: tuple[Any, ...]) -> None:
    rule = Rule(uid="r", title="", logsource=RuleLogSource(product="ocsf"), condition=condition)
    source = replace(MINI, ocsf=", ".join(f'native.x AS "{path}"' for path in GIVEN))
    if matches(condition, nested(GIVEN, found), PLAIN):
        assert compile([rule], [], {"mini": source}).columned == {"mini"}
