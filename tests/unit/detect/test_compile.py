"""Rules find the sources that answer them; what none answers is refused by name."""

from __future__ import annotations

import pickle
import subprocess
import sys

import pytest

from stratagem.detect.compile import Plan, compile
from stratagem.rules.load import load_text
from stratagem.sources import SOURCES


def plan(logsource: str) -> Plan:
    text = f"title: t\nid: t\nlogsource: {logsource}\ndetection: {{a: {{b: c}}, condition: a}}\n"
    return compile(load_text(text, file="rules/t.yml").rules, [], SOURCES)


@pytest.mark.parametrize(
    ("logsource", "homes"),
    [
        ("{product: aws, service: cloudtrail}", {"aws_cloudtrail"}),
        ("{product: AWS, service: CloudTrail}", {"aws_cloudtrail"}),
        ("{product: kubernetes, service: audit}", {"kubernetes_audit"}),
        ("{product: m365, service: exchange}", {"m365_audit"}),
        ("{product: aws, category: dns}", {"aws_resolver_query"}),
    ],
)
def test_a_logsource_means_its_sources(logsource: str, homes: set[str]) -> None:
    assert set(plan(logsource).routes) == homes


@pytest.mark.parametrize("logsource", ["{product: windows, service: sysmon}", "{product: aws, service: neptune}"])
def test_a_rule_that_no_source_answers_is_refused_with_its_place_and_what_there_is(logsource: str) -> None:
    refused = plan(logsource)
    assert refused.rules == ()
    (rejection,) = refused.rejected
    assert (rejection.file, rejection.construct) == ("rules/t.yml", "logsource")
    assert "aws" in rejection.fix


def test_rules_on_columns_are_kept_apart() -> None:
    made = plan("{product: ocsf}")
    assert (made.on_columns, dict(made.routes), made.rejected) == ((0,), {}, ())


def test_a_rule_on_columns_meets_the_sources_that_give_them() -> None:
    text = (
        "title: t\nid: t\nlogsource: {product: ocsf}\n"
        "detection: {a: {query.hostname|endswith: .example}, b: {activity_id: 6}, condition: a and b}\n"
    )
    made = compile(load_text(text, file="rules/t.yml").rules, [], SOURCES)
    assert {"aws_resolver_query", "hubble", "ocsf"} <= made.columned
    assert not {"aws_cloudtrail", "kubernetes_audit", "entra_signin"} & made.columned


def test_a_rule_that_a_field_s_absence_satisfies_meets_every_source() -> None:
    text = "title: t\nid: t\nlogsource: {product: ocsf}\ndetection: {a: {query.hostname: x}, condition: not a}\n"
    assert compile(load_text(text, file="rules/t.yml").rules, [], SOURCES).columned == set(SOURCES)


def test_a_plan_travels_to_workers() -> None:
    one = plan("{product: aws, service: cloudtrail}")
    assert pickle.loads(pickle.dumps(one)) == one


def test_compiling_loads_no_engine_and_no_driver() -> None:
    code = (
        "import sys; import stratagem.detect.compile; "
        "print([name for name in ('duckdb', 'pyarrow', 'deltalake', 'multiprocessing', 'socket', 'sigma') "
        "if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
