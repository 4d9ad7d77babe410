"""The picture over time."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest

from stratagem.learned.picture import Day, Picture, svg
from tests.golden import check_golden

FIRST = date(2026, 11, 1)
PICTURE = Picture(
    title="More pods than usual: shop",
    unit="most events in a window of the day",
    days=tuple(
        Day(
            day=FIRST + timedelta(days=number),
            amount=41 if number == 18 else 3 + number % 2,
            new=number in (0, 18),
            limit=10 if number >= 14 else None,
        )
        for number in range(20)
    ),
    warm_from=datetime(2026, 11, 15, tzinfo=UTC),
    alerts=((datetime(2026, 11, 19, 15, 3, tzinfo=UTC), "41 > 10"),),
)
NS = "{http://www.w3.org/2000/svg}"


def drawn(picture: Picture) -> ElementTree.Element:
    return ElementTree.fromstring(svg(picture))


def words(picture: Picture) -> list[str]:
    return [element.text or "" for element in drawn(picture).iter(f"{NS}text")]


def test_the_picture_is_the_same_text_every_time() -> None:
    check_golden(Path("cli/baseline_picture.svg"), svg(PICTURE))


def test_it_has_a_bar_for_each_day_with_events_and_a_mark_for_each_report() -> None:
    bars = [one for one in drawn(PICTURE).iter(f"{NS}rect") if one.find(f"{NS}title") is not None]
    assert len(bars) == 20
    (mark,) = drawn(PICTURE).iter(f"{NS}path")
    assert mark.findtext(f"{NS}title") == "41 > 10"


def test_it_says_in_words_what_it_shows() -> None:
    assert drawn(PICTURE).findtext(f"{NS}desc") == (
        "most events in a window of the day, 2026-11-01 to 2026-11-20; warm from 2026-11-15; 1 reported."
    )


def test_a_baseline_that_is_not_warm_is_grey_all_over() -> None:
    cold = replace(PICTURE, warm_from=None, alerts=())
    shade = next(one for one in drawn(cold).iter(f"{NS}rect") if one.get("fill") == "#eeeeee")
    assert float(shade.get("width", "0")) == pytest.approx(816)


def test_without_warm_up_nothing_is_grey() -> None:
    warm = replace(PICTURE, warm_from=datetime(2026, 10, 1, tzinfo=UTC))
    assert "warm-up: no alerts" not in words(warm)


def test_text_of_events_cannot_be_markup() -> None:
    hostile = replace(PICTURE, title='<script>&"\x00\x1b[2J', alerts=((PICTURE.alerts[0][0], "</title><a>"),))
    assert words(hostile)[0] == '<script>&"  [2J'
    assert drawn(hostile).find(f".//{NS}a") is None


def test_a_long_title_is_cut() -> None:
    assert words(replace(PICTURE, title="x" * 300))[0] == "x" * 99 + "…"


def test_nothing_observed_is_an_empty_picture() -> None:
    assert drawn(replace(PICTURE, days=(), alerts=())).findtext(f"{NS}desc") == "Nothing was observed."


@pytest.mark.parametrize(("most", "top"), [(1, "1"), (41, "50"), (1_500, "2,000"), (0.3, "1")])
def test_the_axis_ends_at_a_round_number(most: float, top: str) -> None:
    shown = words(replace(PICTURE, days=(Day(day=FIRST, amount=most),), warm_from=None, alerts=()))
    assert top in shown
