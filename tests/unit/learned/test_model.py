"""How warm an entity is, in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from stratagem.learned.model import shown_key, shown_value
from tests.unit.learned.samples import REGISTRIES, SHOP, entry, snapshot


def test_an_entity_in_warm_up_says_what_is_missing() -> None:
    made = snapshot()
    assert made.warmth(made.entities[0]) == "12 of 14 days, 7 of 20 observations; will not alert yet"


def test_a_warm_entity_is_warm() -> None:
    made = snapshot()
    assert made.warmth(made.entities[1]) == "warm"


def test_a_short_warm_up_is_told_in_hours() -> None:
    quick = replace(REGISTRIES, warm_up=timedelta(hours=30), min_observations=1)
    made = snapshot(replace(entry(SHOP, warm=False), facts={"since": "2026-11-14T00:00:00Z", "counted": "5"}))
    assert replace(made, baseline=quick).missing(made.entities[0]) == "24 of 30 hours"


def test_what_is_observed_enough_and_still_not_warm_is_quiet_for_too_long() -> None:
    made = snapshot(replace(entry(SHOP), warm=False))
    assert made.missing(made.entities[0]) == "usually quiet for longer than the history"


def test_keys_and_values_are_shown_by_their_parts() -> None:
    assert shown_key('["shop","","prod"]') == "shop · prod"
    assert shown_key("[]") == "(all)"
    assert shown_value('["db","5432"]') == "db · 5432"
    assert shown_value("[::1]:80") == "[::1]:80"
