"""Options that several commands have, worded once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from stratagem.cli.render import FORMATS
from stratagem.sources import SOURCES
from stratagem.strategy.model import LEVELS


def _formats() -> list[str]:
    return list(FORMATS)


def _sources() -> list[str]:
    return list(SOURCES)


def _levels() -> list[str]:
    return list(LEVELS)


FormatName = Annotated[
    str | None,
    typer.Option(
        "--format",
        metavar="|".join(("table", "ndjson", "json", "csv", "md")),
        autocompletion=_formats,
        help="How results are written. Default: a table on a terminal, NDJSON into a pipe or file.",
    ),
]
CheckFormatName = Annotated[
    str | None,
    typer.Option(
        "--format",
        metavar="|".join(("table", "ndjson", "json", "csv", "md", "sarif", "junit")),
        autocompletion=_formats,
        help="How results are written; junit is of `test` alone. Default: a table on a terminal, else NDJSON.",
    ),
]
Output = Annotated[
    Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write to this file, whole or not at all.")
]
Strategies = Annotated[
    str | None,
    typer.Option(
        "--strategies", metavar="DIR", help="Take the strategies of this folder instead of the packaged ones."
    ),
]
Rules = Annotated[
    str | None,
    typer.Option(
        "--rules",
        metavar="SIGMA_DIR",
        help="Take this folder of plain Sigma rules; alone unless --strategies is given.",
    ),
]
LakeUri = Annotated[str | None, typer.Option("--lake", metavar="URI", help="The Delta lake to look in.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Leave out progress, summary and hints on standard error.")]
SourceName = Annotated[
    str | None,
    typer.Option(
        "--source",
        metavar="ID",
        autocompletion=_sources,
        help="Read every record as this source's. Default: detect it.",
    ),
]
FailOn = Annotated[
    str | None,
    typer.Option(
        "--fail-on",
        metavar="LEVEL",
        autocompletion=_levels,
        help="Exit with 1 when a finding has this level or a higher one.",
    ),
]
