"""Whatever columns an event has, its finding is valid OCSF."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from ocsf_json_schema import OcsfJsonSchemaEmbedded, get_ocsf_schema

from stratagem.detect.model import Evidence, Finding, Location
from stratagem.events.columns import OCSF_VERSION, PATHS, TREE
from stratagem.events.detection_finding import to_ocsf

NOON = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)
SCHEMA = OcsfJsonSchemaEmbedded(get_ocsf_schema(version=OCSF_VERSION))
PUBLISHED = Draft202012Validator(SCHEMA.get_class_schema(class_name="detection_finding", profiles=[]))

TEXTS = st.text(max_size=8) | st.ip_addresses().map(str) | st.sampled_from(["GET", "get", "a@example.com", "a@b"])
SCALARS = {
    "VARCHAR": TEXTS,
    "INTEGER": st.integers(-5, 70000),
    "BIGINT": st.integers(0, 2**40),
    "BOOLEAN": st.booleans(),
    "TIMESTAMPTZ": st.just(NOON),
}
NAMED = st.fixed_dictionaries({}, optional={"uid": TEXTS, "name": TEXTS})
RESOURCE = st.fixed_dictionaries(
    {}, optional={"uid": TEXTS, "name": TEXTS, "type": TEXTS, "group": NAMED, "owner": NAMED}
)


def _values(node: Any) -> st.SearchStrategy[Any]:
    if isinstance(node, dict):
        return st.fixed_dictionaries({}, optional={name: _values(below) for name, below in node.items()})
    kind = PATHS[node]
    if kind.startswith("STRUCT"):
        return st.lists(RESOURCE if node == "resources" else NAMED, max_size=2)
    return st.lists(TEXTS, max_size=2) if kind.endswith("[]") else SCALARS[kind]


NAMES = (
    "actor",
    "user",
    "src_endpoint",
    "dst_endpoint",
    "device",
    "api",
    "http_request",
    "resources",
    "process",
    "cloud",
    "group",
)
COLUMNS = st.fixed_dictionaries({}, optional={name: _values(TREE[name]) for name in NAMES})


@settings(max_examples=60, deadline=None)
@given(columns=COLUMNS, tags=st.lists(TEXTS | st.sampled_from(["T1610", "attack.t1078.004", "discovery"]), max_size=3))
def test_a_finding_on_any_columns_is_valid(columns: dict[str, Any], tags: list[str]) -> None:
    place = Location(file="f", offset=0)
    evidence = Evidence(event_uid="e", source="s", location=place, time=NOON, ocsf=columns)
    finding = Finding(
        uid="u",
        analytic_uid="a",
        analytic_name="",
        rule_uid="r",
        rule_name="",
        title="",
        level="low",
        level_because="",
        time=NOON,
        attacks=tuple(tags),
        attack_version="18.1",
        evidences=(evidence,),
    )
    told = json.loads(json.dumps(to_ocsf(finding)))
    assert [f"{error.json_path}: {error.message}" for error in PUBLISHED.iter_errors(told)] == []
