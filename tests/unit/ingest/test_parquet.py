from __future__ import annotations

import gzip
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from stratagem.ingest.batch import Bad, Elements
from stratagem.ingest.framing import read
from stratagem.ingest.limits import DEFAULT
from stratagem.sources.aws_vpcflow.examples import POD_EGRESS
from stratagem.sources.ocsf.examples import RECORDS
from stratagem.workspace import Workspace


def test_rows_become_objects_in_order_and_are_placed_by_their_number(tmp_path: Path) -> None:
    file = tmp_path / "rows.parquet"
    pq.write_table(pa.table({"number": range(10_000)}), file)
    batches = [batch for batch in read(str(file), DEFAULT) if isinstance(batch, Elements)]
    assert [batch.first for batch in batches] == [0, 8192]
    assert batches[1].items[-1] == b'{"number":9999}'


def test_a_file_that_is_cut_off_says_so(tmp_path: Path) -> None:
    file = tmp_path / "rows.parquet"
    pq.write_table(pa.table({"number": range(10)}), file)
    file.write_bytes(file.read_bytes()[:-20])
    (bad,) = read(str(file), DEFAULT)
    assert isinstance(bad, Bad)
    assert bad.reason.startswith("Parquet: ")


def test_a_compressed_parquet_file_is_left_to_the_user(tmp_path: Path) -> None:
    file = tmp_path / "rows.parquet.gz"
    pq.write_table(pa.table({"number": range(10)}), tmp_path / "rows.parquet")
    file.write_bytes(gzip.compress((tmp_path / "rows.parquet").read_bytes()))
    (bad,) = read(str(file), DEFAULT)
    assert isinstance(bad, Bad)
    assert bad.reason == "a compressed Parquet file: unpack it first"


def test_flow_logs_and_ocsf_events_in_parquet_are_events_and_native_rules_are_said_to_be_blind(tmp_path: Path) -> None:
    row = {name.replace("-", "_"): value for name, value in POD_EGRESS.items() if name != "log-type"}
    pq.write_table(pa.Table.from_pylist([row]), tmp_path / "flow.parquet")
    events = [RECORDS["api_activity"], RECORDS["network_activity"]]
    pq.write_table(pa.Table.from_pylist(events), tmp_path / "lake.parquet")
    summary = Workspace(None).run([tmp_path], strategies=_strategies(tmp_path)).summary
    assert summary["events"]["by_source"] == {"aws_vpcflow": 1, "ocsf": 2}
    assert summary["not_evaluable"] == {"events": 2, "rules": 1}


def _strategies(folder: Path) -> Path:
    made = folder / "content"
    made.mkdir()
    from stratagem.strategy.new import scaffold

    (made / "new_one.md").write_text(scaffold("new_one", source="aws_cloudtrail"), encoding="utf-8")
    return made
