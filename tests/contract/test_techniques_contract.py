"""What every emulated technique promises: events that its sources take, a finding that follows, a lab left clean."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from stratagem.attack import load as load_attack
from stratagem.emulate._delivery import deliver
from stratagem.emulate._record import Teller, Told
from stratagem.emulate.detonate import offline
from stratagem.emulate.detonate.sandboxes import SANDBOXES
from stratagem.emulate.detonate.verify import Seen, of_findings, verify
from stratagem.emulate.techniques import TECHNIQUES
from stratagem.emulate.techniques._contract import Command, Live, Thing
from stratagem.emulator import Looked
from stratagem.sources import SOURCES
from stratagem.sources.identify import identify
from stratagem.strategy.model import Strategy
from stratagem.workspace import Workspace

MIDNIGHT = datetime(2026, 3, 1, tzinfo=UTC)
LIVE = [name for name, one in TECHNIQUES.items() if one.live]
READS = ("get", "list", "describe", "batch-get", "wait", "logs", "exec", "delete", "show", "search")
"""Verbs that make nothing which would stay."""


def when(name: str) -> datetime:
    """Each technique has an hour of its own, so that no attack is part of another."""
    return MIDNIGHT + timedelta(hours=list(TECHNIQUES).index(name))


def told(name: str) -> Iterator[Told]:
    """The history and the attack, in a cluster and an account of the technique's own, unless identities name them."""
    one = TECHNIQUES[name]
    own = {"cluster": f"lab-{name}", "account": f"4444{list(TECHNIQUES).index(name):08d}"}
    here = {"cluster": offline.CLUSTER, "account": offline.ACCOUNT} if one.identities else own
    yield from offline.history(one, when(name), seed=1, **here)
    yield from offline.attack(one, when(name), seed=1, **here)


@pytest.fixture(scope="module")
def strategies() -> dict[str, Strategy]:
    emulator = Workspace().emulator(Path())
    return {one.id: one for one in emulator.strategies()}


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> list[Seen]:
    """What the packaged strategies report of all techniques, delivered together and run once."""
    folder = tmp_path_factory.mktemp("techniques")
    deliver(folder, [one for name in TECHNIQUES for one in told(name)], Teller(1, MIDNIGHT))
    names = {actor: who for one in TECHNIQUES.values() for actor, who in one.identities.items()}
    asked = Looked(
        strategies=sorted({e.strategy for one in TECHNIQUES.values() for e in one.expected}),
        paths=[folder],
        lake=None,
        start=MIDNIGHT,
        end=MIDNIGHT + timedelta(days=10),
        identities=names,
    )
    return list(of_findings(Workspace().emulator(folder).look(asked)))


@pytest.mark.parametrize("name", TECHNIQUES)
def test_a_technique_that_is_detonated_offline_gives_exactly_the_finding_that_it_names(
    name: str, seen: list[Seen]
) -> None:
    hour = timedelta(hours=1)
    found = verify(TECHNIQUES[name].expected, seen, after=when(name), before=when(name) + hour, marker="")
    assert [one.why for one in found if not one.passed] == []


@pytest.mark.parametrize("name", TECHNIQUES)
def test_a_technique_expects_a_finding_or_says_why_nothing_shows_it(name: str) -> None:
    one = TECHNIQUES[name]
    assert bool(one.expected) != bool(one.unseen)
    assert one.title and one.describe.endswith((".", "?"))
    assert all(expected.entity for expected in one.expected)


@pytest.mark.parametrize("name", TECHNIQUES)
def test_every_event_is_what_its_source_takes_for_its_own(name: str) -> None:
    records = list(offline.attack(TECHNIQUES[name], when(name), seed=1))
    assert records
    for one in records:
        assert identify(one.record) == one.source
        assert SOURCES[one.source].time(SOURCES[one.source].canonical(one.record)[0])


@pytest.mark.parametrize("name", TECHNIQUES)
def test_a_technique_names_strategies_that_are_there_and_their_attack_ids(
    name: str, strategies: dict[str, Strategy]
) -> None:
    one, attack = TECHNIQUES[name], load_attack("18.1")
    assert all(attack.technique(each) is not None for each in one.attack)
    for expected in one.expected:
        assert set(one.attack) & set(strategies[expected.strategy].attack)


def commands(live: Live) -> tuple[Command, ...]:
    return (*live.warmup, *live.detonate)


def things(live: Live) -> list[Thing]:
    return [thing for command in commands(live) for thing in command.makes]


@pytest.mark.parametrize("name", LIVE)
def test_commands_are_of_the_sandboxs_tool_and_name_only_what_is_known(name: str) -> None:
    live = TECHNIQUES[name].live
    assert live
    sandbox = SANDBOXES[live.sandbox]
    known = {"run", *live.needs, *sandbox.words}
    lines = [command.line for command in commands(live)]
    lines += [line for thing in things(live) for line in (thing.remove, thing.find) if line]
    for line in lines:
        assert shlex.split(line)[0] == sandbox.tool
        assert set(re.findall(r"\{([a-z_]+)\}", line)) <= known | {"found"}
    assert not any("{found}" in command.line for command in commands(live))


@pytest.mark.parametrize("name", LIVE)
def test_what_a_command_makes_is_recorded_or_goes_with_the_runs_own_namespace(name: str) -> None:
    live = TECHNIQUES[name].live
    assert live
    own = any("namespace {run}" in thing.name for thing in things(live))
    for command in commands(live):
        words = shlex.split(command.line)
        reads = any(word.startswith(READS) for word in words[1:5])
        inside = own and ("{run}" in words[1:] or "-n {run}" in command.line)
        asked = words[1] == "rest" and "get" in words
        assert reads or inside or asked or command.makes, command.line


@pytest.mark.parametrize("name", LIVE)
def test_the_marker_of_a_run_stands_in_what_the_provider_logs(name: str) -> None:
    """By the tool's user agent or reason, or else by a name or a selector of the detonation itself."""
    live = TECHNIQUES[name].live
    assert live
    tied = SANDBOXES[live.sandbox].marks("ads-0")
    assert any("ads-0" in value for value in tied.values()) or any(
        "{run}" in command.line + command.stdin for command in live.detonate
    )


def test_scenarios_name_techniques_that_expect_their_strategy(strategies: dict[str, Strategy]) -> None:
    wrong = [
        f"{one.id}: {scenario.emulate}"
        for one in strategies.values()
        for scenario in one.scenarios
        if scenario.emulate
        and (
            scenario.emulate not in TECHNIQUES
            or one.id not in {expected.strategy for expected in TECHNIQUES[scenario.emulate].expected}
        )
    ]
    assert wrong == []


def test_strategies_without_a_technique_are_told_and_no_other(strategies: dict[str, Strategy]) -> None:
    lacking = {one.id for one in Workspace().emulator(Path()).without()}
    told = {expected.strategy for one in TECHNIQUES.values() for expected in one.expected}
    assert lacking == set(strategies) - told
