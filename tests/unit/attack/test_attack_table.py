from __future__ import annotations

import pytest

from stratagem import attack
from stratagem.errors import UsageError


def test_two_versions_are_pinned_and_the_older_is_the_default() -> None:
    assert attack.versions() == ("18.1", "19")
    assert attack.load().version == attack.DEFAULT_VERSION == "18.1"


def test_an_unknown_version_is_refused_with_the_versions_there_are() -> None:
    with pytest.raises(UsageError, match=r"'17'.*18\.1, 19"):
        attack.load("17")


def test_a_sub_technique_knows_its_parent_full_name_and_page() -> None:
    technique = attack.load().technique("t1069.003")
    assert technique is not None
    assert technique.parent == "T1069"
    assert technique.full_name == "Permission Groups Discovery: Cloud Groups"
    assert technique.url == "https://attack.mitre.org/techniques/T1069/003/"
    assert technique.tactics == ("discovery",)


@pytest.mark.parametrize("technique_id", ["T1526", "T1069.003"])
def test_the_cloud_discovery_techniques_do_not_list_containers(technique_id: str) -> None:
    technique = attack.load().technique(technique_id)
    assert technique is not None
    assert set(technique.platforms or ()) == {"IaaS", "Identity Provider", "Office Suite", "SaaS"}


def test_platform_names_of_revoked_techniques_are_not_valid_platforms() -> None:
    assert "Office 365" not in (attack.load().platforms or ())


def test_a_revoked_id_leads_to_the_technique_that_is_active_now() -> None:
    assert str(attack.load("18.1").successor("T1063")) == "T1518.001 Software Discovery: Security Software Discovery"
    assert (
        str(attack.load("19").successor("T1562.008"))
        == "T1685.002 Disable or Modify Tools: Disable or Modify Cloud Log"
    )


def test_a_chain_of_revocations_is_followed_to_its_end() -> None:
    successor = attack.load("19").successor("T1089")
    assert successor is not None
    assert successor.id == "T1685"


def test_an_active_id_has_no_successor() -> None:
    assert attack.load("18.1").successor("T1562.008") is None


@pytest.mark.parametrize("version", attack.versions())
def test_every_revoked_technique_leads_somewhere_active(version: str) -> None:
    table = attack.load(version)
    revoked = [technique for technique in table.techniques.values() if technique.status == "revoked"]
    assert revoked
    for technique in revoked:
        successor = table.successor(technique.id)
        assert successor is not None and successor.is_active, technique.id


@pytest.mark.parametrize("version", attack.versions())
def test_every_active_technique_has_tactics_and_a_parent_in_the_table(version: str) -> None:
    table = attack.load(version)
    for technique in table.techniques.values():
        if technique.is_active:
            assert technique.tactics, technique.id
            assert technique.parent is None or technique.parent in table.techniques


def test_defense_evasion_was_split_in_version_19() -> None:
    assert attack.load("18.1").tactic("Defense Evasion") is not None
    assert attack.load("19").tactic("defense-evasion") is None
    assert attack.load("19").tactic("TA0112") == attack.load("19").tactic("Defense_Impairment")


def test_detection_strategies_name_their_analytics_and_techniques() -> None:
    table = attack.load("18.1")
    (strategy,) = table.strategies_for("T1069.003")
    assert strategy.id == "DET0251"
    assert table.strategy_of_analytic("an0695") == strategy
    analytic = table.analytic("AN0695")
    assert analytic is not None
    assert analytic.platforms == ("IaaS",)


def test_what_a_version_does_not_say_is_none_and_not_empty() -> None:
    table = attack.load("19")
    assert table.platforms is None
    assert table.detection_strategies is None
    technique = table.technique("T1526")
    assert technique is not None and technique.platforms is None
