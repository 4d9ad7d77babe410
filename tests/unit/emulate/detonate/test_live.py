"""Live detonation against a tool that only pretends: the guard, the record, time limits, and leaving a lab clean."""

from __future__ import annotations

import json
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from stratagem.emulate.detonate import command, journal, live
from stratagem.emulate.detonate.command import CommandFailed
from stratagem.emulate.detonate.journal import Journal
from stratagem.emulate.techniques import TECHNIQUES
from stratagem.emulate.techniques._contract import Command, Expected, Live, ScenarioEvent, Technique, Thing
from stratagem.emulator import Emulator
from stratagem.errors import UsageError

LAB = ["lab"]
PRETEND = """\
#!/bin/sh
# Logs each call with its marker; says where it would go; fails, hangs or lacks something where a file says so.
here=$(dirname "$0")
echo "$AWS_SDK_UA_APP_ID|$*" >> "$here/calls"
case "$*" in
  *"config current-context"*) cat "$here/context"; exit 0;;
  *"sts get-caller-identity"*) cat "$here/account"; exit 0;;
esac
for word in $(cat "$here/fails" 2>/dev/null); do
  case "$*" in *"$word"*) echo "Error: $word is forbidden" >&2; exit 1;; esac
done
for word in $(cat "$here/absent" 2>/dev/null); do
  case "$*" in *"$word"*) echo "Error from server (NotFound): $word not found" >&2; exit 1;; esac
done
case "$*" in *hang*) sleep 60;; esac
case "$*" in *list-found*) cat "$here/found";; esac
exit 0
"""


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder first on PATH with a kubectl and an aws that only pretend."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for tool in ("kubectl", "aws"):
        (folder / tool).write_text(PRETEND)
        (folder / tool).chmod(stat.S_IRWXU)
    (folder / "context").write_text("lab\n")
    (folder / "account").write_text("111122223333\n")
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    return folder


def calls(tools: Path) -> list[str]:
    """The commands that were given, without the questions of where they would go."""
    lines = (tools / "calls").read_text().splitlines()
    return [line.partition("|")[2] for line in lines if "current-context" not in line and "caller-identity" not in line]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "emulations"


def technique(monkeypatch: pytest.MonkeyPatch, spec: Live) -> str:
    """A technique of the test's own, known for as long as it runs."""
    one = Technique(
        title="t",
        attack=("T1610",),
        platform="kubernetes",
        describe="d.",
        expected=(Expected(strategy="privileged_container_deployed"),),
        events=(ScenarioEvent(base="kubernetes_audit/pod_create"),),
        live=spec,
    )
    monkeypatch.setitem(TECHNIQUES._loaded, "of_the_test", one)
    monkeypatch.setattr(TECHNIQUES, "_declared", frozenset({"of_the_test"}))
    return "of_the_test"


def test_without_an_allow_list_nothing_is_run(tools: Path, home: Path) -> None:
    with pytest.raises(UsageError, match="lab_kubernetes"):
        live.begin(home, "k8s_privileged_pod", [], {})
    assert not (tools / "calls").exists()
    assert not home.exists()


def test_a_context_that_is_no_lab_is_refused(tools: Path, home: Path) -> None:
    (tools / "context").write_text("production\n")
    with pytest.raises(UsageError, match=r"'production', which is no lab: lab_kubernetes allows lab"):
        live.begin(home, "k8s_privileged_pod", LAB, {})
    assert calls(tools) == []
    assert not home.exists()


def test_a_detonation_is_warmed_up_marked_pinned_and_leaves_nothing_behind(tools: Path, home: Path) -> None:
    run = live.begin(home, "k8s_privileged_pod", LAB, {})
    live.detonate(run, LAB)
    assert run.state == "detonated"
    made, pod = calls(tools)
    assert made == f"--context=lab create namespace {run.run}"
    assert pod.startswith(f"--context=lab run probe -n {run.run}")
    assert f"--labels=ads-run-id={run.run}" in pod
    assert live.cleanup(run, LAB) == (f"namespace {run.run}",)
    assert calls(tools)[2].startswith(f"--context=lab delete namespace {run.run}")
    assert (run.state, run.left()) == ("clean", ())


def test_a_revert_undoes_the_detonation_alone_and_it_can_be_detonated_again(tools: Path, home: Path) -> None:
    account = ["111122223333"]
    run = live.begin(home, "aws_ecr_opened", account, {})
    live.detonate(run, account)
    assert live.revert(run, account) == (f"policy of repository {run.run}",)
    assert [thing.name for thing in run.left()] == [f"repository {run.run}"]
    live.detonate(run, account)
    assert live.cleanup(run, account) == (f"policy of repository {run.run}", f"repository {run.run}")
    assert sum("create-repository" in call for call in calls(tools)) == 1


def test_the_marker_goes_into_the_user_agent_of_every_call(tools: Path, home: Path) -> None:
    account = ["111122223333"]
    run = live.begin(home, "aws_services_enumerated", account, {})
    live.detonate(run, account)
    lines = (tools / "calls").read_text().splitlines()
    assert {line.partition("|")[0] for line in lines if "caller-identity --" not in line} == {run.run}


def test_what_a_crash_left_is_cleaned_up_from_the_record(
    tools: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process ends after the namespace was asked for and before anything came back."""
    run = live.begin(home, "k8s_privileged_pod", LAB, {})

    def crash(tool: str, argv: tuple[str, ...], **more: object) -> command.Done:
        if "create" in argv:
            raise SystemExit
        return command.Done(code=0, output="lab\n", errors="")

    with monkeypatch.context() as patched:
        patched.setattr(live.command, "run", crash)
        with pytest.raises(SystemExit):
            live.detonate(run, LAB)
    later = Journal(run.folder)
    assert [thing.name for thing in later.left()] == [f"namespace {run.run}"]
    assert live.cleanup(later, LAB) == (f"namespace {run.run}",)


def test_a_command_that_fails_stops_the_run_and_says_how_to_clean_up(tools: Path, home: Path) -> None:
    (tools / "fails").write_text("--privileged")
    run = live.begin(home, "k8s_privileged_pod", LAB, {})
    with pytest.raises(CommandFailed, match=f"forbidden.*stratagem emulate cleanup {run.run}"):
        live.detonate(run, LAB)
    assert run.state == "failed"
    live.cleanup(run, LAB)
    assert run.left() == ()


def test_what_cannot_be_removed_is_named_and_tried_again(tools: Path, home: Path) -> None:
    run = live.begin(home, "k8s_privileged_pod", LAB, {})
    live.detonate(run, LAB)
    (tools / "fails").write_text("delete")
    with pytest.raises(CommandFailed, match=f"still there: namespace {run.run}"):
        live.cleanup(run, LAB)
    assert run.state == "detonated"
    (tools / "fails").unlink()
    assert live.cleanup(run, LAB) == (f"namespace {run.run}",)


def test_what_is_not_there_counts_as_removed(tools: Path, home: Path) -> None:
    run = live.begin(home, "k8s_privileged_pod", LAB, {})
    live.detonate(run, LAB)
    (tools / "absent").write_text("delete")
    assert live.cleanup(run, LAB) == (f"namespace {run.run}",)


def test_a_command_that_hangs_is_killed_with_all_that_it_started(
    tools: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = Live(sandbox="kubernetes", detonate=(Command(line="kubectl hang", timeout_seconds=0.2),))
    run = live.begin(home, technique(monkeypatch, spec), LAB, {})
    started = datetime.now(UTC)
    with pytest.raises(CommandFailed, match=r"not done after 0\.2 s, and killed"):
        live.detonate(run, LAB)
    assert datetime.now(UTC) - started < timedelta(seconds=20)


def test_a_run_goes_on_only_where_it_began(tools: Path, home: Path) -> None:
    run = live.begin(home, "k8s_privileged_pod", LAB, {})
    live.detonate(run, LAB)
    (tools / "context").write_text("other-lab\n")
    with pytest.raises(UsageError, match="began in lab, and kubectl would now go to other-lab"):
        live.cleanup(run, [*LAB, "other-lab"])
    assert not any("delete" in call for call in calls(tools))


def test_what_was_made_is_looked_up_where_only_the_provider_knows_its_id(
    tools: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    thing = Thing(name="two keys", find="kubectl list-found {run}", remove="kubectl drop {found}")
    spec = Live(sandbox="kubernetes", detonate=(Command(line="kubectl make {run}", makes=(thing,)),))
    run = live.begin(home, technique(monkeypatch, spec), LAB, {})
    live.detonate(run, LAB)
    (tools / "found").write_text("key-1\nkey-2\n")
    live.cleanup(run, LAB)
    assert calls(tools)[-2:] == ["--context=lab drop key-1", "--context=lab drop key-2"]
    live.detonate(run_again := live.begin(home, "of_the_test", LAB, {}), LAB)
    (tools / "found").write_text("")
    assert live.cleanup(run_again, LAB) == ("two keys",)


def test_a_value_is_one_word_whatever_it_holds(tools: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spec = Live(sandbox="kubernetes", detonate=(Command(line="kubectl get node/{node}"),), needs={"node": "a node"})
    run = live.begin(home, technique(monkeypatch, spec), LAB, {"node": "n --all; rm"})
    logged: list[tuple[str, ...]] = []
    monkeypatch.setattr(
        live.command,
        "run",
        lambda tool, argv, **more: logged.append(tuple(argv)) or command.Done(code=0, output="lab", errors=""),
    )
    live.detonate(run, LAB)
    assert ("--context=lab", "get", "node/n --all; rm") in logged


@pytest.mark.parametrize(("given", "says"), [({}, "--set node=VALUE"), ({"node": "n", "nod": "x"}, "takes no nod")])
def test_values_that_are_missing_or_unknown_are_told(given: dict[str, str], says: str, tools: Path, home: Path) -> None:
    with pytest.raises(UsageError, match=says):
        live.begin(home, "k8s_node_proxy", LAB, given)


def test_a_technique_without_commands_has_no_live_run(home: Path) -> None:
    with pytest.raises(UsageError, match="leave out --live"):
        live.begin(home, "entra_device_code", LAB, {})


def test_a_tool_that_is_not_there_is_said(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(UsageError, match="kubectl is not on PATH"):
        live.begin(home, "k8s_privileged_pod", LAB, {})


def test_a_line_that_a_crash_cut_off_is_left_out_and_the_record_goes_on(home: Path) -> None:
    run = journal.begin(home, "k8s_privileged_pod", "offline", at="2026-03-01T10:00:00+00:00", seed=1)
    with (run.folder / journal.RECORD).open("a") as stream:
        stream.write('{"what": "mak')
    assert [entry["what"] for entry in run.entries()] == ["run"]
    run.append("state", state="warm")
    assert run.state == "warm"


def test_verifying_waits_until_the_finding_with_the_marker_is_there(tools: Path, home: Path) -> None:
    emulator = Emulator(home=home, labs={"lab_kubernetes": LAB}, strategies=tuple, look=lambda asked: ())
    run = emulator.begin("k8s_privileged_pod", is_live=True)
    emulator.detonate(run)
    file = home / "findings.ndjson"
    foreign, own = (line("ads-other", run.times("detonated")), line(run.run, run.times("detonated")))
    file.write_text(foreign)
    waited: list[float] = []

    def arrives(seconds: float) -> None:
        waited.append(seconds)
        file.write_text(foreign + own)

    (found,) = emulator.verify(run, findings=file, timeout=timedelta(hours=1), sleep=arrives)
    assert (found.passed, waited) == (True, [30.0])
    assert found.finding and run.run in found.finding.text


def line(marker: str, at: datetime | None) -> str:
    """A finding as OCSF, of a namespace that a marker names."""
    assert at
    analytic = {"uid": "privileged_container_deployed"}
    rule = {"uid": "privileged_container_deployed#privileged_container_deployed"}
    info = {"uid": marker, "title": f"a pod of {marker}", "analytic": analytic, "related_analytics": [rule]}
    return json.dumps({"time": int(at.timestamp() * 1000) + 900, "finding_info": info}) + "\n"


def test_a_live_run_needs_a_place_to_look_in(tools: Path, home: Path) -> None:
    emulator = Emulator(home=home, labs={"lab_kubernetes": LAB}, strategies=tuple, look=lambda asked: ())
    run = emulator.begin("k8s_privileged_pod", is_live=True)
    with pytest.raises(UsageError, match="never detonated"):
        emulator.verify(run)
    emulator.detonate(run)
    with pytest.raises(UsageError, match="--lake, --findings or the logs"):
        emulator.verify(run)
