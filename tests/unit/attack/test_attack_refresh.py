from __future__ import annotations

import json
from pathlib import Path

import pytest

from stratagem import attack
from stratagem.errors import UsageError
from tests.unit.attack.stix_bundle import bundle


@pytest.fixture
def official(tmp_path: Path) -> Path:
    path = tmp_path / "enterprise-attack.json"
    path.write_text(json.dumps(bundle()), "utf-8")
    return path


def test_a_bundle_becomes_a_table_that_loads_again(official: Path, tmp_path: Path) -> None:
    out = tmp_path / "new" / "enterprise-20.0.json"
    written = attack.refresh(official, out)
    read = attack.load(out)
    assert read.version == "20.0"
    assert read.techniques == written.techniques
    assert read.detection_strategies == written.detection_strategies


def test_techniques_keep_name_tactics_and_platforms(official: Path, tmp_path: Path) -> None:
    technique = attack.refresh(official, tmp_path / "out.json").technique("T9001.001")
    assert technique is not None
    assert technique.full_name == "Teapot Discovery: Kettles"
    assert technique.tactics == ("discovery",)
    assert technique.platforms == ("Containers",)


def test_revoked_and_deprecated_techniques_keep_their_status_and_successor(official: Path, tmp_path: Path) -> None:
    table = attack.refresh(official, tmp_path / "out.json")
    successor = table.successor("T9002")
    assert successor is not None and successor.id == "T9001.001"
    deprecated = table.technique("T9003")
    assert deprecated is not None
    assert (deprecated.status, deprecated.successors) == ("deprecated", ())


def test_a_detection_strategy_is_bound_to_techniques_by_detects(official: Path, tmp_path: Path) -> None:
    (strategy,) = attack.refresh(official, tmp_path / "out.json").strategies_for("T9001")
    assert (strategy.id, strategy.analytics) == ("DET9001", ("AN9001",))


def test_platforms_of_revoked_techniques_are_not_offered(official: Path, tmp_path: Path) -> None:
    assert attack.refresh(official, tmp_path / "out.json").platforms == ("Containers", "IaaS")


def test_the_version_can_be_given_where_the_bundle_has_none(tmp_path: Path) -> None:
    document = bundle()
    document["objects"] = [item for item in document["objects"] if item["type"] != "x-mitre-collection"]
    path = tmp_path / "bundle.json"
    path.write_text(json.dumps(document), "utf-8")
    with pytest.raises(UsageError, match="names no ATT&CK version"):
        attack.refresh(path, tmp_path / "out.json")
    assert attack.refresh(path, tmp_path / "out.json", "21").version == "21"


@pytest.mark.parametrize("text", ["", "[1]", '{"objects": 3}', '{"objects": [{"type": "malware"}]}'])
def test_a_file_that_is_no_attack_bundle_is_refused_and_nothing_is_written(text: str, tmp_path: Path) -> None:
    path = tmp_path / "bundle.json"
    path.write_text(text, "utf-8")
    with pytest.raises(UsageError, match=str(path)):
        attack.refresh(path, tmp_path / "out.json")
    assert not (tmp_path / "out.json").exists()
