"""GuardDuty, EventBridge, S3 access and resolver queries: what their shapes have of their own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from stratagem.sources import SOURCES, unwrap
from stratagem.sources._contract import Malformed
from stratagem.sources.aws_cloudtrail.examples import RECORDS as CALLS
from stratagem.sources.aws_eventbridge.examples import FINDING, PUSH, SCAN
from stratagem.sources.aws_guardduty.examples import API_CALL, EXAMPLES, TOR
from stratagem.sources.aws_resolver_query.examples import UNKNOWN
from stratagem.sources.aws_s3access.examples import ANONYMOUS, GET
from stratagem.sources.aws_s3access.layout import iso, layout
from stratagem.workspace import Workspace


def derived(source_id: str, name: str, record: Any) -> Any:
    return SOURCES[source_id].derived[name].compute(record)


def test_a_finding_of_the_api_is_the_finding_that_s3_has() -> None:
    raw = next(example.raw for example in EXAMPLES if example.name == "get_findings")
    assert [found.native for found in unwrap.records(unwrap.decode(raw))] == [API_CALL, TOR]


def test_each_state_of_a_finding_is_an_event_and_a_copy_of_a_state_is_not(tmp_path: Path) -> None:
    grown = {**TOR, "updatedAt": "2026-11-20T12:00:00.000Z"}
    (tmp_path / "findings.jsonl").write_bytes(b"\n".join(map(unwrap.encode, (TOR, grown, TOR))))
    summary = Workspace(None).run([tmp_path]).summary
    assert (summary["events"]["total"], summary["duplicates"]) == (2, 1)


def test_a_finding_s_type_comes_apart() -> None:
    parts = [derived("aws_guardduty", f"guardduty.{name}", TOR) for name in ("purpose", "resource", "family", "level")]
    assert parts == ["UnauthorizedAccess", "EC2", "TorRelay", "high"]


def test_eventbridge_s_envelope_of_a_cloudtrail_record_stays_cloudtrail() -> None:
    event = {"detail-type": "AWS API Call via CloudTrail", "source": "aws.ecr", "detail": CALLS["stop_logging"]}
    assert [found.source_id for found in unwrap.records(event)] == ["aws_cloudtrail"]


def test_images_are_named_by_tag_or_digest() -> None:
    assert derived("aws_eventbridge", "ecr.image", PUSH) == "shop/web:latest"
    assert derived("aws_eventbridge", "ecr.critical", SCAN) == 2
    assert derived("aws_eventbridge", "ecr.high", SCAN) == 0
    (image,) = derived("aws_eventbridge", "aws.images", FINDING)
    assert image.startswith("shop/web@sha256:")


def test_an_access_log_line_with_a_quote_in_its_user_agent_is_read() -> None:
    assert ANONYMOUS["useragent"] == 'Mozilla/5.0 ("odd") x'  # the examples' text holds it, and comes back equal


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("20/Nov/2026:10:00:00 +0000", "2026-11-20T10:00:00Z"),
        ("20/Nov/2026:10:00:00 +0200", "2026-11-20T08:00:00Z"),
        ("2026-11-20T10:00:00Z", "2026-11-20T10:00:00Z"),
        ("99/Nov/2026:10:00:00 +0200", "99/Nov/2026:10:00:00 +0200"),
    ],
)
def test_the_access_log_s_time_becomes_iso_8601(text: str, time: str) -> None:
    assert iso(text) == time


@pytest.mark.parametrize("line", ["", "- - -", '203.0.113.7 - - [20/Nov/2026:10:00:00 +0000] "GET / HTTP/1.1" 200 5'])
def test_other_access_logs_are_not_s3_s(line: str) -> None:
    assert layout(line) is None


def test_an_object_s_key_is_decoded_twice_and_nobody_is_seen_as_nobody() -> None:
    assert derived("aws_s3access", "s3.key", GET) == "reports/2026/a b.csv"
    assert derived("aws_s3access", "s3.is_anonymous", ANONYMOUS)
    assert not derived("aws_s3access", "s3.is_anonymous", GET)


def test_an_access_record_without_an_operation_is_refused() -> None:
    with pytest.raises(Malformed, match="operation is missing"):
        SOURCES["aws_s3access"].canonical({"bucket": "b", "requestid": "r"})


def test_a_name_is_compared_without_its_dot_and_case() -> None:
    assert derived("aws_resolver_query", "dns.name", UNKNOWN) == "nowhere.example.com"
    assert derived("aws_resolver_query", "dns.longest_label", UNKNOWN) == 7


@pytest.mark.parametrize(
    ("record", "category"),
    [
        ({"eventCategory": "Data"}, "data"),
        ({"eventCategory": "NetworkActivity"}, "network"),
        ({"managementEvent": False}, "data"),
        ({"managementEvent": True}, "management"),
        ({}, "management"),
    ],
)
def test_a_data_event_is_one_also_where_the_record_has_no_category(record: dict[str, Any], category: str) -> None:
    assert derived("aws_cloudtrail", "aws.event_category", record) == category


def test_what_a_data_event_touched_is_its_first_resource() -> None:
    found = [
        derived("aws_cloudtrail", "aws.data_resource", CALLS[name]) for name in ("data_object", "data_anonymous_list")
    ]
    assert found == ["arn:aws:s3:::example-bucket/reports/2026.csv", "arn:aws:s3:::example-bucket/"]
    assert derived("aws_cloudtrail", "aws.data_resource", CALLS["stop_logging"]) is None
