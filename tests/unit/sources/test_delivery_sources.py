"""Registries and delivery: shapes, traps, and the names that rules use."""

from __future__ import annotations

from typing import Any

import pytest

from stratagem.rules import matcher
from stratagem.rules.load import load_text
from stratagem.rules.resolve import Resolver
from stratagem.rules.routing import answering
from stratagem.sources import SOURCES, unwrap
from stratagem.sources.github_audit.examples import RECORDS as AUDIT
from stratagem.sources.github_webhook.examples import RECORDS as WEBHOOK
from stratagem.sources.gitlab_audit.examples import RECORDS as GITLAB
from stratagem.sources.harbor_audit.examples import RECORDS as HARBOR_AUDIT
from stratagem.sources.harbor_webhook.examples import RECORDS as HARBOR
from stratagem.sources.oci_distribution.examples import RECORDS as OCI
from stratagem.sources.okta_system_log.examples import RECORDS as OKTA

REGISTRY = """
title: delete
id: delete
logsource: {category: container_registry}
detection: {a: {registry.action: delete, registry.repository: prod/web}, condition: a}
"""


def derived(source_id: str, name: str, record: Any) -> Any:
    return SOURCES[source_id].derived[name].compute(record)


@pytest.mark.parametrize(
    ("source_id", "record"),
    [("oci_distribution", OCI["delete"]), ("harbor_webhook", HARBOR["delete"])],
)
def test_one_rule_reads_every_registry(source_id: str, record: dict[str, Any]) -> None:
    (rule,) = load_text(REGISTRY, file="delete.yml").rules
    source = SOURCES[source_id]
    assert answering(source.logsources, rule.logsource)
    assert matcher.compile(rule.condition, Resolver.for_source(source))(record)


@pytest.mark.parametrize(
    ("address", "bare"),
    [("203.0.113.7:40112", "203.0.113.7"), ("[2001:db8::7]:40112", "2001:db8::7"), ("2001:db8::7", "2001:db8::7"),
     ("203.0.113.7", "203.0.113.7"), ("", None), (7, None)],
)  # fmt: skip
def test_a_registry_s_client_loses_its_port(address: Any, bare: str | None) -> None:
    record = {**OCI["push"], "request": {"addr": address}}
    assert derived("oci_distribution", "registry.client_ip", record) == bare


def test_a_layer_is_no_image() -> None:
    assert derived("oci_distribution", "registry.is_manifest", OCI["push"]) is True
    assert derived("oci_distribution", "registry.is_manifest", OCI["push_of_a_layer"]) is False


def test_harbor_s_robots_are_told_apart_and_a_digest_is_no_tag() -> None:
    assert derived("harbor_webhook", "harbor.is_robot", HARBOR["pull_by_robot"]) is True
    assert derived("harbor_webhook", "registry.tag", HARBOR["pull_by_robot"]) is None
    assert derived("harbor_audit", "registry.repository", HARBOR_AUDIT["pull_by_robot"]) == "prod/web"


def test_harbor_s_older_log_tells_no_result() -> None:
    assert derived("harbor_audit", "outcome", HARBOR_AUDIT["project_deleted"]) == "unknown"
    assert derived("harbor_audit", "outcome", HARBOR_AUDIT["sign_in_failed"]) == "failure"


@pytest.mark.parametrize("record", [{"action": "x.y", "actor": "a", "org": "o", "created_at": 1}, AUDIT["clone"]])
def test_a_github_record_may_be_short_or_of_git(record: dict[str, Any]) -> None:
    (found,) = unwrap.records(record)
    assert found.source_id == "github_audit"


def test_the_audit_log_tells_no_outcome_but_a_failed_sign_in() -> None:
    assert derived("github_audit", "outcome", AUDIT["failed_sign_in"]) == "failure"
    assert derived("github_audit", "outcome", AUDIT["secret_created"]) == "unknown"


def test_a_push_is_dated_by_the_server_and_by_its_author_only_where_that_is_missing() -> None:
    source = SOURCES["github_webhook"]
    push = WEBHOOK["push"]
    assert source.time(push) == 1795168800
    bare = {**push, "repository": {"full_name": "example-org/web"}}
    assert source.time(bare) == "2026-11-20T11:00:00+01:00"


def test_a_webhook_without_a_time_of_its_own_is_not_dated_by_the_last_push() -> None:
    member = {"action": "created", "issue": {"state": "open"}, "repository": WEBHOOK["job"]["repository"]}
    assert SOURCES["github_webhook"].time(member) is None


def test_a_push_names_files_and_the_default_branch() -> None:
    push = WEBHOOK["push"]
    assert derived("github_webhook", "github.files", push) == [".github/workflows/build.yml", "Dockerfile"]
    assert derived("github_webhook", "github.is_default_branch", push) is True
    assert derived("github_webhook", "github.is_default_branch", {**push, "ref": "refs/tags/main"}) is False


@pytest.mark.parametrize(("head", "is_fork"), [({"fork": True}, True), ({"full_name": "stranger/web"}, True),
                                               ({"full_name": "example-org/web"}, False), (None, None)])  # fmt: skip
def test_code_of_another_repository_is_a_fork_s(head: Any, is_fork: bool | None) -> None:
    run = {**WEBHOOK["fork_run"], "workflow_run": {"event": "pull_request_target", "head_repository": head}}
    assert derived("github_webhook", "github.from_fork", run) is is_fork


@pytest.mark.parametrize(
    ("name", "event"),
    [
        ("visibility_in_the_file", "change_visibility"),
        ("variable_created", "ci_variable_created"),
        ("member_by_the_api", "member_created"),
        ("failed_sign_in", "failed_login_STANDARD"),
    ],
)
def test_a_gitlab_event_has_one_name_in_every_shape(name: str, event: str) -> None:
    assert derived("gitlab_audit", "gitlab.event", GITLAB[name]) == event


def test_okta_s_positive_behaviours_are_listed_and_groups_are_no_users() -> None:
    assert derived("okta_system_log", "okta.behaviors", OKTA["sign_in"]) == ["New Device"]
    assert derived("okta_system_log", "okta.users", OKTA["group_member"]) == ["dana@example.com"]
    assert derived("okta_system_log", "okta.groups", OKTA["group_member"]) == ["Cluster Admins"]


@pytest.mark.parametrize(
    ("result", "outcome"),
    [
        ("SUCCESS", "success"),
        ("ALLOW", "success"),
        ("DENY", "denied"),
        ("FAILURE", "failure"),
        ("CHALLENGE", "unknown"),
    ],
)
def test_okta_s_results_are_outcomes(result: str, outcome: str) -> None:
    assert derived("okta_system_log", "outcome", {**OKTA["sign_in"], "outcome": {"result": result}}) == outcome


@pytest.mark.parametrize(
    ("source_id", "record"),
    [
        ("okta_system_log", OKTA["sign_in"]),
        ("github_audit", AUDIT["clone"]),
        ("gitlab_audit", GITLAB["failed_sign_in"]),
    ],
)
@pytest.mark.parametrize("broken", [None, "text", 7, [], [None, 1], {"x": 1}])
def test_broken_members_say_nothing_and_raise_nothing(source_id: str, record: dict[str, Any], broken: Any) -> None:
    changed = dict.fromkeys(record, broken)
    for field in SOURCES[source_id].derived.values():
        field.compute(changed)
