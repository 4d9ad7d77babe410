"""Every event of a run lies in its lake, once a delivery and whole, however the run cuts its batches and files."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st

from stratagem.detect import columns
from stratagem.detect.compile import Plan
from stratagem.detect.run import run
from stratagem.emulate.bases import load
from stratagem.engines.local import Job
from stratagem.events.columns import EVENTS_SCHEMA
from stratagem.ingest.files import expand
from stratagem.lake import writer
from stratagem.lake.store import Lake
from stratagem.sources import SOURCES
from tests.property.scanning import EXAMPLES, lines, plan, quick

few = settings(quick, max_examples=max(1, EXAMPLES // 5))
COLUMNS = ", ".join(f'"{name}"' for name in EVENTS_SCHEMA.names if name not in ("file", "ingest_time"))


def kept(data: Sequence[bytes], rows: int, small: int) -> tuple[list[Any], dict[str, Any]]:
    """The lake's rows and the run's summary, with batches of so many rows and small files up to so many bytes."""
    with tempfile.TemporaryDirectory() as folder:
        logs, lake = Path(folder, "logs"), str(Path(folder, "lake"))
        logs.mkdir()
        for number, text in enumerate(data):
            (logs / f"{number:03}.json").write_bytes(text)
        with patch.object(columns, "_ROWS", rows), patch.object(writer, "SMALL_BYTES", small):
            result = run(Job(plan=plan(), detail=False, lake=lake), expand([str(logs)]), workers=1)
        found = Lake(lake).query(f"SELECT {COLUMNS} FROM copies").to_pylist()
        return sorted(map(repr, found)), dict(result.summary)


@few
@given(lines(), st.integers(1, 5))
def test_a_lake_holds_every_event_and_the_same_rows_whatever_the_batches(some: list[bytes], rows: int) -> None:
    data = [b"\n".join(some)] * 2
    whole, summary = kept(data, 16_384, 8 << 20)
    assert len(whole) == summary["events"]["total"] + summary["duplicates"] - sum(
        summary.get("not_in_lake", {}).values()
    )
    assert kept(data, rows, 1)[0] == whole


def test_of_a_sign_in_that_is_sent_again_the_lake_keeps_the_greatest_revision(tmp_path: Path) -> None:
    source = SOURCES["entra_signin"]
    native = load("entra_signin/az_cli_managed_device")
    later = {**native, "time": "2031-01-01T00:00:00Z"}
    assert source.revision is not None and source.revision(later) != source.revision(native)
    for number, records in enumerate(([native, later], [later, native])):
        (tmp_path / "in.json").write_text("\n".join(json.dumps(record) for record in records), encoding="utf-8")
        lake = str(tmp_path / f"lake{number}")
        run(Job(plan=Plan(rules=(), routes={}), lake=lake), expand([str(tmp_path / "in.json")]), workers=1)
        kept = Lake(lake).query("SELECT raw_data FROM events").to_pylist()
        assert [json.loads(row["raw_data"])["time"] for row in kept] == [later["time"]]
