"""`stratagem context`: what the workspace's context says, whether it holds, and what history would add."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from stratagem.cli import _checks, output
from stratagem.cli.options import FormatName, Output, Quiet
from stratagem.cli.program import command
from stratagem.cli.render._contract import Listing, Screen
from stratagem.cli.safe import printable
from stratagem.cli.session import begin
from stratagem.errors import Severity, UsageError

if TYPE_CHECKING:
    from stratagem.context.suggest.proposal import LeftOut, Suggestions

app = typer.Typer(
    help="The workspace's context: check it, propose entries from history, print its JSON Schemas.",
    no_args_is_help=True,
)
FAILED = 1
_SHOWN = 12
"""What was left out, for people; `--format` gives all."""

Paths = Annotated[
    list[str] | None, typer.Argument(metavar="[PATH]...", help="Logs: files, folders, globs, or - for standard input.")
]
LakeUri = Annotated[str | None, typer.Option("--lake", metavar="URI", help="A lake with history.")]


@app.command()
def check(
    ctx: typer.Context,
    paths: Paths = None,
    lake: LakeUri = None,
    format_name: FormatName = None,
    file: Output = None,
    strict: Annotated[bool, typer.Option("--strict", help="Warnings fail as well.")] = False,
    quiet: Quiet = False,
) -> None:
    """Check the files of `context/`: all problems at once, each with its place. Errors exit with 1.

    Entries that have ended and lists that no rule reads are told. With logs or a lake, so is what no event meets:
    names, ranges, clusters, accounts, tenants, expected sources; and what events name and estate.yml does not.
    """
    session = begin(ctx, format=format_name, strict=strict, quiet=quiet)
    found = session.workspace().check_context(paths or (), lake=lake)
    session.show(_checks.problems(found), file)
    session.note(_checks.problem_count(found))
    failing = {Severity.ERROR, Severity.WARNING} if session.settings.strict else {Severity.ERROR}
    raise typer.Exit(FAILED if any(problem.severity in failing for problem in found) else 0)


@app.command()
def suggest(
    ctx: typer.Context,
    paths: Paths = None,
    lake: LakeUri = None,
    people: Annotated[bool, typer.Option("--people", help="Propose also which principals are one person.")] = False,
    write: Annotated[bool, typer.Option("--write", help="Write the proposals into the files of `context/`.")] = False,
    format_name: FormatName = None,
    file: Output = None,
    quiet: Quiet = False,
) -> None:
    """Propose entries for `context/` from history, each with its evidence, as a diff to review.

    Platform, node, CI, GitOps, controller and scanner identities, registries and egress addresses that are usual over a
    week and more. What has signs of one and is not usual is left out, with the reason. `--format` lists both.
    """
    session = begin(ctx, format=format_name, quiet=quiet)
    found = session.workspace().suggest_context(paths or (), lake=lake, people=people)
    for note in found.notes:
        session.note(note)
    if format_name:
        session.show(_listing(found), file)
    else:
        output.write([session.workspace().context_diff(found)], file)
    session.note(_counted(found))
    if not format_name:
        for text in _left_out(found.left_out):
            session.note(text)
    if write:
        for path in session.workspace().write_context(found):
            session.note(f"wrote {path}")
    elif found.proposals:
        session.note("Review the diff, then apply it with --write or git apply.")
        session.note(f"Next: {command('context', 'check')}")


@app.command()
def schema(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="estate, identities, list, networks, architecture, changes.")
    ],
) -> None:
    """Print the JSON Schema of a kind of file, for editors."""
    import json

    from stratagem.context.schemas import DOCUMENTS
    from stratagem.context.schemas import schema as of

    if name not in DOCUMENTS:
        raise UsageError(f"no schema {name!r}. There are: {', '.join(DOCUMENTS)}.")
    output.write([json.dumps(of(name), indent=2), "\n"])


def _listing(found: Suggestions) -> Listing:
    columns = ("kind", "title", "file", "names", "evidence", "proposed")
    rows: list[dict[str, Any]] = [
        {
            "kind": one.kind,
            "title": one.title,
            "file": one.file,
            "names": list(one.names),
            "evidence": list(one.evidence),
            "proposed": True,
        }
        for one in found.proposals
    ]
    rows += [
        {
            "kind": "left out",
            "title": one.title,
            "file": "",
            "names": [one.name],
            "evidence": [one.reason],
            "proposed": False,
        }
        for one in found.left_out
    ]

    def lines(screen: Screen) -> Iterator[str]:
        for row in rows:
            mark = "+" if row["proposed"] else "-"
            yield f"{mark} {printable(str(row['title']))}\n"
            for text in row["evidence"]:
                yield f"    {printable(str(text))}\n"

    return Listing(name="suggestions", columns=columns, rows=rows, lines=lines)


def _counted(found: Suggestions) -> str:
    counts = Counter(one.title.partition(" ")[0] for one in found.proposals)
    said = ", ".join(f"{count} {name}" for name, count in sorted(counts.items()))
    return f"{len(found.proposals)} proposals{f' ({said})' if said else ''}, {len(found.left_out)} left out."


def _left_out(left: tuple[LeftOut, ...]) -> Iterator[str]:
    """Grouped by reason, the largest groups first."""
    groups: dict[tuple[str, str], list[str]] = {}
    for one in left:
        groups.setdefault((one.title.partition(" ")[0], one.reason), []).append(one.name)
    ordered = sorted(groups.items(), key=lambda item: -len(item[1]))
    for (title, reason), names in ordered[:_SHOWN]:
        more = f" and {len(names) - 1} more" if len(names) > 1 else ""
        yield printable(f"left out: {title} {names[0]}{more}: {reason}")
    if len(ordered) > _SHOWN:
        yield f"... and {len(ordered) - _SHOWN} more reasons; --format ndjson lists all."
