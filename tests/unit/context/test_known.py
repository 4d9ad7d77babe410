"""What the context says of an event, at the event's own time."""

from __future__ import annotations

import pickle
from datetime import datetime
from pathlib import Path

import pytest

from stratagem.context.flows import Endpoint
from stratagem.context.known import FIELDS, NOTHING, Context
from stratagem.context.load import load
from stratagem.context.weigh import LEVELS, weigh
from stratagem.sources._contract import Labels
from tests.unit.context.files import JULY, JUNE, MAY, write


def test_a_principal_is_its_actor_only_while_the_name_is_valid(context: Context) -> None:
    user = "aws:111122223333:arn:aws:iam::111122223333:user"
    assert context.actor(f"{user}/bob", MAY).name == "bob"
    assert context.actor(f"{user}/bob", JUNE) == (f"{user}/bob", "unknown", "")
    assert context.actor(f"{user}/robert", JUNE)[:2] == ("bob", "human")


def test_an_organization_is_each_of_its_accounts_while_it_belongs_to_it(context: Context) -> None:
    assert context.actor("aws:111122223333:sso/alice", MAY).name == "alice"
    assert context.actor("aws:444455556666:sso/alice", MAY).name == "aws:444455556666:sso/alice"
    assert context.actor("aws:444455556666:sso/alice", JUNE).name == "alice"
    assert context.actor("aws:777788889999:sso/alice", JUNE).name == "aws:777788889999:sso/alice"


def test_the_longest_beginning_wins_and_without_actor_each_keeps_its_name(context: Context) -> None:
    assert context.actor("kubernetes:shop:system:node:n1", JUNE)[:2] == ("kubernetes:shop:system:node:n1", "node")
    assert context.actor("kubernetes:shop:system:kube-scheduler", JUNE).actor_class == "platform"


def test_equal_names_of_two_clusters_never_join(context: Context) -> None:
    name = "kubernetes:lab:system:node:n1"
    assert context.actor(name, JUNE) == (name, "unknown", "")


@pytest.mark.parametrize(
    ("labels", "time", "tier"),
    [
        (Labels(cluster="shop", account="111122223333"), JUNE, "critical"),
        (Labels(cluster="shop", account="111122223333"), MAY, "standard"),
        (Labels(cluster="shop"), JUNE, "standard"),
        (Labels(cluster="lab", account="111122223333"), JUNE, "sandbox"),
        (Labels(account="111122223333", tenant="t-1"), JUNE, "sandbox"),
        (Labels(tenant="t-1"), JUNE, "critical"),
        (Labels(cluster="other"), JUNE, "unknown"),
        (Labels(), JUNE, "unknown"),
    ],
)
def test_the_tier_is_that_of_the_narrowest_member_that_has_one(
    context: Context, labels: Labels, time: datetime, tier: str
) -> None:
    assert context.enrich("p:s:x", labels, time)["tier"] == tier


@pytest.mark.parametrize(
    ("ip", "cluster", "time", "name"),
    [
        ("10.1.2.3", "shop", JUNE, "pods"),
        ("10.1.2.3", "lab", JUNE, "lab pods"),
        ("10.1.2.3", "lab", MAY, "ours"),
        ("10.1.2.3", None, JUNE, "ours"),
        ("::ffff:10.2.0.1", None, JUNE, "ours"),
        ("fd00::1", None, JUNE, "ours"),
        ("203.0.113.9", None, JUNE, "printer"),
        ("203.0.113.8", None, JUNE, "office"),
        ("198.51.100.1", None, JUNE, None),
        ("no address", None, JUNE, None),
    ],
)
def test_the_narrowest_range_of_its_time_and_cluster_names_an_address(
    context: Context, ip: str, cluster: str | None, time: datetime, name: str | None
) -> None:
    found = context.network(ip, time, cluster)
    assert (found.name if found else None) == name


def test_country_and_as_number_come_from_the_users_files(context: Context) -> None:
    travelled = pickle.loads(pickle.dumps(context))
    assert travelled.country("198.51.100.7") == "SE"
    assert travelled.country("192.0.2.1") is None
    assert travelled.autonomous_system("2001:db8::7") == (64500, "Example Net")
    assert travelled.autonomous_system("AWS Internal") is None


def test_a_flow_allows_what_it_names_and_nothing_that_the_event_does_not_tell(context: Context) -> None:
    web = Endpoint(cluster="shop", namespace="web-eu", ip="10.1.0.7")
    bank = Endpoint(host="api.bank.example.com")

    def allowed(source: Endpoint, target: Endpoint, time: datetime = JUNE, **more: int | str) -> str | None:
        flow = context.flow(source, target, time, **more)  # type: ignore[arg-type]
        return flow.name if flow else None

    assert allowed(web, bank, port=8100, protocol="TCP") == "shop to bank"
    assert allowed(web, bank, port=8101, protocol="tcp") is None
    assert allowed(web, bank, protocol="tcp") is None
    assert allowed(web._replace(ip=None), bank, port=443, protocol="tcp") is None
    assert allowed(web._replace(namespace="admin"), bank, port=443, protocol="tcp") is None
    assert allowed(bank, web, port=443, protocol="tcp") is None
    a, office = Endpoint(namespace="a"), Endpoint(ip="203.0.113.1")
    assert (allowed(a, office), allowed(a, office, MAY), allowed(a, office, JULY)) == ("june only", None, None)


def test_an_edge_is_standard_outside_or_nothing_that_the_architecture_speaks_of(tmp_path: Path) -> None:
    write(
        tmp_path,
        architecture="""
            flows:
              - {from: {namespace: shop, workload: web}, to: {namespace: ledger}, ports: [8443]}
              - {from: {cluster: prod}, to: {namespace: kube-system, workload: coredns}, ports: [53]}
              - {from: {namespace: "*"}, to: {host: "*.example.com"}, valid_to: 2026-06-01}
            """,
    )
    known = load(tmp_path)
    web, ledger = Endpoint("prod", "shop", "web"), Endpoint("prod", "ledger", "ledger")
    cart, queue = Endpoint("prod", "shop", "cart"), Endpoint("prod", "mq", "queue")

    assert known.standard(web, ledger, JUNE, port=8443) is True
    assert known.standard(web, ledger, JUNE, port=22) is False
    assert known.standard(web, queue, JUNE, port=5672) is False
    assert known.standard(cart, ledger, JUNE, port=8443) is False
    assert known.standard(cart, queue, JUNE, port=5672) is None
    assert known.standard(cart, Endpoint(host="api.example.com"), MAY, port=443) is True
    assert known.standard(cart, Endpoint(host="api.example.com"), JUNE, port=443) is None


def test_a_change_explains_what_all_of_its_scope_holds_for(context: Context) -> None:
    labels = Labels(cluster="shop", account="111122223333")
    assert context.enrich("p:s:x", labels, JUNE, namespaces=["web", "db"])["change"] == ["CHG-1"]
    assert "change" not in context.enrich("p:s:x", labels, JUNE, namespaces=["db"])
    assert "change" not in context.enrich("p:s:x", labels, JULY, namespaces=["web"])
    assert context.enrich("entra:t-1:a1", Labels(), JUNE)["change"] == ["CHG-2"]


def test_unknown_is_a_value_and_what_has_no_value_is_left_out() -> None:
    assert NOTHING.enrich("p:s:x", time=JUNE, ip="192.0.2.1") == {
        "actor": "p:s:x",
        "actor_class": "unknown",
        "tier": "unknown",
        "network": "unknown",
        "network_kind": "unknown",
        "country": "unknown",
        "weight": 0,
    }
    assert NOTHING.enrich(None, time=JUNE)["actor"] == "unknown"


def test_enrich_gives_only_fields_that_are_described(context: Context) -> None:
    said = context.enrich("entra:t-1:a1", Labels(cluster="shop", account="111122223333"), JUNE, ip="2001:db8::7")
    assert set(said) - {"weight"} <= {name.removeprefix("context.") for name in FIELDS}


def test_a_tier_raises_and_a_change_lowers_and_nothing_leaves_the_five_levels(context: Context) -> None:
    critical = context.enrich("p:s:x", Labels(tenant="t-1"), JUNE)
    assert weigh("medium", critical) == ("high", "raised from medium: tier critical")
    assert weigh("critical", critical) == ("critical", "")
    alice = context.enrich("entra:t-1:a1", Labels(tenant="t-1"), JUNE)
    assert weigh("medium", alice) == ("low", "lowered from medium: tier critical, announced change CHG-2")
    sandbox = context.enrich("p:s:x", Labels(account="111122223333"), JUNE)
    assert [weigh(level, sandbox)[0] for level in LEVELS] == ["informational"] * 3 + ["low", "medium"]
    assert weigh("risk_only", sandbox) == ("risk_only", "")
