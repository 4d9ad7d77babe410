"""`stratagem emulate`: attacks, offline into log files or live in a lab, and what an ordinary company writes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from stratagem.cli import _emulations, times
from stratagem.cli.options import FormatName, LakeUri, Output, Quiet
from stratagem.cli.session import Session, begin
from stratagem.errors import UsageError

if TYPE_CHECKING:
    from stratagem.emulator import Emulator

app = typer.Typer(
    help="Emulate attacks, offline into log files or live in a lab, and verify that they are found.",
    no_args_is_help=True,
)
FAILED = 1


def _techniques() -> list[str]:
    from stratagem.emulate.techniques import TECHNIQUES

    return list(TECHNIQUES)


TechniqueName = Annotated[
    str, typer.Argument(metavar="TECHNIQUE", autocompletion=_techniques, help="`stratagem emulate list` has them.")
]
RunId = Annotated[str, typer.Argument(metavar="RUN", help="The run's id, as detonate printed it.")]
Live = Annotated[
    bool, typer.Option("--live", help="Run real commands, in a lab that the settings lab_... allow. Default: offline.")
]
At = Annotated[str | None, typer.Option("--at", metavar="T", help="Offline: when the attack happens. Default: now.")]
Seed = Annotated[int, typer.Option(help="Offline: another seed gives other ids and other moments of the history.")]
Given = Annotated[
    list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="Live: a value that the technique needs.")
]


@app.command("list")
def list_(
    ctx: typer.Context,
    platform: Annotated[str | None, typer.Option(help="Only this platform's: kubernetes, aws, entra, ...")] = None,
    format_name: FormatName = None,
    file: Output = None,
    quiet: Quiet = False,
) -> None:
    """List the techniques, the finding that each must give, and which strategies have none."""
    session = begin(ctx, format=format_name, quiet=quiet)
    emulator = _emulator(session)
    session.show(_emulations.techniques(emulator.techniques(), platform), file)
    lacking = [one.id for one in emulator.without()]
    if lacking and platform is None:
        session.note(f"{len(lacking)} strategies have no technique: {', '.join(lacking)}")


@app.command()
def show(ctx: typer.Context, technique: TechniqueName, format_name: FormatName = None, file: Output = None) -> None:
    """Show a technique: what it does, its events, its commands with what they make, and the finding it must give."""
    session = begin(ctx, format=format_name)
    session.show(_emulations.technique(technique), file)


@app.command()
def runs(ctx: typer.Context, format_name: FormatName = None, file: Output = None) -> None:
    """List the runs, what state each is in, and what of it is still there."""
    session = begin(ctx, format=format_name)
    session.show(_emulations.runs(_emulator(session).runs()), file)


@app.command()
def warmup(
    ctx: typer.Context,
    technique: TechniqueName,
    live: Live = False,
    at: At = None,
    seed: Seed = 1,
    given: Given = None,
    format_name: FormatName = None,
    quiet: Quiet = False,
) -> None:
    """Make what a technique needs, and do not detonate it yet: objects in the lab, or the history to learn from."""
    session = begin(ctx, format=format_name, quiet=quiet)
    emulator = _emulator(session)
    run = emulator.begin(technique, is_live=live, at=_moment(at), seed=seed, given=_pairs(given))
    session.note(f"run {run.run}")
    emulator.warmup(run)
    session.show(_emulations.runs([run]))
    session.note(f"detonate it: stratagem emulate detonate --run {run.run}")


@app.command()
def detonate(
    ctx: typer.Context,
    technique: Annotated[
        str | None, typer.Argument(metavar="[TECHNIQUE]", autocompletion=_techniques, help="Begin a new run of it.")
    ] = None,
    earlier: Annotated[str | None, typer.Option("--run", metavar="RUN", help="Go on with this run.")] = None,
    live: Live = False,
    at: At = None,
    seed: Seed = 1,
    given: Given = None,
    format_name: FormatName = None,
    quiet: Quiet = False,
) -> None:
    """Detonate a technique: write the telemetry that it leaves, or with --live run it in a lab.

    Everything is recorded before it is made. Verify the finding, then clean up.
    """
    session = begin(ctx, format=format_name, quiet=quiet)
    emulator = _emulator(session)
    if (technique is None) == (earlier is None):
        raise UsageError("give a technique, or --run and the id of a run that was warmed up or reverted.")
    if earlier is not None:
        run = emulator.run(earlier)
    else:
        run = emulator.begin(str(technique), is_live=live, at=_moment(at), seed=seed, given=_pairs(given))
        session.note(f"run {run.run}")
    emulator.detonate(run)
    session.show(_emulations.runs([run]))
    session.note(f"verify it: stratagem emulate verify {run.run}; then: stratagem emulate cleanup {run.run}")


@app.command()
def verify(
    ctx: typer.Context,
    run: RunId,
    logs: Annotated[
        list[Path] | None, typer.Argument(metavar="[LOGS]...", help="Logs to look in. Offline: the run's own.")
    ] = None,
    lake: LakeUri = None,
    findings: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A file of findings, as `stratagem run --format ndjson` writes.")
    ] = None,
    wait: Annotated[
        str, typer.Option("--wait", metavar="SPAN", help="How long to wait for the finding: 90s, 15m, 2h.")
    ] = "0s",
    format_name: FormatName = None,
    file: Output = None,
    quiet: Quiet = False,
) -> None:
    """Look for exactly the finding that a run must give: strategy and rule, about whom, and not before it happened.

    A live run's finding must hold its marker. A finding that is not there exits with 1.
    """
    session = begin(ctx, format=format_name, quiet=quiet)
    emulator = _emulator(session)
    journal = emulator.run(run)
    found = emulator.verify(journal, lake=lake, paths=logs or (), findings=findings, timeout=_span(wait))
    session.show(_emulations.verified(found), file)
    session.note(f"{sum(one.passed for one in found)} of {len(found)} expected findings are there.")
    raise typer.Exit(0 if all(one.passed for one in found) else FAILED)


@app.command()
def revert(ctx: typer.Context, run: RunId, quiet: Quiet = False) -> None:
    """Undo what a detonation made or changed, and keep what it needed, so that it can be detonated again."""
    session = begin(ctx, quiet=quiet)
    emulator = _emulator(session)
    for name in emulator.revert(emulator.run(run)):
        session.note(f"removed {name}")


@app.command()
def cleanup(
    ctx: typer.Context,
    run: Annotated[str | None, typer.Argument(metavar="[RUN]", help="The run's id.")] = None,
    every: Annotated[bool, typer.Option("--all", help="Every run that left something.")] = False,
    quiet: Quiet = False,
) -> None:
    """Remove everything that a run made, from its record, the latest first; also after a crash. The record stays."""
    session = begin(ctx, quiet=quiet)
    emulator = _emulator(session)
    if (run is None) == (not every):
        raise UsageError("give a run's id, or --all.")
    chosen = [emulator.run(run)] if run else [one for one in emulator.runs() if one.left()]
    for one in chosen:
        for name in emulator.cleanup(one):
            session.note(f"{one.run}: removed {name}")
    session.note(f"{len(chosen)} runs cleaned up.")


@app.command("estate")
def estate(
    ctx: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Where the logs go; made if it is not there.")],
    seed: Annotated[int, typer.Option(help="Another seed makes another estate; the same one, the same bytes.")] = 1,
    days: Annotated[int, typer.Option(min=1, max=400, help="How many days, from Monday 2026-02-02 on.")] = 28,
    people: Annotated[int, typer.Option(min=50, max=100_000, help="How many employees.")] = 2000,
    nodes: Annotated[int, typer.Option(min=10, max=5000, help="How many nodes the clusters have together.")] = 200,
    attacks: Annotated[
        bool, typer.Option("--attacks", help="Place every technique once, after two quiet weeks.")
    ] = False,
    some: Annotated[
        list[str] | None,
        typer.Option("--attack", metavar="TECHNIQUE", autocompletion=_techniques, help="Place this technique alone."),
    ] = None,
    quiet: Quiet = False,
) -> None:
    """Write a month of a company: three clusters, ten AWS accounts, Entra, Google, network and registry, as delivered.

    It is benign but for the attacks that are asked for; FOLDER.attacks.ndjson then says where they are.
    """
    session = begin(ctx, quiet=quiet)
    names = _techniques() if attacks else some or []
    written = session.workspace().estate(folder, seed=seed, days=days, people=people, nodes=nodes, attacks=names)
    session.note(f"{written.events:,} events of {written.days} days in {written.folder}.")
    if written.truth:
        session.note(f"{len(written.attacks)} attacks in them: {written.truth}")


def _emulator(session: Session) -> Emulator:
    settings = session.settings
    home = settings.emulations or (session.root or Path.cwd()) / "emulations"
    labs = {name: getattr(settings, name) for name in ("lab_kubernetes", "lab_aws", "lab_azure", "lab_gcp")}
    return session.workspace().emulator(home, labs)


def _moment(text: str | None) -> datetime | None:
    return times.parse(text, option="--at", now=datetime.now(UTC)) if text else None


def _span(text: str) -> timedelta:
    units = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
    if not text[:-1].isdecimal() or text[-1:] not in units:
        raise UsageError(f"--wait {text!r} is no time span. Give 90s, 15m or 2h.")
    return timedelta(**{units[text[-1]]: int(text[:-1])})


def _pairs(given: list[str] | None) -> dict[str, str]:
    pairs = [one.partition("=") for one in given or ()]
    wrong = [name for name, is_pair, value in pairs if not (name and is_pair and value)]
    if wrong:
        raise UsageError(f"--set {wrong[0]}: write NAME=VALUE.")
    return {name: value for name, _, value in pairs}
