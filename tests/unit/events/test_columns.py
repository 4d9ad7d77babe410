from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
from ocsf_json_schema import OcsfJsonSchemaEmbedded, get_ocsf_schema

from stratagem.events.columns import (
    COLUMNS,
    EVENTS_SCHEMA,
    OCSF_VERSION,
    PATHS,
    arrow_type,
    render_markdown,
    revision_text,
)
from tests.golden import check_golden

REFERENCE = Path(__file__).parents[3] / "docs" / "reference"
CLASSES = (
    "api_activity",
    "authentication",
    "account_change",
    "entity_management",
    "group_management",
    "network_activity",
    "dns_activity",
    "http_activity",
    "detection_finding",
    "vulnerability_finding",
    "process_activity",
)
OURS = {
    *("event_uid", "source", "file", "offset", "index", "record_hash", "revision", "day", "ingest_time"),
    *("cluster", "account", "tenant", "region", "principal", "impersonator", "session"),
    *(f"{side}_endpoint.{name}" for side in ("src", "dst") for name in ("cluster", "namespace", "workload")),
}


@pytest.fixture(scope="module")
def classes() -> list[dict]:
    published = OcsfJsonSchemaEmbedded(get_ocsf_schema(version=OCSF_VERSION))
    return [
        published.get_class_schema(class_name=name, profiles=["cloud", "host", "security_control", "container"])
        for name in CLASSES
    ]


def _holds(schema: dict, definitions: dict, path: list[str]) -> bool:
    """Does the published schema have an attribute at this path."""
    if not path:
        return True
    attribute = schema.get("properties", {}).get(path[0])
    if attribute is None:
        return False
    attribute = attribute.get("items", attribute)
    below = definitions[attribute["$ref"].rsplit("/", 1)[1]] if "$ref" in attribute else {}
    return _holds(below, definitions, path[1:])


@pytest.mark.parametrize("path", [path for path in PATHS if path not in OURS])
def test_a_column_that_is_not_ours_is_a_path_of_an_ocsf_class(path: str, classes: list[dict]) -> None:
    assert any(_holds(schema, schema["$defs"], path.split(".")) for schema in classes)


@pytest.mark.parametrize("kind", sorted(set(PATHS.values())))
def test_duckdb_and_arrow_agree_on_every_type(kind: str) -> None:
    duck = duckdb.connect()
    duck.execute("SET TimeZone = 'UTC'")
    given = duck.sql(f"SELECT NULL::{kind} AS value").to_arrow_table()
    assert given.cast(pa.schema([pa.field("value", arrow_type(kind))])).num_rows == 1


def test_no_path_is_given_twice_and_none_is_both_a_leaf_and_a_struct() -> None:
    paths = [column.path for column in COLUMNS]
    assert len(paths) == len(set(paths))
    assert not [path for path in paths for other in paths if other.startswith(f"{path}.")]


def test_the_schema_nests_the_paths() -> None:
    assert EVENTS_SCHEMA.field("actor").type.field("user").type.field("name").type == pa.string()
    assert EVENTS_SCHEMA.field("time").type == pa.timestamp("us", tz="UTC")


def test_revisions_sort_as_text_as_they_sort_as_numbers() -> None:
    assert revision_text(9) < revision_text(10)  # type: ignore[operator]
    assert revision_text("2026-01-15") == "2026-01-15"
    assert revision_text(None) is None


def test_the_reference_page_is_current() -> None:
    check_golden(Path("events.md"), render_markdown(), REFERENCE)
