"""Whether two conditions can hold on one record."""

from __future__ import annotations

import pytest

from stratagem.rules.load import load_text
from stratagem.rules.model import Rule
from stratagem.rules.overlap import may_share, shared_clauses
from stratagem.sources import SOURCES

KUBERNETES = SOURCES["kubernetes_audit"]


def rule(detection: str) -> Rule:
    text = f"title: t\nlogsource: {{product: kubernetes, service: audit}}\ndetection: {detection}\n"
    (one,) = load_text(text, file="rules.yml").rules
    return one


LEASES = "{a: {objectRef.resource: leases, verb: [get, update]}, condition: a}"


@pytest.mark.parametrize(
    ("detection", "shares"),
    [
        ("{b: {objectRef.resource: secrets}, condition: b}", False),
        ("{b: {objectRef.resource: LEASES}, condition: b}", True),
        ("{b: {objectRef.resource|startswith: sec}, condition: b}", False),
        ("{b: {objectRef.resource: leases, verb: create}, condition: b}", False),
        ("{b: {objectRef.resource: leases, verb|contains: dat}, condition: b}", True),
        ("{b: {verb: create}, condition: b}", False),
        ("{b: {verb: create}, condition: not b}", True),
        ("{b: {verb: [get, update]}, condition: not b}", False),
        ("{b: {user.username: alice}, condition: b}", True),
        ("{b: {objectRef.resource: null}, condition: b}", False),
        ("{b: {k8s.pod.containers.image: x}, condition: b}", True),
        ("{b: {objectRef.resource: secrets}, c: {user.username: alice}, condition: b or c}", True),
        ("{b: ['word'], condition: b}", True),
    ],
)
def test_of_fields_with_one_value(detection: str, shares: bool) -> None:
    assert may_share(rule(LEASES).condition, rule(detection).condition, KUBERNETES) is shares
    assert may_share(rule(detection).condition, rule(LEASES).condition, KUBERNETES) is shares


def test_a_field_with_several_values_may_have_one_for_each_condition() -> None:
    one, other = rule("{a: {sourceIPs: 192.0.2.1}, condition: a}"), rule("{a: {sourceIPs: 192.0.2.2}, condition: a}")
    assert may_share(one.condition, other.condition, KUBERNETES)


def test_the_selections_that_are_asked_to_hold_and_may_are_named() -> None:
    one = rule(
        "{secret: {objectRef.resource: secrets}, lease: {objectRef.resource: leases}, own: {user.username: me}, "
        "condition: (secret or lease) and not own}"
    )
    assert shared_clauses(one, rule(LEASES).condition, KUBERNETES) == ("lease",)
    assert shared_clauses(rule("{a: {verb: create}, condition: a}"), rule(LEASES).condition, KUBERNETES) is None
