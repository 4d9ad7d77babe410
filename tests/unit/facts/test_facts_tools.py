from __future__ import annotations

import pytest

from stratagem import facts
from stratagem.facts import tools


@pytest.mark.parametrize("name", ["commands", "platforms", "renames", "sources", "tools", "topics", "wording"])
def test_every_file_of_facts_loads_and_says_when_it_was_reviewed(name: str) -> None:
    from importlib import resources

    assert facts.load(name)
    assert "reviewed: 20" in (resources.files("stratagem.facts") / f"{name}.yml").read_text("utf-8")


@pytest.mark.parametrize(
    "name", ["MicroBurst", "microburst", "Scout Suite", "scoutsuite", "atomic-red-team", "AWS CLI", "az"]
)
def test_a_tool_is_found_by_any_of_its_names(name: str) -> None:
    assert tools.find(name) is not None


@pytest.mark.parametrize(
    ("name", "tool"),
    [("micr0bum", "MicroBurst"), ("scout5uite", "ScoutSuite"), ("azurehoumd", "AzureHound"), ("prowIer", "Prowler")],
)
def test_a_name_that_is_nearly_a_tools_name_is_recognised(name: str, tool: str) -> None:
    found = tools.look_alike(name)
    assert found is not None and found.name == tool


@pytest.mark.parametrize("name", ["CloudShellBurst", "requests", "panda", "azure", "falcon", "falcon-sensor", "tribe"])
def test_a_name_of_its_own_looks_like_no_tool(name: str) -> None:
    assert tools.look_alike(name) is None


def test_cyrillic_letters_are_brought_back() -> None:
    assert tools.unmask("рrоwlеr") == "prowler"


@pytest.mark.parametrize(
    ("left", "right", "distance"),
    [
        ("", "", 0),
        ("abc", "abc", 0),
        ("abc", "acb", 1),
        ("kitten", "sitting", 3),
        ("a", "abcdefgh", 4),
        ("abcdef", "uvwxyz", 4),
    ],
)
def test_edit_distance_counts_changes_up_to_its_limit(left: str, right: str, distance: int) -> None:
    assert tools.edit_distance(left, right, limit=3) == distance


def test_suggestions_are_tools_of_the_trade_for_the_topic() -> None:
    names = [tool.name for tool in tools.suggestions(["azure"])]
    assert "Stormspotter" in names
    assert "Azure CLI" not in names


def test_every_tool_says_what_it_is_where_it_lives_and_how_it_is_installed() -> None:
    for tool in tools.tools():
        assert tool.about and tool.how and tool.home.startswith("https://"), tool.name


def test_every_impostor_stands_for_a_known_tool_and_cites_its_page() -> None:
    for impostor in tools.impostors():
        assert tools.find(impostor.tool) is not None
        assert impostor.source
