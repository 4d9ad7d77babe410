from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stratagem.sources import SOURCES, unwrap
from stratagem.sources._contract import Malformed
from stratagem.sources.aws_vpcflow.examples import POD_EGRESS, REJECTED
from stratagem.sources.aws_vpcflow.layout import layout
from stratagem.workspace import Workspace

VPC = SOURCES["aws_vpcflow"]
DEFAULT = "2 111122223333 eni-0a1b2c3d4e5f60718 203.0.113.7 10.0.1.20 40000 22 6 1 40 1795168800 1795168858 REJECT OK"


def read(header: str, line: str) -> dict[str, Any] | None:
    told = layout(header)
    assert told is not None
    text = told.read(line)
    return None if text is None else unwrap.decode(text)


def test_a_header_names_the_columns_in_whatever_order_and_spelling() -> None:
    assert read("dstaddr interface_id srcaddr bytes", "198.51.100.7 eni-1 10.0.1.20 42") == {
        "log-type": "vpcflowlogs",
        "dstaddr": "198.51.100.7",
        "interface-id": "eni-1",
        "srcaddr": "10.0.1.20",
        "bytes": 42,
    }


def test_a_record_of_the_default_format_needs_no_header() -> None:
    assert read(DEFAULT, DEFAULT) == REJECTED


def test_columns_beyond_the_default_format_are_kept_by_position_where_no_header_names_them() -> None:
    found = read(DEFAULT + " prod-cluster -", DEFAULT + " prod-cluster -")
    assert found == REJECTED | {"column-15": "prod-cluster"}


@pytest.mark.parametrize(
    "line",
    [
        "plain prose about interface-id and srcaddr",
        "srcaddr dstaddr",
        "Nov 20 10:00:00 host sshd[1]: Accepted publickey for dana from 203.0.113.7",
        "2 111122223333 lo0 203.0.113.7 10.0.1.20 40000 22 6 1 40 1795168800 1795168858 REJECT OK",
        "interface-id srcaddr srcaddr dstaddr",
        "",
    ],
)
def test_other_text_tells_no_layout(line: str) -> None:
    assert layout(line) is None


@pytest.mark.parametrize(
    "line", ["10.0.1.20 198.51.100.7 x", "10.0.1.20 198.51.100.7", "a b 007", 'a "b" 1', "a b -1", "a b 1_0"]
)
def test_a_line_that_does_not_fit_its_layout_is_none(line: str) -> None:
    assert read("srcaddr dstaddr bytes", line) is None


@given(st.lists(st.text(alphabet="a1-:.", min_size=1, max_size=6) | st.integers(0).map(str), min_size=4, max_size=4))
def test_what_a_layout_reads_is_canonical_and_its_text_is_that_of_the_sorted_record(words: list[str]) -> None:
    import orjson

    told = layout("srcaddr interface-id bytes dstaddr")
    assert told is not None
    text = told.read(" ".join(words))
    if text is not None and len(words[2]) < 19:
        native = unwrap.decode(text)
        assert VPC.canonical(native)[0] == native
        assert orjson.dumps(native, option=orjson.OPT_SORT_KEYS) == text


def test_exports_in_json_come_to_the_same_record_as_the_text() -> None:
    exported = {name.replace("-", "_"): value for name, value in POD_EGRESS.items() if name != "log-type"}
    exported |= {"srcport": 49152.0, "protocol": "TCP", "pkt_src_aws_service": "-", "sublocation_id": None}
    assert VPC.canonical(exported)[0] == POD_EGRESS


def test_a_number_that_is_none_is_said() -> None:
    with pytest.raises(Malformed, match="srcport is no whole number"):
        VPC.canonical({"srcaddr": "10.0.1.20", "dstaddr": "10.0.1.21", "srcport": "http"})


def test_the_same_record_as_text_and_as_json_is_one_event(tmp_path: Path) -> None:
    (tmp_path / "flow.log").write_text(f"{DEFAULT}\n")
    (tmp_path / "flow.json").write_bytes(unwrap.encode([dict(reversed(REJECTED.items()))]))
    summary = Workspace(None).run([tmp_path]).summary
    assert summary["events"]["by_source"] == {"aws_vpcflow": 1}
    assert summary["duplicates"] == 1


def test_joined_files_change_their_layout_at_each_header_and_broken_lines_are_counted(tmp_path: Path) -> None:
    text = (
        f"srcaddr dstaddr start\n10.0.1.20 10.0.1.21 1795168800\nbroken line\n{DEFAULT}\ndstaddr srcaddr bytes start\n"
    )
    (tmp_path / "flow.log").write_text(f"{text}10.0.1.20 10.0.1.21 7 1795168801\n")
    result = Workspace(None).run([tmp_path])
    assert result.summary["events"]["total"] == 3
    assert [(one.location.offset, one.reason) for one in result.quarantined] == [
        (53, "AWS VPC flow logs: a line that does not fit the layout")
    ]
