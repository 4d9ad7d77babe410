"""Adding a source is one file: dropped into the package's path, it is a source for every command and page."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

MODULE = '''\
"""Turnstile passages: who went through which gate."""

from __future__ import annotations

from datetime import timedelta

from stratagem.sources._contract import NO_LABELS, Derived, Example, LogSource, Source

RAW = b\'{"turnstile": "north-2", "badge": "B-0042", "passage": "p-1", "at": "2026-01-15T10:00:00Z", "open": true}\'

PLUGIN = Source(
    title="Turnstile passages",
    vendor_page="https://turnstiles.example.com/log (read 2026-11-24)",
    enable="Nothing to turn on.",
    silent_gaps=("Who jumps over is not told.",),
    logsources=(LogSource(product="turnstile", service="passage"),),
    order=900,
    recognise=lambda record: isinstance(record.get("turnstile"), str) and isinstance(record.get("badge"), str),
    canonical=lambda record: (record, NO_LABELS),
    is_canonical=lambda head: isinstance(head.get("turnstile"), str) and isinstance(head.get("badge"), str),
    head=("turnstile", "badge", "passage", "at"),
    dispatch=("turnstile",),
    shape=("badge",),
    uid=lambda head: head.get("passage"),
    uid_fields=("passage",),
    time=lambda head: head.get("at"),
    time_fields=("at",),
    columns=\'{"turnstile": "VARCHAR", "badge": "VARCHAR", "at": "VARCHAR"}\',
    ocsf="""
      iso_time(native."at") AS "time", 6003 AS "class_uid", 1 AS "activity_id",
      \'Turnstile\' AS "metadata.product.name", native.badge AS "actor.user.uid", native.turnstile AS "api.operation"
    """,
    lateness=timedelta(minutes=5),
    examples=(Example(name="passage", raw=RAW),),
    fields={"turnstile": "The gate.", "badge": "Whose badge.", "passage": "Its id.", "at": "When.", "open": "Was it."},
    derived={"turnstile.side": Derived(
        compute=lambda record: record["turnstile"].partition("-")[0], describe="Side of the house.",
        fields=("turnstile",),
    )},
)
'''
RULE = """\
title: Somebody comes in from the north
id: 7d0f6d0e-3b0f-4f5e-9d43-0c1a2b3c4d5e
logsource: {product: turnstile, service: passage}
detection: {north: {turnstile.side: north}, condition: north}
level: low
"""
LINES = "".join(
    json.dumps({"turnstile": gate, "badge": "B-0042", "passage": f"p-{number}", "at": f"2026-01-15T10:0{number}:00Z"})
    + "\n"
    for number, gate in enumerate(("north-2", "south-1", "north-1"))
)
PROGRAM = """
import contextlib, io, json, sys
import stratagem.sources
stratagem.sources.__path__.append(sys.argv[1])
from stratagem.cli.app import code_of

def said(*words):
    out, notes = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(notes):
        code = code_of(words)
    return {"code": code, "out": out.getvalue(), "notes": notes.getvalue()}

from stratagem.lake.store import Lake
from tests.reference_pages import PAGES

logs, rules, lake = sys.argv[2:]
told = {
    "sources": said("sources", "--format", "ndjson"),
    "fields": said("sources", "fields", "turnstile", "--format", "ndjson"),
    "identify": said("identify", logs, "--format", "ndjson"),
    "run": said("run", logs, "--rules", rules, "--lake", lake, "--format", "ndjson"),
    "pages": {name: PAGES[name]() for name in ("sources.md", "source-columns.md")},
    "rows": Lake(lake).query("SELECT source, class_uid, actor.user.uid AS who FROM events ORDER BY time").to_pylist(),
}
print(json.dumps(told))
"""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What the program says once the file lies there."""
    home = tmp_path_factory.mktemp("one-file")
    for place, text in (("more/turnstile.py", MODULE), ("logs/gates.jsonl", LINES), ("rules/north.yml", RULE)):
        (home / place).parent.mkdir()
        (home / place).write_text(text, encoding="utf-8")
    words = [str(home / name) for name in ("more", "logs", "rules", "lake")]
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *words],
        cwd=Path(__file__).parent.parent.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def rows(said: Any) -> list[Any]:
    return [json.loads(line) for line in said["out"].splitlines()]


def test_it_is_listed_with_its_logsource_and_fields(told: Any) -> None:
    (listed,) = [row for row in rows(told["sources"]) if row["id"] == "turnstile"]
    assert listed["logsources"] == "turnstile/passage"
    assert {row["field"] for row in rows(told["fields"])} >= {"badge", "turnstile.side"}


def test_its_records_are_recognised(told: Any) -> None:
    assert [row["sources"] for row in rows(told["identify"])] == [{"turnstile": 3}]


def test_rules_meet_its_records_and_its_derived_fields(told: Any) -> None:
    findings = [row for row in rows(told["run"]) if row.get("class_uid") == 2004]
    assert len(findings) == 2


def test_its_records_become_columns_in_the_lake(told: Any) -> None:
    assert told["rows"] == [{"source": "turnstile", "class_uid": 6003, "who": "B-0042"}] * 3


def test_the_reference_describes_it(told: Any) -> None:
    assert "## Turnstile passages: `turnstile`" in told["pages"]["sources.md"]
    assert "`turnstile`" in told["pages"]["source-columns.md"]
