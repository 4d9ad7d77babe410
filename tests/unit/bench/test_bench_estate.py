"""The noise bench: what is noise and what recall, sums, and the page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from bench import docs, estate
from bench.estate import Attack, Row
from stratagem.detect.model import Evidence, Finding, Location
from stratagem.emulate.techniques._contract import Expected
from stratagem.strategy.model import Priority, PriorityLevel, Strategy

START = datetime(2026, 2, 16, tzinfo=UTC)
END = START + timedelta(days=10)


def strategy(name: str, status: str = "live", budget: float = 0.5) -> Strategy:
    levels = (PriorityLevel(level="high"),)
    priority = Priority(title="t", levels=levels, budget_per_day=budget)
    return Strategy(id=name, area="aws", file=f"{name}.md", title=name, status=status, priority=priority)


def finding(
    name: str, event: str, *, day: int = 1, level: str = "high", who: str = "bob", status: str = "live"
) -> Finding:
    time = START + timedelta(days=day)
    place = Location(file="f", offset=0)
    return Finding(
        uid=f"{name}/{event}",
        analytic_uid=name,
        analytic_name=name,
        rule_uid=f"{name}#r",
        rule_name="r",
        title=f"{who} did it",
        level=level,
        level_because="",
        time=time,
        attacks=(),
        attack_version="18.1",
        evidences=(Evidence(event_uid=event, source="aws_cloudtrail", location=place, time=time),),
        principal=who,
        status=status,
    )


def attack(*events: str) -> Attack:
    return Attack(
        technique="t",
        start=START + timedelta(days=1),
        end=START + timedelta(days=1, minutes=5),
        expected=(Expected(strategy="a", rule="r", entity="bob"),),
        events=frozenset(f"aws_cloudtrail/{event}" for event in events),
        identities={},
    )


def one_row(**changes: Any) -> Row:
    base: Mapping[str, Any] = {
        "strategy": "a",
        "status": "live",
        "budget": 1,
        "before": 3.0,
        "after": 2.0,
        "pages": 1.0,
        "placed": 1,
        "found": 1,
    }
    return Row(**{**base, **changes})


def test_what_comes_of_an_attacks_events_is_recall_and_no_noise() -> None:
    found = [finding("a", "evil")]
    (row,) = estate.rows([strategy("a")], found, found, [attack("evil")], START, END)
    assert (row.before, row.after, row.pages, row.placed, row.found) == (0, 0, 0, 1, 1)


def test_what_comes_of_other_events_is_noise_and_finds_no_attack() -> None:
    noise = [finding("a", f"fine-{day}", day=day, who="carol") for day in (2, 4, 6, 8)]
    (row,) = estate.rows([strategy("a", budget=0.3)], noise, noise[:2], [attack("evil")], START, END)
    assert (row.before, row.after, row.pages, row.found) == (0.4, 0.2, 0.2, 0)
    assert not row.is_over


def test_only_high_alerts_of_live_strategies_wake_somebody() -> None:
    noise = [finding("a", "1", level="medium"), finding("b", "2"), finding("c", "3", status="shadow")]
    known = [strategy("a"), strategy("b"), strategy("c", "shadow")]
    made = estate.rows(known, noise, noise, [], START, END)
    assert [(row.after, row.pages) for row in made] == [(0.1, 0), (0.1, 0.1), (0.1, 0)]


def test_a_finding_of_another_time_does_not_find_the_attack() -> None:
    ((_, expected, why),) = estate.missed([attack("evil")], [finding("a", "evil", day=3)])
    assert expected.strategy == "a"
    assert "not of this time" in why


def test_sums_keep_what_notifies_apart_from_what_only_records() -> None:
    sums = estate.totals([one_row(), one_row(strategy="b", status="shadow", before=9.0, after=8.0, found=0)])
    assert (sums["live_after"], sums["shadow_after"], sums["pages"]) == (2.0, 8.0, 1.0)
    assert (sums["placed"], sums["found"]) == (2, 1)


def test_the_page_shows_who_is_over_budget_and_what_is_not_found() -> None:
    rows = [one_row(), one_row(strategy="quiet", before=0, after=0, placed=0, found=0)]
    report = {
        "date": "2026-11-24",
        "machine": {},
        "size": {"seed": 1, "people": 100, "nodes": 10, "measured_days": 14, "events": 1000},
        "proposals": 3,
        "rows": [{name: getattr(row, name) for name in Row.__slots__} for row in rows],
        "totals": estate.totals(rows),
        "missed": [{"technique": "k8s_x", "strategy": "a", "why": "nothing"}],
    }
    text = estate.markdown(report)
    assert "| `a` | live | 3.00 | 2.00 **over** | 1 | 1.00 | 1 of 1 |" in text
    assert "1 further strategies are silent" in text
    assert "| `k8s_x` | `a` | nothing |" in text
    assert docs.BEGIN in docs.replaced(estate.PAGE.read_text(encoding="utf-8"), text)
