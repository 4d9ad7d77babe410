"""The prefilter looks for the rarest text that a rule needs, in one pass over the raw bytes."""

from __future__ import annotations

from pathlib import Path

import pytest

from stratagem.rules.load import load_selection
from stratagem.rules.prefilter import Prefilter, is_risky, literals, risky_offsets
from stratagem.rules.resolve import PLAIN, Resolver


@pytest.mark.parametrize(
    ("selection", "wanted"),
    [
        ({"eventSource": "ec2.amazonaws.com", "eventName": "RunInstances"}, {b'"runinstances"'}),
        ({"eventName": ["StopLogging", "DeleteTrail"]}, {b'"stoplogging"', b'"deletetrail"'}),
        ({"a.longestName": True}, {b"longestname"}),
        ({"userAgent|contains": "S3 Browser"}, {b"s3 browser"}),
        ({"policy|contains": '"arn:aws:s3:::<BUCKET>/*"'}, {b"arn:aws:s3:::"}),
        ({"code": 50126}, {b"code"}),
        ({"ip|cidr": "192.0.2.0/24"}, None),
        ({"sourceIPAddress|cidr": "192.0.2.0/24"}, {b"sourceipaddress"}),
        ({"name|re": "^kube-(proxy|scheduler)$"}, {b"kube-"}),
        ({"a": None}, None),
        ({"eventName|neq": "x"}, None),
        (["break-glass"], {b"break-glass"}),
        ([{"a": "alpha"}, {"b": None}], None),
    ],
)
def test_a_selection_gives_the_literal_that_looks_rarest(selection: object, wanted: set[bytes] | None) -> None:
    assert literals(load_selection(selection), PLAIN) == wanted


def test_a_derived_field_gives_what_it_declares() -> None:
    silent = Resolver(derived={"made": lambda record: "Computed"})
    declared = Resolver(derived={"made": lambda record: "Computed"}, witnesses={"made": ("containers",)})
    condition = load_selection({"made": "Computed"})
    assert literals(condition, silent) is None
    assert literals(condition, declared) == {b'"computed"', b"containers"}


@pytest.mark.parametrize(
    "raw", [b'"\\u0041"', b'"a\\/b"', '"\u212a"'.encode(), b'"\\u212A"', b'"\\u0131"', '"ſ"'.encode()]
)
def test_an_escape_that_could_hide_a_literal_is_risky(raw: bytes) -> None:
    assert is_risky(raw)
    assert risky_offsets(b"{}\n" + raw)[0] >= 4


@pytest.mark.parametrize(
    "raw", [b'"a"', b'"\\u003c\\u0026\\u003E"', b'"\\"\\\\\\n"', '"é"'.encode(), b'"\\u00e9\\u2028"']
)
def test_an_escape_of_what_no_literal_holds_is_not(raw: bytes) -> None:
    assert not is_risky(raw)
    assert risky_offsets(raw) == []


@pytest.mark.parametrize("engine", ["auto", "python"])
def test_a_scan_gives_the_places_for_each_rule(engine: str) -> None:
    prefilter = Prefilter([frozenset({b"abc", b"bc"}), None, frozenset({b'"x"'}), frozenset()], engine=engine)
    assert prefilter.scan(b'ABC "X" bc') == [[0, 1, 8], [], [4], []]
    assert prefilter.always == (1,)


def test_a_compiled_database_is_kept_and_a_broken_one_is_made_again(tmp_path: Path) -> None:
    pytest.importorskip("hyperscan")
    sets = [frozenset({b"abc"})]
    assert Prefilter(sets, cache=tmp_path).scan(b"xABC") == [[1]]
    (kept,) = tmp_path.iterdir()
    assert Prefilter(sets, cache=tmp_path).scan(b"xABC") == [[1]]
    kept.write_bytes(b"broken")
    assert Prefilter(sets, cache=tmp_path).scan(b"xABC") == [[1]]
