"""On real logs: runtime, registry and delivery records find their source, and nothing else is claimed.

Needs STRATAGEM_CORPUS.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from stratagem.events.project import project_many
from stratagem.events.query import connect
from stratagem.sources import SOURCES
from tests.unit.sources.test_cloud_corpus import found_in
from tests.unit.sources.test_delivery_golden import DELIVERY

HOMES = {
    "falco": {"falco"},
    "tetragon": {"tetragon"},
    "tracee": {"tracee"},
    "docker": {"docker_events", "podman_events"},
    "containerd": {"containerd"},
    "gke_logs": {"kubernetes_events", "containerd"},
    "kubernetes_admission": {"kubernetes_admission"},
    "registry": {"oci_distribution"},
    "github_audit": {"github_audit"},
    "github_webhook": {"github_webhook"},
    "gitlab": {"gitlab_audit"},
    "terraform_cloud": {"hcp_terraform_audit"},
}
LEAST = {
    "falco": 27,
    "tetragon": 44,
    "tracee": 17,
    "docker": 1,
    "containerd": 3,
    "gke_logs": 5,
    "kubernetes_admission": 59,
    "registry": 4,
    "github_audit": 420,
    "github_webhook": 60,
    "gitlab": 3,
    "terraform_cloud": 1,
}
"""Folder -> records that are known to be recognised, whether or not they can be dated."""


def test_every_log_finds_its_source_and_no_other(corpus: Path) -> None:
    for folder in sorted(path for path in corpus.iterdir() if path.is_dir() and path.name != "labels"):
        claimed = {found.source_id for found in found_in(folder) if found.source_id in DELIVERY}
        assert claimed <= HOMES.get(folder.name, set()), folder.name


@pytest.mark.parametrize("folder", sorted(HOMES))
def test_real_records_are_read_and_every_derived_field_survives_them(corpus: Path, folder: str) -> None:
    statuses: Counter[str] = Counter()
    for found in found_in(corpus / folder):
        if found.source_id not in HOMES[folder]:
            continue
        source = SOURCES[found.source_id]
        statuses[found.status] += 1
        assert source.canonical(found.native)[0] == found.native
        for field in source.derived.values():
            field.compute(found.native)
    assert statuses["event"] >= LEAST[folder]
    assert statuses["malformed"] == 0


@pytest.mark.parametrize("folder", sorted(HOMES))
def test_real_records_with_a_time_become_columns(corpus: Path, folder: str) -> None:
    connection = connect()
    events = [found for found in found_in(corpus / folder) if found.source_id in DELIVERY and found.status == "event"]
    for source_id in sorted({str(found.source_id) for found in events}):
        source = SOURCES[source_id]
        timed = [found for found in events if found.source_id == source_id and source.time(found.native) is not None]
        rows = project_many(source_id, source, [(found.native, "x", found.labels) for found in timed], connection)
        readable = [row for row in rows if row]
        assert len(readable) >= 0.8 * len(rows), source_id
        assert all(row["class_uid"] and row["metadata"]["product"]["name"] for row in readable)
