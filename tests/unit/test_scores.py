from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from stratagem import scores
from tests.unit.strategy.documents import strategy


def test_scores_are_kept_until_the_document_changes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    made = strategy()
    key = scores.key([made], {}, None)
    scores.keep(key, {"mutants": 10, "killed": 7})
    scores.keep(key, {"attempts": 4, "caught": 4})
    kept = scores.load(key)
    assert (kept.mutation, kept.evasion) == (0.7, 1.0)
    assert str(kept) == "7 of 10 changed conditions are noticed, 4 of 4 evasions are caught"
    changed = replace(made, text=made.text + "\nA word.")
    assert scores.load(scores.key([changed], {}, None)) == scores.NONE


def test_a_damaged_file_is_no_score(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    place = tmp_path / "stratagem" / "scores" / "x.json"
    place.parent.mkdir(parents=True)
    place.write_text("[1")
    assert scores.load("x") == scores.NONE
