from __future__ import annotations

import pytest
from jsonschema import Draft202012Validator

from stratagem.strategy.schemas import DOCUMENTS, complaints, schema


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_schema_is_a_schema_with_a_title_and_a_description(name: str) -> None:
    Draft202012Validator.check_schema(schema(name))
    assert schema(name)["title"]
    assert schema(name)["description"].endswith(".")


def test_a_missing_key_says_what_belongs_there() -> None:
    (complaint,) = complaints("telemetry", [{"level": "x"}])
    assert (complaint.path, complaint.message) == ("0", "key 'source' is missing")
    assert "stratagem sources" in complaint.fix


def test_an_item_of_a_list_is_named_by_its_number() -> None:
    (complaint,) = complaints("front_matter", {"attack": ["T1526", "discovery"]})
    assert complaint.message == "item 2 of 'attack' is 'discovery', which does not have the form T1234 or T1234.001"
