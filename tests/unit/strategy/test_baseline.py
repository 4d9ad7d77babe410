"""Baseline blocks: read with the defaults of their kind, and told all that is wrong with them at once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from stratagem.strategy.baseline import duration
from tests.unit.strategy.documents import document, parsed, strategy

RULES = """\
```yaml sigma
name: creations
logsource: {product: kubernetes, service: audit}
detection: {made: {verb: create}, condition: made}
```

```yaml sigma
name: deletions
logsource: {product: kubernetes, service: audit}
detection: {gone: {verb: delete}, condition: gone}
```

"""
FIRST_SEEN = "kind: first_seen\nrules: creations\nentity: [cluster, objectRef.namespace]\nvalue: image.registry\n"


def abstract(*blocks: str) -> str:
    return RULES + "\n".join(f"```yaml baseline\n{block}```\n" for block in blocks)


def problems(*blocks: str) -> list[tuple[int, int, str]]:
    """(line of the block, column, message) of everything that is wrong."""
    text = abstract(*blocks)
    start = document(Strategy_Abstract=text).split("\n").index("```yaml baseline") + 1
    return [
        (problem.line - start, problem.column, problem.message) for problem in parsed(Strategy_Abstract=text).problems
    ]


def test_a_block_is_read_with_what_it_leaves_out() -> None:
    (made,) = strategy(Strategy_Abstract=abstract("name: registries\n" + FIRST_SEEN)).baselines
    assert (made.uid, made.kind, made.rules) == ("role_assumed#registries", "first_seen", ("creations",))
    assert (made.entity, made.value) == (("cluster", "objectRef.namespace"), ("image.registry",))
    assert (made.title, made.level, made.strategy) == ("A service assumes a role", "medium", "role_assumed")
    assert (made.window, made.history, made.warm_up) == (timedelta(hours=1), timedelta(days=30), timedelta(days=14))
    assert made.min_observations == 20


def test_a_kind_has_defaults_of_its_own() -> None:
    spike = "kind: spike\nrules: creations\nentity: cluster\nseasonality: hour_of_week\n"
    (made,) = strategy(Strategy_Abstract=abstract(spike)).baselines
    assert (made.history, made.warm_up, made.min_observations) == (timedelta(days=56), timedelta(days=28), 4)
    assert made.options == {"seasonality": "hour_of_week"}


def test_what_a_block_says_counts_before_any_default() -> None:
    said = "window: 10m\nhistory: 7d\nwarm_up: 90s\nmin_observations: 3\ngenerate: true\nlevel: high\ntitle: New\n"
    (made,) = strategy(Strategy_Abstract=abstract(FIRST_SEEN + said)).baselines
    assert (made.window, made.history, made.warm_up) == (
        timedelta(minutes=10),
        timedelta(days=7),
        timedelta(seconds=90),
    )
    assert (made.min_observations, made.generate, made.level, made.title) == (3, True, "high", "New")


def test_the_rules_of_short_lived_are_those_that_see_birth_and_death() -> None:
    block = "kind: short_lived\ncreated: creations\ngone: [deletions]\nentity: principal\nvalue: uid\nwithin: 2h\n"
    (made,) = strategy(Strategy_Abstract=abstract(block)).baselines
    assert made.rules == ("creations", "deletions")
    assert made.options == {"created": ("creations",), "gone": ("deletions",), "within": timedelta(hours=2)}


def test_blocks_without_a_name_are_numbered() -> None:
    made = strategy(Strategy_Abstract=abstract(FIRST_SEEN, FIRST_SEEN)).baselines
    assert [one.name for one in made] == ["baseline_1", "baseline_2"]


def test_a_baseline_can_observe_rules_of_other_documents_and_by_tag() -> None:
    block = FIRST_SEEN.replace("rules: creations", 'rules: [other_page#pulls, "tag:t1610"]')
    assert problems(block) == []


def test_a_scenario_may_name_a_baseline() -> None:
    scenario = "```yaml scenario\nname: new\nexpect: silent\nrule: registries\nbase: kubernetes_audit/pod_create\n```"
    text = {"Strategy_Abstract": abstract("name: registries\n" + FIRST_SEEN), "False_Positives": scenario}
    assert [one.message for one in parsed(**text).problems] == []


def test_all_that_is_wrong_with_a_block_is_told_at_once_with_its_place() -> None:
    block = "kind: first_sen\nentity: []\nhistory: 2 weeks\nmin_observations: 0\n"
    assert problems(block) == [
        (
            1,
            7,
            "'kind' is 'first_sen', not one of first_seen, new_edge, rare, short_lived, silence, spike; "
            "did you mean 'first_seen'?",
        ),
        (2, 9, "'entity' must not be empty."),
        (3, 10, "'history' is '2 weeks', which does not have the form 90s, 5m, 2h or 1d."),
        (4, 19, "'min_observations' must be at least 1."),
    ]


def test_keys_of_another_kind_are_unknown() -> None:
    assert problems(FIRST_SEEN + "treshold: 3\n") == [(5, 1, "unknown key 'treshold'.")]
    spike = "kind: spike\nrules: creations\nentity: cluster\ntreshold: 3\n"
    assert problems(spike) == [(4, 1, "unknown key 'treshold'; did you mean 'threshold'?")]


@pytest.mark.parametrize(
    ("block", "told"),
    [
        ("kind: first_seen\nrules: creations\nentity: cluster\n", (1, 1, "kind 'first_seen' needs 'value'.")),
        ("kind: spike\nentity: cluster\n", (1, 1, "kind 'spike' needs 'rules'.")),
        (FIRST_SEEN + "measure: cpu\n", (5, 1, "'measure' has no meaning for kind 'first_seen'.")),
        (FIRST_SEEN + "warm_up: 31d\n", (5, 10, "'warm_up' is longer than 'history': it would never alert.")),
        (FIRST_SEEN + "history: 0d\nwarm_up: 0s\nwindow: 0h\n", (7, 9, "'window' must not be 0.")),
        (
            FIRST_SEEN.replace("creations", "[creation]"),
            (2, 9, "no rule named 'creation'; did you mean 'creations'?"),
        ),
        (
            FIRST_SEEN + "aliases: {cluster: {deletions: x}}\n",
            (5, 21, "'deletions' in aliases is none of the baseline's rules."),
        ),
        (
            "kind: spike\nrules: creations\nentity: cluster\nwindow: 7m\n",
            (4, 1, "windows of 7m do not fit into days."),
        ),
        ("kind: spike\nrules: creations\nentity: cluster\nmeasure: cpu\n", (4, 1, "a measure needs 'min_volume'.")),
        (
            "kind: short_lived\nentity: principal\nvalue: uid\ncreated: creations\ngone: creations\n",
            (5, 1, "creations cannot say that an object was made and that it is gone."),
        ),
        ("name: creations\n" + FIRST_SEEN, (1, 7, "the name 'creations' is given twice.")),
    ],
)
def test_a_block_that_makes_no_sense_is_told_why(block: str, told: tuple[int, int, str]) -> None:
    assert told in problems(block)
    assert strategy_of(block) == ()


def strategy_of(block: str) -> tuple[object, ...]:
    return parsed(Strategy_Abstract=abstract(block)).strategy.baselines


@pytest.mark.parametrize(("text", "seconds"), [("90s", 90), ("5m", 300), ("2h", 7200), ("14d", 14 * 86_400)])
def test_durations(text: str, seconds: int) -> None:
    assert duration(text) == timedelta(seconds=seconds)


def test_a_duration_longer_than_any_log_is_a_century() -> None:
    assert duration("9" * 30 + "d") == timedelta(days=36_500)
