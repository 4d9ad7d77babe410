"""What a strategy sees follows from its sources' troubles, its own rules and those that it refers to."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from stratagem.detect.compile import Plan, compile
from stratagem.health.model import Complaint, Scope, SourceHealth, StrategyHealth, Trouble
from stratagem.health.sight import sights
from stratagem.rules.correlation import Correlation, CorrelationType
from stratagem.rules.load import load_text
from stratagem.rules.model import Rule
from stratagem.sources import SOURCES
from stratagem.strategy.model import Strategy

NOW = datetime(2026, 11, 24, tzinfo=UTC)
PROD = Scope("cluster", "prod-eu")


def rule(strategy: str, logsource: str, detection: str) -> Rule:
    text = f"title: t\nname: seen\nlogsource: {logsource}\ndetection: {detection}\n"
    (one,) = load_text(text, file=f"{strategy}.md").rules
    return replace(one, uid=f"{strategy}#seen", strategy=strategy)


def strategy(name: str, *rules: Rule, refers: str = "") -> Strategy:
    correlations = ()
    if refers:
        body = Correlation(
            uid=f"{name}#chain",
            name="chain",
            title="t",
            type=CorrelationType.TEMPORAL,
            rules=(refers,),
            timespan=timedelta(hours=1),
            strategy=name,
        )
        correlations = (body,)
    return Strategy(id=name, area="test", file=f"{name}.md", title=name, rules=rules, correlations=correlations)


def plan(*strategies: Strategy) -> Plan:
    return compile((), strategies, SOURCES)


SECRETS = strategy(
    "secrets_read",
    rule(
        "secrets_read",
        "{product: kubernetes, service: audit}",
        "{read: {objectRef.resource: secrets}, condition: read}",
    ),
)


def seen(made: Plan, *sources: SourceHealth) -> dict[str, StrategyHealth]:
    return {one.strategy: one for one in sights(made, sources, NOW)}


def test_a_strategy_sees_by_the_rules_of_other_documents_that_it_refers_to() -> None:
    refers = strategy("secrets_chain", refers="secrets_read#seen")
    silent = Complaint(trouble=Trouble.SILENT, message="no event for 3 h")
    found = seen(plan(SECRETS, refers), SourceHealth(source="kubernetes_audit", scope=PROD, complaints=(silent,)))
    assert found["secrets_chain"].sight == "blind"
    assert found["secrets_chain"].scope == PROD
    assert found["secrets_chain"].reasons == ("kubernetes_audit: no event for 3 h",)


def test_a_strategy_without_events_of_its_sources_is_blind_and_says_which() -> None:
    refers = strategy("secrets_chain", refers="secrets_read#seen")
    found = seen(plan(SECRETS, refers), SourceHealth(source="entra_audit", scope=Scope("tenant", "t")))
    assert found["secrets_chain"].reasons == ("no event of kubernetes_audit in the lake",)


def test_a_cluster_that_never_told_what_writes_carry_blinds_who_reads_objects() -> None:
    detection = "{written: {requestObject.spec.hostPID: true}, condition: written}"
    reads = strategy("host_pid", rule("host_pid", "{product: kubernetes, service: audit}", detection))
    absent = Complaint(trouble=Trouble.OBJECTS_ABSENT, message="every write is logged at level Metadata")
    found = seen(plan(SECRETS, reads), SourceHealth(source="kubernetes_audit", scope=PROD, complaints=(absent,)))
    assert (found["host_pid"].sight, found["secrets_read"].sight) == ("blind", "evaluable")
