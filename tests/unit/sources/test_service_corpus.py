"""On real logs: records of services find their source and become columns. Needs STRATAGEM_CORPUS."""

from __future__ import annotations

from pathlib import Path

import pytest

from stratagem.events.project import project_many
from stratagem.events.query import connect
from stratagem.sources import SOURCES
from tests.unit.sources.test_cloud_corpus import found_in

LEAST = {
    "aws_bedrock": ("aws_bedrock", 8),
    "aws_securityhub": ("aws_securityhub", 35),
    "aws_waf": ("aws_waf", 52),
    "gcp_etd": ("gcp_scc", 8),
    "gcp_lb": ("gcp_requests", 4),
    "gitlab": ("gitlab_requests", 600),
    "intune": ("intune_audit", 6),
    "m365_messagetrace": ("m365_messagetrace", 9),
    "ms_graph_security": ("defender_alerts", 4),
}
"""Folder -> its source, and the records that are known to be recognised."""


@pytest.mark.parametrize("folder", sorted(LEAST))
def test_real_records_are_read_and_become_columns(corpus: Path, folder: str) -> None:
    source_id, least = LEAST[folder]
    source = SOURCES[source_id]
    found = [each for each in found_in(corpus / folder) if each.source_id == source_id]
    assert len(found) >= least
    assert {each.status for each in found} == {"event"}
    timed = [each for each in found if source.time(each.native) is not None]
    for each in timed:
        for derived in source.derived.values():
            derived.compute(each.native)
    rows = project_many(source_id, source, [(each.native, "x", each.labels) for each in timed], connect())
    readable = [row for row in rows if row]
    assert len(readable) >= 0.8 * len(rows)
    assert all(row["class_uid"] and row["metadata"]["product"]["name"] for row in readable)
