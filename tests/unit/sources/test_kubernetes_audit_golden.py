"""What becomes of each example, in full: record, labels, derived fields and columns."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from stratagem.events.project import project_many
from stratagem.events.query import connect
from stratagem.sources import SOURCES
from stratagem.sources._contract import Example
from stratagem.sources.unwrap import Found, decode, records
from tests.golden import check_golden

SOURCE = SOURCES["kubernetes_audit"]
NOT_OURS = ("event_uid", "source", "day", "category_uid", "type_uid", "severity_id")
"""Columns that ingest and stratagem fill, whatever the source."""
WHOLE_OBJECTS = ("k8s.object", "k8s.pod.spec", "k8s.pod.containers", "k8s.pod.volumes")


def told(found: Found, columns: dict[str, Any]) -> dict[str, Any]:
    """All that is known of one record, without what repeats the record."""
    labels = {name: getattr(found.labels, name) for name in ("cluster", "account", "tenant", "region")}
    derived = {name: field.compute(found.native) for name, field in SOURCE.derived.items() if name not in WHOLE_OBJECTS}
    return {
        "labels": {name: value for name, value in labels.items() if value is not None},
        "record": found.native,
        "derived": {name: value for name, value in derived.items() if value is not None},
        "columns": {name: value for name, value in columns.items() if name not in NOT_OURS},
    }


@pytest.mark.parametrize("example", SOURCE.examples, ids=lambda example: example.name)
def test_an_example_becomes_what_its_golden_file_says(example: Example) -> None:
    found = list(records(decode(example.raw)))
    rows = project_many(
        "kubernetes_audit",
        SOURCE,
        [(item.native, SOURCE.uid(item.native) or "", item.labels) for item in found],
        connect(),
    )
    text = (
        json.dumps([told(*pair) for pair in zip(found, rows, strict=True)], indent=2, sort_keys=True, default=str)
        + "\n"
    )
    slug = re.sub(r"[^a-z0-9]+", "_", example.name.lower()).strip("_")
    check_golden(Path("kubernetes_audit") / f"{slug}.json", text)
