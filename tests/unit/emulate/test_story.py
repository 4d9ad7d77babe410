"""The demo story: the same logs every time, in the shapes that users have."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from stratagem.emulate.story import DAY, Story, write_story


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    return write_story(tmp_path_factory.mktemp("story"))


def _bytes(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_the_same_seed_writes_the_same_bytes(story: Story, tmp_path: Path) -> None:
    write_story(tmp_path)
    assert _bytes(tmp_path) == _bytes(story.folder)


def test_another_seed_writes_another_day_with_the_same_attack(story: Story, tmp_path: Path) -> None:
    other = write_story(tmp_path, seed=8)
    assert other.planted == story.planted
    assert _bytes(tmp_path) != _bytes(story.folder)


def test_the_attack_is_a_small_part_of_a_few_thousand_events(story: Story) -> None:
    assert 3_000 < story.events < 6_000
    assert len(story.planted) < story.events / 100


def test_planted_findings_lie_within_the_day(story: Story) -> None:
    assert all(DAY <= each.time < DAY.replace(day=DAY.day + 1) for each in story.planted)
    assert list(story.planted) == sorted(story.planted)


def test_cloudtrail_objects_have_the_trails_own_names_and_wrapper(story: Story) -> None:
    trail = story.folder / "aws" / "AWSLogs" / "111122223333" / "CloudTrail" / "eu-west-1" / "2026" / "03" / "12"
    objects = sorted(trail.glob("111122223333_CloudTrail_eu-west-1_20260312T*Z_*.json.gz"))
    assert objects
    assert json.loads(gzip.decompress(objects[0].read_bytes()))["Records"]


def test_eks_objects_hold_subscription_messages_without_newlines(story: Story) -> None:
    data = gzip.decompress(next((story.folder / "eks").rglob("*.gz")).read_bytes())
    assert b"\n" not in data
    control, end = json.JSONDecoder().raw_decode(data.decode())
    assert control["messageType"] == "CONTROL_MESSAGE"
    batch, _ = json.JSONDecoder().raw_decode(data.decode()[end:])
    assert batch["logGroup"] == "/aws/eks/prod-eu/cluster"
    assert json.loads(batch["logEvents"][0]["message"])["apiVersion"] == "audit.k8s.io/v1"


def test_entra_comes_as_blobs_of_lines_and_as_event_hub_records(story: Story) -> None:
    blob = next((story.folder / "entra" / "insights-logs-signinlogs").rglob("PT1H.json"))
    assert all(json.loads(line)["category"] == "SignInLogs" for line in blob.read_text().splitlines())
    capture = next((story.folder / "entra" / "eventhub").rglob("messages.json"))
    assert json.loads(capture.read_text().splitlines()[0])["records"]
