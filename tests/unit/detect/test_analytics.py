"""What correlations and baselines refer to, in which order they run, and which fields they need of events."""

from __future__ import annotations

from datetime import timedelta

from stratagem.baselines._contract import Baseline
from stratagem.detect.analytics import SCOPE, Ask, version
from stratagem.detect.compile import Plan, compile
from stratagem.rules.correlation import Bound, Correlation, CorrelationType
from stratagem.rules.load import load_text
from stratagem.rules.model import Rule
from stratagem.sources import SOURCES
from stratagem.strategy.model import Priority, Strategy

RULES = """
title: Lists secrets
name: lists
id: 11111111-0000-4000-8000-000000000001
tags: [attack.t1552]
logsource: {product: kubernetes, service: audit}
detection: {a: {verb: list}, condition: a}
---
title: Reads a secret
name: reads
logsource: {product: kubernetes, service: audit}
detection: {a: {verb: get}, condition: a}
"""


def correlation(name: str, *rules: str, strategy: str | None = None, **changes: object) -> Correlation:
    known: dict[str, object] = {
        "uid": f"{strategy}#{name}" if strategy else name,
        "title": name,
        "type": CorrelationType.EVENT_COUNT,
        "timespan": timedelta(hours=1),
        "bounds": (Bound(op="gte", limit=2),),  # type: ignore[arg-type]
        "file": "rules/x.yml",
        "line": 7,
    }
    return Correlation(name=name, rules=rules, strategy=strategy, **{**known, **changes})  # type: ignore[arg-type]


def strategy(name: str, *rules: Rule, **changes: object) -> Strategy:
    return Strategy(id=name, area="k8s", file=f"strategies/k8s/{name}.md", title=name, rules=rules, **changes)  # type: ignore[arg-type]


def rule(name: str, strategy: str) -> Rule:
    text = "title: t\nlogsource: {product: kubernetes}\ndetection: {a: {verb: get}, condition: a}"
    (one,) = load_text(text, file="x.md").rules
    from dataclasses import replace

    return replace(one, uid=f"{strategy}#{name}", name=name, strategy=strategy)


def plan(*correlations: Correlation, strategies: tuple[Strategy, ...] = ()) -> Plan:
    return compile(load_text(RULES, file="rules/r.yml").rules, strategies, SOURCES, (), correlations)


def reasons(made: Plan) -> list[str]:
    return [one.reason for one in made.rejected]


def test_a_rule_is_called_by_its_name_or_its_id() -> None:
    made = plan(correlation("burst", "lists", "11111111-0000-4000-8000-000000000001", "reads"))
    assert [one.rule for one in made.analytics[0].inputs] == [0, 0, 1]
    assert made.rejected == ()


def test_a_tag_means_every_rule_that_has_it() -> None:
    made = plan(correlation("burst", "tag:attack.t1552"))
    assert [(one.reference, one.rule) for one in made.analytics[0].inputs] == [("tag:attack.t1552", 0)]
    assert made.quiet == frozenset()


def test_a_rule_of_another_document_is_called_by_both_names_and_goes_on_reporting() -> None:
    other, own = strategy("secrets", rule("reads", "secrets")), rule("reads", "probing")
    mine = strategy("probing", own, correlations=(correlation("burst", "secrets#reads", "reads", strategy="probing"),))
    made = plan(strategies=(other, mine))
    assert [made.rules[one.rule or 0].uid for one in made.analytics[0].inputs] == ["secrets#reads", "probing#reads"]
    assert [made.rules[index].uid for index in made.quiet] == ["probing#reads"]


def test_what_generates_silences_nothing() -> None:
    assert plan(correlation("burst", "lists")).quiet == {0}
    assert plan(correlation("burst", "lists", generate=True)).quiet == frozenset()


def test_chains_run_after_what_they_use() -> None:
    made = plan(correlation("last", "middle"), correlation("middle", "first"), correlation("first", "lists"))
    assert [one.body.name for one in made.analytics] == ["first", "middle", "last"]
    assert [one.is_quiet for one in made.analytics] == [True, True, False]


def test_an_unknown_reference_is_rejected_with_its_place_and_what_is_close() -> None:
    (rejection,) = plan(correlation("burst", "list")).rejected
    assert (rejection.file, rejection.line) == ("rules/x.yml", 7)
    assert rejection.reason == "no rule or correlation is called 'list'."
    assert "lists" in rejection.fix


def test_a_circle_is_told_and_what_hangs_on_it_goes_too() -> None:
    made = plan(correlation("a", "b"), correlation("b", "a"), correlation("c", "a"), correlation("d", "lists"))
    assert reasons(made) == [
        "refers to itself: a -> b -> a.",
        "refers to itself: b -> a -> b.",
        "uses 'a', which was rejected.",
    ]
    assert [one.body.name for one in made.analytics] == ["d"]


def test_a_name_that_is_taken_is_rejected() -> None:
    made = plan(correlation("lists", "reads"), correlation("burst", "reads"), correlation("burst", "lists"))
    assert [one.body.rules for one in made.analytics] == [("reads",)]
    assert all("is also the name of" in reason for reason in reasons(made))


def test_an_episode_has_only_the_fields_it_was_grouped_by() -> None:
    made = plan(correlation("first", "lists", group_by=("verb",)), correlation("last", "first", group_by=("user",)))
    assert reasons(made) == ["'first' has no 'user' to group by: an episode has the fields that it was grouped by."]


def test_a_rejected_correlation_silences_nothing() -> None:
    assert plan(correlation("burst", "lists", "nothing")).quiet == frozenset()


def test_the_observed_fields_are_those_that_the_analytics_name_through_their_aliases() -> None:
    made = plan(
        correlation(
            "a", "lists", "reads", group_by=("who",), aliases={"who": {"lists": "user.username", "reads": "by"}}
        ),
        correlation("b", "reads", type=CorrelationType.VALUE_SUM, field=("size",), group_by=("principal",)),
    )
    assert made.observed == {
        0: (Ask(SCOPE), Ask("user.username")),
        1: (Ask("by"), Ask("principal"), Ask(SCOPE), Ask("size", True)),
    }


def test_names_that_mean_something_only_in_their_cluster_carry_it() -> None:
    def scoped(name: str) -> bool:
        return plan(correlation("a", "lists", group_by=(name,))).analytics[0].inputs[0].is_scoped

    assert scoped("user.username") and scoped("objectRef.namespace") and scoped("ocsf.actor.user.name")
    assert not any(map(scoped, ("sourceIPs", "userAgent", "principal", "ocsf.src_endpoint.ip", "cluster")))


def test_what_titles_and_levels_name_is_observed_too() -> None:
    own = rule("reads", "probing")
    title = Priority(title="{user.username} read {count} secrets with {userAgent}", levels=())
    baseline = Baseline(
        uid="probing#new",
        name="new",
        title="new",
        kind="first_seen",
        rules=("reads",),
        entity=("user.username",),
        value=("objectRef.name",),
        strategy="probing",
    )
    made = plan(strategies=(strategy("probing", own, baselines=(baseline,), priority=title),))
    (asks,) = made.observed.values()
    assert {ask.field for ask in asks} == {"user.username", "objectRef.name", "userAgent", SCOPE}


def test_an_observation_s_version_changes_with_its_rule_and_fields_alone() -> None:
    made = plan(correlation("a", "lists", group_by=("user.username",)))
    again = plan(correlation("b", "lists", group_by=("user.username",), timespan=timedelta(days=1)))
    wider = plan(correlation("a", "lists", group_by=("user.username", "verb")))
    versions = [version(one.rules[0], one.observed[0]) for one in (made, again, wider)]
    assert versions[0] == versions[1] != versions[2]
