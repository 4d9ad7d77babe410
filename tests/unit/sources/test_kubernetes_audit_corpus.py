"""On real logs: what is audit is found, what is not is left alone. Needs STRATAGEM_CORPUS."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from stratagem.sources import SOURCES
from stratagem.sources._contract import Malformed
from stratagem.sources.unwrap import Found, decode, records, strip_prefix

SOURCE = SOURCES["kubernetes_audit"]


def values(folder: Path) -> Iterator[Any]:
    """The JSON values of the files of a folder: documents and lines, whatever else is in them left aside."""
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        data = file.read_bytes()
        for text in (data,) if _is_json(data) else data.splitlines():
            text = strip_prefix(text)
            if _is_json(text):
                yield decode(text)


def _is_json(text: bytes) -> bool:
    try:
        return isinstance(decode(text), dict | list)
    except Malformed:
        return False


def claimed(folder: Path) -> list[Found]:
    return [found for value in values(folder) for found in records(value) if found.source_id == "kubernetes_audit"]


def test_real_audit_events_are_found_in_what_their_collectors_made_of_them(corpus: Path) -> None:
    found = claimed(corpus / "kubernetes_audit")
    statuses = Counter(item.status for item in found)
    assert statuses["event"] > 250
    assert {item.reason for item in found if item.status == "malformed"} == {"verb is missing"}


def test_every_derived_field_is_found_somewhere_or_never_raises(corpus: Path) -> None:
    natives = [item.native for item in claimed(corpus / "kubernetes_audit") if item.status == "event"]
    seen = {name for native in natives for name, field in SOURCE.derived.items() if field.compute(native) is not None}
    assert {"k8s.pod.privileged_containers", "k8s.pod.host_paths", "k8s.decision", "image.repository"} <= seen


def test_admission_reviews_and_container_logs_are_no_audit_events(corpus: Path) -> None:
    assert claimed(corpus / "kubernetes_admission") == []
    assert claimed(corpus / "gke_logs") == []
    assert claimed(corpus / "containerd") == []


def test_no_other_log_is_taken_for_kubernetes_audit(corpus: Path) -> None:
    folders = [
        path for path in corpus.iterdir() if path.is_dir() and path.name not in ("kubernetes_audit", "m365_audit")
    ]
    claims = {folder.name: found for folder in folders if (found := claimed(folder))}
    # Cloud Audit Logs of GKE's API servers are Kubernetes audit; one AKS record there says no more than `kind: Event`.
    assert set(claims) == {"gcp_audit", "azure_platform"}
    assert all(item.native["verb"] for item in claims["gcp_audit"])
    assert [item.reason for item in claims["azure_platform"]] == ["verb is missing"]
