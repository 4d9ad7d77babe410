"""Commands about logs: what we can read, and what a file holds."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Annotated, Any

import typer

from stratagem.cli import output
from stratagem.cli.options import FormatName, Output, Quiet
from stratagem.cli.render._contract import Listing
from stratagem.cli.session import begin
from stratagem.errors import UsageError
from stratagem.sources import SOURCES
from stratagem.sources._contract import LogSource, Source
from stratagem.sources._declared.model import schema

FIELDS, SCHEMA = "fields", "schema"


def sources(
    ctx: typer.Context,
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[fields] [ID]",
            help="A source to describe; with `fields`, the fields that rules may use. `schema` alone prints the JSON "
            "Schema of the files that declare sources.",
        ),
    ] = None,
    format_name: FormatName = None,
    file: Output = None,
    quiet: Quiet = False,
) -> None:
    """List the log sources, describe one, or list its fields.

    `stratagem sources`, `stratagem sources aws_cloudtrail`, `stratagem sources fields aws_cloudtrail`,
    `stratagem sources schema`.
    """
    session = begin(ctx, format=format_name, quiet=quiet)
    if words == [SCHEMA]:
        output.write([json.dumps(schema(), indent=2), "\n"], file)
        return
    session.workspace()  # its own sources are among them
    ids = [word for word in words or () if word != FIELDS]
    wants_fields = FIELDS in (words or ())
    if len(ids) > 1 or (wants_fields and not ids):
        raise UsageError(f"give one source. There are: {', '.join(SOURCES)}")
    if wants_fields:
        session.show(_fields(SOURCES[ids[0]]), file)
    elif ids:
        session.show(_described(ids[0], SOURCES[ids[0]]), file)
    else:
        session.show(_all(), file)


def _all() -> Listing:
    rows = [
        {"id": source_id, "title": source.title, "logsources": _logsources(source)}
        for source_id, source in SOURCES.items()
    ]
    return Listing(name="sources", columns=("id", "title", "logsources"), rows=rows)


def _logsources(source: Source) -> str:
    return ", ".join(dict.fromkeys(logsource_text(offered) for offered in source.logsources))


def logsource_text(offered: LogSource) -> str:
    """A Sigma logsource in a word: `aws/cloudtrail`."""
    return "/".join(part for part in (offered.product, offered.category, offered.service) if part)


def _described(source_id: str, source: Source) -> Listing:
    facts = {
        "id": source_id,
        "title": source.title,
        "described at": source.vendor_page,
        "how to enable": source.enable,
        "Sigma logsources": _logsources(source),
        "lateness": str(source.lateness),
    }
    rows = [{"what": what, "value": value} for what, value in facts.items()]
    rows += [{"what": "silent gap", "value": gap} for gap in source.silent_gaps]
    return Listing(name="source", columns=("what", "value"), rows=rows)


def field_rows(source: Source) -> Iterator[Mapping[str, Any]]:
    """Every field that a rule may use on this source: as logged, derived, or another name for one of these."""
    for name, describe in source.fields.items():
        yield {"field": name, "kind": "logged", "describe": describe}
    for name, derived in source.derived.items():
        yield {"field": name, "kind": "derived", "describe": derived.describe}
    for name, paths in source.aliases.items():
        yield {"field": name, "kind": "alias", "describe": f"reads {', then '.join(paths)}"}


def _fields(source: Source) -> Listing:
    return Listing(name="fields", columns=("field", "kind", "describe"), rows=list(field_rows(source)))


def identify(
    ctx: typer.Context,
    paths: Annotated[
        list[str], typer.Argument(metavar="PATH...", help="Files, folders, globs, or - for standard input.")
    ],
    format_name: FormatName = None,
    file: Output = None,
    quiet: Quiet = False,
) -> None:
    """Say what each file holds: its sources with counts, or why none was recognised."""
    session = begin(ctx, format=format_name, quiet=quiet)
    rows = [
        {"file": str(name), "sources": dict(counts), "reason": reason}
        for name, counts, reason in session.workspace().identify(paths)
    ]
    session.show(Listing(name="files", columns=("file", "sources", "reason"), rows=rows), file)
