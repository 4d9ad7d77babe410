from __future__ import annotations

import base64
import gzip
import json
from typing import Any

import pytest

from stratagem.sources import _envelopes
from stratagem.sources._contract import Labels, Malformed
from stratagem.sources.unwrap import DEPTH_LIMIT, Found, decode, encode, records, strip_prefix

EVENT: dict[str, Any] = {
    "kind": "Event",
    "apiVersion": "audit.k8s.io/v1",
    "auditID": "22222222-0000-4000-8000-000000000001",
    "stage": "ResponseComplete",
    "verb": "list",
    "objectRef": {"resource": "pods"},
    "requestReceivedTimestamp": "2026-11-20T09:00:00.000000Z",
}
CALL: dict[str, Any] = {
    "eventVersion": "1.10",
    "eventSource": "sts.amazonaws.com",
    "eventName": "GetCallerIdentity",
    "eventTime": "2026-11-20T09:00:00Z",
    "eventID": "11111111-0000-4000-8000-000000000001",
    "userIdentity": {"type": "IAMUser", "accountId": "111122223333"},
    "recipientAccountId": "111122223333",
    "awsRegion": "eu-west-1",
}
TEXT = json.dumps(EVENT)
UNKNOWN = {"color": "red", "size": 3}


def statuses(value: Any) -> list[str]:
    return [found.status for found in records(value)]


def only(value: Any) -> Found:
    (found,) = records(value)
    return found


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


@pytest.mark.parametrize(
    "value",
    [
        EVENT,
        [EVENT],
        {"kind": "EventList", "apiVersion": "audit.k8s.io/v1", "items": [EVENT]},
        {"records": [{"category": "kube-audit", "properties": {"log": TEXT}}]},
        {"events": [{"timestamp": 1, "message": TEXT}]},
        {"messageType": "DATA_MESSAGE", "logEvents": [{"id": "1", "message": TEXT}]},
        {"Messages": [{"MessageId": "1", "Body": TEXT}]},
        {"Records": [{"eventSource": "aws:sqs", "body": TEXT}]},
        {"Type": "Notification", "TopicArn": "arn", "Message": TEXT},
        {"Records": [{"EventSource": "aws:sns", "Sns": {"Message": TEXT}}]},
        {"message": {"data": b64(TEXT.encode()), "messageId": "1"}, "subscription": "s"},
        {"receivedMessages": [{"ackId": "1", "message": {"data": b64(TEXT.encode())}}]},
        {"requestId": "1", "records": [{"data": b64(TEXT.encode())}]},
        {"awslogs": {"data": b64(gzip.compress(json.dumps({"logEvents": [{"message": TEXT}]}).encode()))}},
        {"log": TEXT + "\n", "stream": "stdout"},
        {"@timestamp": "2026", "message": TEXT},
        {"message": f"<190>Nov 20 09:00:00 host kube-apiserver: {TEXT}"},
        {"event": {"original": TEXT, "kind": "event"}, "message": "a summary in words"},
        {"event.original": TEXT},
        {"_raw": TEXT, "sourcetype": "kube:audit"},
        {"event": EVENT, "sourcetype": "kube:audit"},
        {"rule_id": "x", "expected": True, "event": EVENT},
        {"jsonPayload": EVENT, "logName": "l"},
        {"textPayload": TEXT},
        {"hits": {"total": 1, "hits": [{"_id": "1", "_source": {"message": TEXT}}]}},
        {"_value": EVENT},
        {"result": {"_raw": TEXT}},
        {"body": EVENT},
        {"some": {"name": {"of": {"theirs": EVENT}}}},
        {"tables": [{"columns": [{"name": "log_s"}, {"name": "Category"}], "rows": [[TEXT, "kube-audit"]]}]},
        json.dumps(TEXT),
    ],
)
def test_an_event_is_found_in_every_container(value: Any) -> None:
    found = only(value)
    assert (found.source_id, found.status, found.reason) == ("kubernetes_audit", "event", "")
    assert found.native == EVENT


@pytest.mark.parametrize(
    "value",
    [
        {"Records": [CALL]},
        {"Events": [{"EventId": "1", "EventName": "x", "CloudTrailEvent": json.dumps(CALL)}]},
        {"version": "0", "detail-type": "AWS API Call via CloudTrail", "source": "aws.sts", "detail": CALL},
        {"Messages": [{"Body": json.dumps({"Type": "Notification", "Message": json.dumps({"Records": [CALL]})})}]},
    ],
)
def test_a_call_is_found_in_what_aws_puts_around_it(value: Any) -> None:
    found = only(value)
    assert (found.source_id, found.status) == ("aws_cloudtrail", "event")


def test_one_value_may_hold_many_records_of_many_sources() -> None:
    assert [found.source_id for found in records([EVENT, {"Records": [CALL, CALL]}, UNKNOWN])] == [
        "kubernetes_audit",
        "aws_cloudtrail",
        "aws_cloudtrail",
        None,
    ]


def test_every_element_of_a_run_is_reported_known_or_not() -> None:
    assert statuses({"Records": [CALL, UNKNOWN, 7]}) == ["event", "unidentified", "unidentified"]
    assert statuses({"rows": [UNKNOWN, EVENT, UNKNOWN]}) == ["unidentified", "event", "unidentified"]


def test_lists_under_several_keys_are_all_read() -> None:
    assert statuses({"audit": [EVENT, EVENT], "trail": [CALL]}) == ["event", "event", "event"]


def test_several_carriers_of_one_object_say_the_same_so_one_is_read() -> None:
    assert statuses({"message": TEXT, "event": {"original": TEXT}}) == ["event"]


def test_a_list_beside_a_carrier_is_read_too() -> None:
    assert statuses({"message": TEXT, "more": [CALL], "tags": ["a"]}) == ["event", "event"]


def test_a_broken_carrier_is_reported_also_where_another_member_holds_a_record() -> None:
    assert statuses({"log": TEXT[:-20], "theirs": EVENT}) == ["malformed", "event"]
    assert statuses({"log": TEXT[:-20], "message": TEXT}) == ["event"]


def test_an_object_that_nobody_knows_is_named_by_its_keys() -> None:
    found = only(UNKNOWN)
    assert (found.native, found.source_id, found.status) == (UNKNOWN, None, "unidentified")
    assert found.reason == "no source recognises keys color, size"
    assert only(dict.fromkeys("abcdefg", 1)).reason == "no source recognises keys a, b, c, d, e and 2 more"
    assert only({}).reason == "an empty object"


def test_an_unknown_object_with_a_list_inside_is_one_unknown_object() -> None:
    assert statuses({"kind": "x", "events": [{"a": 1}, {"a": 2}]}) == ["unidentified"]


@pytest.mark.parametrize(
    ("value", "kind"), [("words", "text"), (7, "number"), (None, "null"), (True, "true or false"), ([[]], "array")]
)
def test_what_is_no_object_says_what_it_is(value: Any, kind: str) -> None:
    assert only(value).reason == f"not a JSON object: {kind}"


def test_an_empty_run_of_records_is_nothing() -> None:
    assert statuses([]) == statuses({"Records": []}) == statuses({"kind": "EventList", "items": []}) == []


@pytest.mark.parametrize(
    "value",
    [
        {"messageType": "CONTROL_MESSAGE", "logEvents": [{"message": "CWL CONTROL MESSAGE: Checking health"}]},
        {"Records": [{"eventSource": "aws:s3", "eventName": "ObjectCreated:Put", "s3": {"object": {"key": "k"}}}]},
        {"Service": "Amazon S3", "Event": "s3:TestEvent"},
        {"Type": "Notification", "Message": json.dumps({"s3Bucket": "b", "s3ObjectKey": ["k"]})},
        {"Type": "SubscriptionConfirmation", "TopicArn": "arn", "Message": "You have chosen to subscribe"},
        {"digestS3Bucket": "b", "logFiles": []},
    ],
)
def test_what_collectors_say_to_themselves_is_excluded_with_a_reason(value: Any) -> None:
    found = only(value)
    assert found.status == "excluded"
    assert found.reason


def test_an_eks_log_group_names_the_cluster_and_the_account() -> None:
    value = {"messageType": "DATA_MESSAGE", "owner": "111122223333", "logGroup": "/aws/eks/shop/cluster"}
    found = only({**value, "logEvents": [{"id": "1", "message": TEXT}]})
    assert found.labels == Labels(cluster="shop", account="111122223333")


def test_another_log_group_names_no_cluster() -> None:
    found = only({"owner": "111122223333", "logGroup": "audit", "logEvents": [{"id": "1", "message": TEXT}]})
    assert found.labels == Labels(account="111122223333")


def test_eventbridge_names_account_and_region() -> None:
    bare = {name: CALL[name] for name in ("eventVersion", "eventSource", "eventName", "eventTime")}
    envelope = {"detail-type": "AWS API Call via CloudTrail", "account": "444455556666", "region": "us-east-1"}
    assert only({**envelope, "detail": bare}).labels == Labels(account="444455556666", region="us-east-1")


def test_the_record_s_own_label_goes_before_the_envelope_s_and_that_before_the_given_one() -> None:
    envelope = {"detail-type": "x", "account": "444455556666", "region": "us-east-1", "detail": CALL}
    (found,) = records(envelope, Labels(account="777788889999", tenant="example"))
    assert found.labels == Labels(account="111122223333", region="eu-west-1", tenant="example")


def test_envelopes_are_opened_up_to_the_limit() -> None:
    value: Any = EVENT
    for _ in range(DEPTH_LIMIT):
        value = {"inner": value}
    assert statuses(value) == ["event"]
    assert statuses({"inner": value}) == ["unidentified"]
    assert [found.status for found in records({"inner": EVENT}, limit=0)] == ["unidentified"]


def test_broken_json_in_a_carrier_is_malformed_and_names_the_carrier() -> None:
    found = only({"logEvents": [{"id": "1", "message": TEXT[:-20]}]})
    assert found.status == "malformed"
    assert found.reason.startswith("message: broken JSON")


def test_text_that_is_no_json_is_not_broken_json() -> None:
    assert statuses({"message": "connection {closed} by peer"}) == ["unidentified"]
    assert statuses({"log": "{not json at all"}) == ["unidentified"]


def test_a_recognised_record_of_a_wrong_shape_is_malformed_with_its_source() -> None:
    found = only({**EVENT, "objectRef": "pods"})
    assert (found.source_id, found.status, found.reason) == (
        "kubernetes_audit",
        "malformed",
        "objectRef is not an object",
    )


def test_lines_inside_one_text_are_records_of_their_own() -> None:
    assert statuses({"message": f"{TEXT}\n{TEXT}\n"}) == ["event", "event"]


def test_base64_that_is_none_is_only_text() -> None:
    assert statuses({"data": "AAAA"}) == statuses({"data": "no base64!"}) == ["unidentified"]
    assert statuses({"data": b64(b"\x1f\x8bnot gzip after all")}) == ["unidentified"]
    assert statuses({"data": "A" * 5_000 + "ü"}) == ["unidentified"]


def test_compressed_text_is_expanded_up_to_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_envelopes, "TEXT_LIMIT", 4_000)
    bomb = b64(gzip.compress(json.dumps({**EVENT, "userAgent": "x" * 100_000}).encode()))
    assert statuses({"data": bomb}) == ["malformed"]


@pytest.mark.parametrize(
    "line",
    [
        b'{"a":1}',
        b'2026-11-20T09:00:00.000Z {"a":1}',
        b'2026-11-20T09:00:00.123456789+01:00 stdout F {"a":1}',
        b'2026-11-20 09:00:00,123 {"a":1}',
        b'<190>1 2026-11-20T09:00:00Z host app - - - {"a":1}',
    ],
)
def test_a_log_prefix_is_taken_off_a_line(line: bytes) -> None:
    assert strip_prefix(line) == b'{"a":1}'


@pytest.mark.parametrize("line", [b"", b"words only", b'audit: {"a":1}', b'2026 {"a":1}'])
def test_a_line_without_a_known_prefix_stays_as_it_is(line: bytes) -> None:
    assert strip_prefix(line) == line


@pytest.mark.parametrize("number", [2**63, 2**64 - 1, 2**64, 10**30, -(2**63) - 1, -(10**40)])
def test_integers_of_any_size_stay_exact(number: int) -> None:
    value = {"n": number, "text": "1" * 25}
    assert decode(json.dumps(value)) == value
    assert decode(encode(value)) == value


def test_the_last_of_duplicate_keys_wins_whatever_the_numbers() -> None:
    assert decode(b'{"a":1,"a":2}') == {"a": 2}
    assert decode(b'{"a":1,"a":2,"n":99999999999999999999}') == {"a": 2, "n": 99999999999999999999}


@pytest.mark.parametrize(
    "text", [b"", b"{", b'{"a":NaN}', b'{"a":NaN,"n":99999999999999999999}', b"\xff{}", '{"a":"\ud800"}']
)
def test_broken_json_is_malformed(text: bytes | str) -> None:
    with pytest.raises(Malformed, match="broken JSON"):
        decode(text)


@pytest.mark.parametrize("opening", ["[", '{"a":'])
def test_deep_nesting_is_malformed_with_the_limit(opening: str) -> None:
    closing = "]" if opening == "[" else "}"
    with pytest.raises(Malformed, match="nested too deep"):
        decode(opening * 10_000 + "1" + closing * 10_000)
    with pytest.raises(Malformed, match="nested too deep"):
        decode(opening * 10_000 + "9" * 20 + closing * 10_000)


def test_nesting_below_the_limit_is_read_and_written() -> None:
    deep: Any = 1
    for _ in range(900):
        deep = [deep]
    assert decode(encode(deep)) == deep
    assert statuses({"x": deep}) == ["unidentified"]
