"""Made rules: as many as asked for, the same mix, and all of them load."""

from __future__ import annotations

from pathlib import Path

from bench.rules import copy_cloudtrail, made, write_made
from stratagem.rules.load import load_folder

PUBLIC = """
title: Example
id: 6f3a2c1e-0000-4000-8000-00000000000{number}
logsource: {{product: {product}, service: {service}}}
detection: {{selection: {{eventName: StopLogging}}, condition: selection}}
"""


def test_every_made_rule_loads(tmp_path: Path) -> None:
    loaded = load_folder([write_made(tmp_path / "rules", 100, 1)], {})

    assert len(loaded.rules) == 100
    assert not loaded.rejected


def test_fewer_rules_are_the_first_of_more() -> None:
    assert made(1000, 1)[:50] == made(50, 1)


def test_every_made_rule_has_an_id_of_its_own() -> None:
    assert len({rule["id"] for rule in made(1000, 1)}) == 1000


def test_only_rules_for_cloudtrail_are_copied(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    for number, (product, service) in enumerate([("aws", "cloudtrail"), ("azure", "auditlogs")]):
        (source / f"{service}.yml").write_text(PUBLIC.format(number=number, product=product, service=service))

    count = copy_cloudtrail(source, tmp_path / "copy")

    assert count == 1
    assert [file.name for file in (tmp_path / "copy").iterdir()] == ["0000_cloudtrail.yml"]
