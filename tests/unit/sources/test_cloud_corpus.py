"""On real logs: what is a cloud's is found, nothing else is claimed. Needs STRATAGEM_CORPUS."""

from __future__ import annotations

import csv
import gzip
import io
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from stratagem.events.project import project_many
from stratagem.events.query import connect
from stratagem.sources import SOURCES, unwrap
from stratagem.sources._contract import Malformed

CLOUD = frozenset(
    {
        "aad_graph_activity",
        "aws_cloudtrail",
        "azure_activity",
        "azure_container_registry",
        "azure_key_vault",
        "entra_audit",
        "entra_signin",
        "gcp_audit",
        "google_workspace",
        "graph_activity",
        "m365_audit",
    }
)
HOMES = {
    "aws_cloudtrail": {"aws_cloudtrail"},
    "entra": {"entra_signin", "entra_audit", "graph_activity"},
    "m365_audit": {"m365_audit"},
    "m365_defender": {"m365_audit"},  # Defender's raw data is the audit record itself
    # Elevated access is logged by the directory, the deletion of a key by its vault.
    "azure_activity": {"azure_activity", "azure_key_vault", "entra_audit"},
    "azure_keyvault": {"azure_key_vault"},
    "gcp_audit": {"gcp_audit", "google_workspace"},  # Workspace shares its log with Cloud Logging
    "google_workspace": {"google_workspace"},
    "gke_logs": {"gcp_audit"},
}


def values(folder: Path) -> Iterator[Any]:
    """The JSON values of a folder's files: documents, lines, rows; other products' expected output left aside."""
    for file in sorted(path for path in folder.rglob("*") if path.is_file() and "expected" not in path.parts):
        data = file.read_bytes()
        data = gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data
        data = data.removeprefix(b"\xef\xbb\xbf")
        if file.suffix == ".csv":
            yield from csv.DictReader(io.StringIO(data.decode(errors="replace")))
            continue
        for text in (data, *data.splitlines()):
            try:
                yield unwrap.decode(text)
            except Malformed:
                continue
            if text is data:
                break


def found_in(folder: Path) -> Iterator[unwrap.Found]:
    return (found for value in values(folder) if isinstance(value, dict | list) for found in unwrap.records(value))


def test_every_log_finds_its_source_and_no_other(corpus: Path) -> None:
    for folder in sorted(path for path in corpus.iterdir() if path.is_dir() and path.name != "labels"):
        claimed = {found.source_id for found in found_in(folder) if found.source_id in CLOUD}
        assert claimed <= HOMES.get(folder.name, set()), folder.name


@pytest.mark.parametrize(
    ("folder", "source_id", "least"),
    [
        ("aws_cloudtrail", "aws_cloudtrail", 1100),
        ("entra", "entra_signin", 30),
        ("entra", "entra_audit", 110),
        ("entra", "graph_activity", 13),
        ("m365_audit", "m365_audit", 4900),
        ("azure_activity", "azure_activity", 200),
        ("azure_keyvault", "azure_key_vault", 32),
        ("gcp_audit", "gcp_audit", 150),
        ("gcp_audit", "google_workspace", 25),
        ("google_workspace", "google_workspace", 220),
    ],
)
def test_real_records_are_read_and_every_derived_field_survives_them(
    corpus: Path, folder: str, source_id: str, least: int
) -> None:
    source = SOURCES[source_id]
    statuses: Counter[str] = Counter()
    for found in found_in(corpus / folder):
        if found.source_id != source_id:
            continue
        statuses[found.status] += 1
        assert source.canonical(found.native)[0] == found.native
        for field in source.derived.values():
            field.compute(found.native)
    assert statuses["event"] >= least
    assert statuses["malformed"] == 0


@pytest.mark.parametrize(
    "folder",
    ["aws_cloudtrail", "azure_activity", "azure_keyvault", "entra", "gcp_audit", "google_workspace", "m365_audit"],
)
def test_columns_and_derived_fields_agree_on_real_records(corpus: Path, folder: str) -> None:
    connection = connect()
    events = [found for found in found_in(corpus / folder) if found.source_id in CLOUD]
    for source_id in sorted({str(found.source_id) for found in events}):
        source = SOURCES[source_id]
        records = [(found.native, "x", found.labels) for found in events if found.source_id == source_id]
        actor = next(one for name, one in source.derived.items() if name.endswith(".actor"))
        for (native, _, _), row in zip(records, project_many(source_id, source, records, connection), strict=True):
            if row:
                assert row["status"] == source.derived["outcome"].compute(native)
                said, expected = row.get("principal"), actor.compute(native)
                assert said is None if expected is None else said.endswith(f":{expected}")
