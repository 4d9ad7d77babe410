"""The constructs of Sigma 2.1 that are compared, each with records on both sides of it."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from bench.constructs import Construct, Judged, one_selection

YES, NO, OPEN = True, False, None


def _agent(text: str, wanted: bool | None) -> Judged:
    return {"userAgent": text}, wanted


def _errors(*pairs: tuple[Any, bool | None]) -> list[Judged]:
    return [({"errorCode": value}, wanted) for value, wanted in pairs]


def _sizes(*pairs: tuple[Any, bool | None]) -> list[Judged]:
    return [({"requestParameters": {"size": value}}, wanted) for value, wanted in pairs]


_MISSING: Mapping[str, Any] = {}
_ENCODED = base64.b64encode(b"run evil now").decode()
_WIDE = base64.b64encode("evil".encode("utf-16-le")).decode()

CONSTRUCTS: tuple[Construct, ...] = (
    # Text.
    one_selection("text ignores case", {"eventName": "stoplogging"}, ({"eventName": "StopLogging"}, YES)),
    one_selection("text ignores case beyond ASCII", {"userAgent": "ÉCOLE"}, _agent("école", YES)),
    one_selection("`cased`", {"userAgent|cased": "Kali"}, _agent("Kali", YES), _agent("kali", NO)),
    one_selection(
        "wildcard `*`", {"userAgent": "aws*linux"}, _agent("aws-cli linux", YES), _agent("aws-cli linux 2", NO)
    ),
    one_selection("wildcard `*` meets a line break", {"userAgent": "aws*linux"}, _agent("aws\nlinux", YES)),
    one_selection("wildcard `?`", {"userAgent": "k?li"}, _agent("kali", YES), _agent("kli", NO)),
    one_selection("escaped wildcard", {"userAgent": "a\\*b"}, _agent("a*b", YES), _agent("axb", NO)),
    one_selection("backslash before a plain letter", {"userAgent": "a\\b"}, _agent("a\\b", YES), _agent("ab", NO)),
    one_selection("`contains`", {"userAgent|contains": "cli"}, _agent("aws-CLI/2", YES), _agent("boto3", NO)),
    one_selection("`contains` with a wildcard inside", {"userAgent|contains": "a*z"}, _agent("xx a-z xx", YES)),
    one_selection("`startswith`", {"userAgent|startswith": "aws"}, _agent("AWS-cli", YES), _agent("x aws", NO)),
    one_selection("`endswith`", {"userAgent|endswith": "linux"}, _agent("x Linux", YES), _agent("linux x", NO)),
    one_selection("`contains|all`", {"userAgent|contains|all": ["a", "b"]}, _agent("b a", YES), _agent("a", NO)),
    one_selection("list of values", {"userAgent": ["one", "two"]}, _agent("two", YES), _agent("three", NO)),
    # Null, missing, empty.
    one_selection("`null`", {"errorCode": None}, (_MISSING, YES), *_errors((None, YES), ("", NO), ("x", NO))),
    one_selection("`null` in a list", {"errorCode": [None, "x"]}, (_MISSING, YES), *_errors(("x", YES), ("y", NO))),
    one_selection("empty text", {"errorCode": ""}, (_MISSING, NO), *_errors(("", YES), (None, NO), ("x", NO))),
    one_selection("`*` alone", {"errorCode": "*"}, (_MISSING, NO), *_errors(("x", YES), (None, NO))),
    one_selection("`contains: '*'`", {"errorCode|contains": "*"}, (_MISSING, NO), *_errors(("x", YES), (None, NO))),
    one_selection("`exists: true`", {"errorCode|exists": True}, (_MISSING, NO), *_errors(("x", YES), ("", YES))),
    one_selection("`exists: false`", {"errorCode|exists": False}, (_MISSING, YES), *_errors(("x", NO))),
    Construct(
        name="`not` with a missing field",
        detection={"selection": {"errorCode": "x"}, "condition": "not selection"},
        records=((_MISSING, YES), *_errors(("x", NO), ("y", YES))),
    ),
    # Numbers and truth.
    one_selection("number", {"requestParameters.size": 5}, *_sizes((5, YES), (6, NO), (5.0, YES))),
    one_selection("number against text of it", {"requestParameters.size": 5}, *_sizes(("5", OPEN), ("05", NO))),
    one_selection("text of a number against the number", {"requestParameters.size": "5"}, *_sizes((5, OPEN))),
    one_selection("number beyond 64 bits", {"requestParameters.size": 2**70}, *_sizes((2**70, YES), (2**70 + 1, NO))),
    one_selection("`true`", {"requestParameters.size": True}, *_sizes((True, YES), (False, NO))),
    one_selection(
        "text `true` against truth", {"requestParameters.size": "true"}, *_sizes((True, OPEN), ("true", YES))
    ),
    one_selection("`true` against text", {"requestParameters.size": True}, *_sizes(("true", OPEN))),
    one_selection("`gt`", {"requestParameters.size|gt": 5}, *_sizes((6, YES), (5, NO), (5.5, YES))),
    one_selection("`lte`", {"requestParameters.size|lte": 5}, *_sizes((5, YES), (6, NO))),
    one_selection("`gt` on text of a number", {"requestParameters.size|gt": 5}, *_sizes(("60", OPEN), ("6x", NO))),
    # Text that looks like something else.
    one_selection(
        "start of an address", {"sourceIPAddress|startswith": "192.0."}, ({"sourceIPAddress": "192.0.2.1"}, YES)
    ),
    one_selection("address", {"sourceIPAddress": "192.0.2.1"}, ({"sourceIPAddress": "192.0.2.1"}, YES)),
    one_selection("start of a time", {"eventTime|startswith": "2026-01-05T"}, (_MISSING, YES)),
    one_selection("time as text", {"eventTime": "2026-01-05T10:20:30Z"}, (_MISSING, YES)),
    one_selection("part of a version", {"eventVersion|startswith": "1."}, (_MISSING, YES)),
    one_selection("text of digits", {"accountId": "111122223333"}, ({"accountId": "111122223333"}, YES)),
    one_selection(
        "text of digits, `startswith`", {"accountId|startswith": "1111"}, ({"accountId": "111122223333"}, YES)
    ),
    one_selection(
        "text of digits with a zero before",
        {"accountId": "0111"},
        ({"accountId": "0111"}, YES),
        ({"accountId": 111}, NO),
    ),
    one_selection(
        "offset of a time", {"eventTime|endswith": "+01:00"}, ({"eventTime": "2026-01-05T11:20:30+01:00"}, YES)
    ),
    one_selection(
        "IPv6 as written", {"sourceIPAddress|startswith": "2001:0DB8"}, ({"sourceIPAddress": "2001:0db8::1"}, YES)
    ),
    one_selection("text like a duration", {"requestParameters.size": "90m"}, *_sizes(("90m", YES))),
    one_selection("start of text like a duration", {"requestParameters.size|startswith": "90"}, *_sizes(("90m", YES))),
    one_selection("text like a network", {"requestParameters.size|startswith": "0.0.0.0"}, *_sizes(("0.0.0.0/0", YES))),
    one_selection("network with host bits", {"requestParameters.size": "192.0.2.1/24"}, *_sizes(("192.0.2.1/24", YES))),
    one_selection(
        "start of a network", {"requestParameters.size|startswith": "192.0.2.1/"}, *_sizes(("192.0.2.1/24", YES))
    ),
    # Addresses and expressions.
    one_selection(
        "`cidr`",
        {"sourceIPAddress|cidr": "192.0.2.0/24"},
        ({"sourceIPAddress": "192.0.2.77"}, YES),
        ({"sourceIPAddress": "192.0.3.77"}, NO),
        ({"sourceIPAddress": "ec2.amazonaws.com"}, NO),
    ),
    one_selection(
        "`cidr` of IPv6", {"sourceIPAddress|cidr": "2001:db8::/32"}, ({"sourceIPAddress": "2001:DB8::1"}, YES)
    ),
    one_selection("`re` has case", {"userAgent|re": "K[a-z]li"}, _agent("x Kali x", YES), _agent("x kali x", NO)),
    one_selection("`re|i`", {"userAgent|re|i": "k[a-z]li"}, _agent("x KALI x", YES)),
    one_selection("`re|s`", {"userAgent|re|s": "a.b"}, _agent("a\nb", YES)),
    one_selection("`re|m`", {"userAgent|re|m": "^b$"}, _agent("a\nb\nc", YES)),
    one_selection("`re` on a number", {"requestParameters.size|re": "^4"}, *_sizes((443, OPEN))),
    # Other fields.
    one_selection(
        "`fieldref`", {"a|fieldref": "b"}, ({"a": "x", "b": "x"}, YES), ({"a": "x", "b": "y"}, NO), ({"a": "x"}, NO)
    ),
    one_selection("`fieldref` ignores case", {"a|fieldref": "b"}, ({"a": "X", "b": "x"}, OPEN)),
    one_selection("`fieldref|endswith`", {"a|fieldref|endswith": "b"}, ({"a": "user/al", "b": "al"}, YES)),
    # Encodings.
    one_selection("`base64`", {"userAgent|base64": "run evil now"}, _agent(_ENCODED, YES), _agent("run evil now", NO)),
    one_selection("`base64offset|contains`", {"userAgent|base64offset|contains": "evil"}, _agent(_ENCODED, YES)),
    one_selection("`wide|base64offset|contains`", {"userAgent|wide|base64offset|contains": "evil"}, _agent(_WIDE, YES)),
    one_selection("`windash`", {"userAgent|windash|contains": " -x"}, _agent("run /x", YES), _agent("run –x", YES)),
    # Times.
    one_selection("`hour`", {"eventTime|hour": 10}, (_MISSING, YES), ({"eventTime": "2026-01-05T11:20:30Z"}, NO)),
    # Structure.
    one_selection("nested field", {"a.b.c": "x"}, ({"a": {"b": {"c": "x"}}}, YES), ({"a": {"b": "x"}}, NO)),
    one_selection("key with dots", {"a.b/c": "x"}, ({"a.b/c": "x"}, YES)),
    one_selection("key with dots below", {"m.a.b/c": "x"}, ({"m": {"a.b/c": "x"}}, OPEN)),
    one_selection("list of texts", {"a": "x"}, ({"a": ["y", "x"]}, YES), ({"a": ["y"]}, NO), ({"a": []}, NO)),
    one_selection("through a list of objects", {"a.b": "x"}, ({"a": [{"b": "y"}, {"b": "x"}]}, OPEN)),
    one_selection("`contains` on an object", {"a|contains": "deep"}, ({"a": {"b": "deep"}}, OPEN)),
    one_selection("`contains: '*'` on a list", {"a|contains": "*"}, ({"a": ["y"]}, YES), ({"a": []}, NO)),
    one_selection("`null` on an object", {"a": None}, ({"a": {"b": 1}}, NO), ({"a": {}}, NO)),
    one_selection("`exists` on a list", {"a|exists": True}, ({"a": []}, YES), ({"a": ["x"]}, YES)),
    one_selection("keywords", ["needle"], ({"a": {"b": ["a Needle here"]}}, YES), ({"needle": "x"}, OPEN)),
    one_selection("list of maps", [{"a": "x"}, {"b": "y"}], ({"b": "y"}, YES), ({"a": "y"}, NO)),
    Construct(
        name="`1 of` and `all of`",
        detection={
            "sel_a": {"a": "x"},
            "sel_b": {"b": "y"},
            "need_c": {"c": "z"},
            "condition": "1 of sel_* and all of need_*",
        },
        records=(({"b": "y", "c": "z"}, YES), ({"a": "x", "b": "y"}, NO)),
    ),
    Construct(
        name="list of conditions",
        detection={"one": {"a": "x"}, "two": {"b": "y"}, "condition": ["one", "two"]},
        records=(({"b": "y"}, YES), ({"a": "y"}, NO)),
    ),
    Construct(
        name="`and` binds before `or`",
        detection={"one": {"a": "x"}, "two": {"b": "y"}, "three": {"c": "z"}, "condition": "one or two and three"},
        records=(({"a": "x"}, YES), ({"b": "y"}, NO)),
    ),
    one_selection("`neq`", {"errorCode|neq": "x"}, *_errors(("y", YES), ("x", NO))),
)
