"""`stratagem baseline`: what is normal, how warm it is, and what was decided about it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from stratagem.cli import _baselines, output, progress, times
from stratagem.cli.options import FormatName, Output, Quiet, SourceName, Strategies
from stratagem.cli.safe import printable
from stratagem.cli.session import Session, begin
from stratagem.errors import UsageError

if TYPE_CHECKING:
    from stratagem.learned.model import Snapshot

app = typer.Typer(
    help="What baselines have learned: show, export and compare it, accept entries, and begin anew.",
    no_args_is_help=True,
)

Analytic = Annotated[
    str, typer.Argument(metavar="STRATEGY[#BASELINE]", help="A strategy's id, or one of its baselines.")
]
LogPaths = Annotated[
    list[str] | None,
    typer.Option("--path", "-p", metavar="PATH", help="Logs to learn from: files, folders or globs. May be repeated."),
]
LakeUri = Annotated[
    str | None, typer.Option(metavar="URI", help="Learn from this Delta lake. Default: the setting `lake`.")
]
AsOf = Annotated[
    str | None,
    typer.Option("--as-of", metavar="T", help="What was learned up to this time. Default: up to the last event."),
]
Entity = Annotated[
    list[str] | None,
    typer.Option("--key", metavar="TEXT", help="The entity's parts, in the block's order; repeat the option for each."),
]
Owner = Annotated[str | None, typer.Option(metavar="NAME", help="Who answers for it. Default: the setting `owner`.")]
Reason = Annotated[str, typer.Option(metavar="TEXT", help="Why.")]


@app.command()
def show(
    ctx: typer.Context,
    analytic: Analytic,
    path: LogPaths = None,
    lake: LakeUri = None,
    entity: Annotated[str | None, typer.Option(metavar="TEXT", help="Only entities with this in their name.")] = None,
    picture: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.svg", help="Draw the entity with most observations (or --entity) over time, into this file."
        ),
    ] = None,
    as_of: AsOf = None,
    strategies: Strategies = None,
    source: SourceName = None,
    format_name: FormatName = None,
    file: Output = None,
    quiet: Quiet = False,
) -> None:
    """Show what was learned about each entity, and how warm it is: "12 of 14 days; will not alert yet"."""
    session = begin(ctx, strategies=strategies, lake=lake, format=format_name, quiet=quiet)
    drawn = (entity or "") if picture else None
    found = _learned(session, analytic, path, as_of, source, drawn)
    session.show(_baselines.learned(found, entity), file)
    if picture is not None:
        output.write([_baselines.drawing(found, entity)], picture)
        session.note(f"Written to {picture}")


@app.command()
def export(
    ctx: typer.Context,
    analytic: Analytic,
    path: LogPaths = None,
    lake: LakeUri = None,
    as_of: AsOf = None,
    strategies: Strategies = None,
    source: SourceName = None,
    file: Output = None,
    quiet: Quiet = False,
) -> None:
    """Write what was learned as YAML in a stable order, for review in a pull request."""
    from stratagem.learned import export as exporting

    session = begin(ctx, strategies=strategies, lake=lake, quiet=quiet)
    output.write([exporting.text(_learned(session, analytic, path, as_of, source))], file)


@app.command()
def diff(
    ctx: typer.Context,
    before: Annotated[Path, typer.Argument(metavar="EXPORT", help="An export.")],
    after: Annotated[
        Path | None,
        typer.Argument(metavar="[EXPORT]", help="A later one; without it, what --path or --lake teach now."),
    ] = None,
    path: LogPaths = None,
    lake: LakeUri = None,
    as_of: AsOf = None,
    strategies: Strategies = None,
    source: SourceName = None,
    format_name: FormatName = None,
    file: Output = None,
    quiet: Quiet = False,
) -> None:
    """Compare two exports, or an export with what logs teach now: entities, values, limits and warm-up.

    A difference exits with 1.
    """
    session = begin(ctx, strategies=strategies, lake=lake, format=format_name, quiet=quiet)
    if after is not None and (path or lake):
        raise UsageError("give a second export, or logs to compare the first one with; not both.")
    if after is None and not path and not session.settings.lake:
        raise UsageError("give a second export, or --path with logs or --lake to compare the first one with.")
    when = times.parse(as_of, option="--as-of", now=datetime.now(UTC)) if as_of else None
    with progress.shown(session) as report:
        changes = session.workspace().baseline_diff(
            before,
            after,
            paths=path or (),
            lake=session.settings.lake,
            as_of=when,
            strategies=session.settings.strategies,
            source=source,
            progress=report,
        )
    session.show(_baselines.changes(changes), file)
    session.note(_baselines.change_count(changes))
    raise typer.Exit(1 if changes else 0)


@app.command()
def accept(
    ctx: typer.Context,
    analytic: Annotated[str, typer.Argument(metavar="STRATEGY#BASELINE", help="The baseline.")],
    key: Entity = None,
    value: Annotated[
        str | None, typer.Option(metavar="TEXT", help="The value that is fine; without it all that the entity does.")
    ] = None,
    reason: Reason = "",
    expires: Annotated[str, typer.Option(metavar="T", help="Findings from then on are reported again.")] = "",
    owner: Owner = None,
    strategies: Strategies = None,
    quiet: Quiet = False,
) -> None:
    """Accept an entry: it is not reported until it expires. Written to the workspace's `baselines/`, for review."""
    session = begin(ctx, strategies=strategies, owner=owner, quiet=quiet)
    if not key or not reason or not expires:
        raise UsageError("give --key, --reason and --expires: an exception says of what, why, and how long.")
    file, text = session.workspace().accept(
        analytic,
        key,
        value=value,
        owner=_owner(session),
        reason=reason,
        expires=times.parse(expires, option="--expires", now=datetime.now(UTC)),
        strategies=session.settings.strategies,
    )
    _written(session, file, text)


@app.command()
def reset(
    ctx: typer.Context,
    analytic: Annotated[str, typer.Argument(metavar="STRATEGY#BASELINE", help="The baseline.")],
    start: Annotated[str, typer.Option("--from", metavar="T", help="What was before teaches nothing from then on.")],
    key: Entity = None,
    reason: Reason = "",
    owner: Owner = None,
    strategies: Strategies = None,
    quiet: Quiet = False,
) -> None:
    """Begin anew from a time on, for one entity or all. Written to the workspace's `baselines/`, for review."""
    session = begin(ctx, strategies=strategies, owner=owner, quiet=quiet)
    if not reason:
        raise UsageError("give --reason: who reviews the file has to know why.")
    file, text = session.workspace().reset_baseline(
        analytic,
        key or None,
        start=times.parse(start, option="--from", now=datetime.now(UTC)),
        owner=_owner(session),
        reason=reason,
        strategies=session.settings.strategies,
    )
    _written(session, file, text)


def _owner(session: Session) -> str:
    if not session.settings.owner:
        raise UsageError("give --owner, or set `owner` in the workspace's stratagem.toml.")
    return str(session.settings.owner)


def _written(session: Session, file: Path, text: str) -> None:
    output.write([printable(line) + "\n" for line in text.splitlines()])
    session.note(f"Written to {file}")


def _learned(
    session: Session,
    analytic: str,
    paths: list[str] | None,
    as_of: str | None,
    source: str | None,
    entity: str | None = None,
) -> tuple[Snapshot, ...]:
    if not paths and not session.settings.lake:
        raise UsageError("give --path with logs or --lake to learn from.")
    when = times.parse(as_of, option="--as-of", now=datetime.now(UTC)) if as_of else None
    with progress.shown(session) as report:
        return session.workspace().baselines(
            analytic,
            paths or (),
            lake=session.settings.lake,
            as_of=when,
            entity=entity,
            strategies=session.settings.strategies,
            source=source,
            workers=session.settings.workers,
            progress=report,
        )
