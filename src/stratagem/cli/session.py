"""What every command begins with: the workspace, the settings, and the format to write in."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from stratagem import settings as stored
from stratagem.cli import output
from stratagem.cli.render import FORMATS
from stratagem.cli.render._contract import Format, Listing
from stratagem.errors import UsageError
from stratagem.settings import Settings

if TYPE_CHECKING:
    from stratagem.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One run of one command. `root` is None outside any workspace: the packaged content is then all there is."""

    root: Path | None
    settings: Settings
    shows: str = ""
    """What the command writes: the listing's name, or "findings"."""

    def workspace(self) -> Workspace:
        """The object that does the work; its imports are paid for here and not at start-up."""
        from stratagem.workspace import Workspace

        return Workspace(self.root, attack_version=self.settings.attack_version)

    def format(self, file: Path | None = None) -> Format:
        """The format: asked for, or by the file's ending, or a table on a terminal, else NDJSON."""
        return FORMATS[self.format_name(file)]

    def format_name(self, file: Path | None = None) -> str:
        """Its name."""
        if self.settings.format:
            return self.settings.format
        if file is None:
            return "table" if sys.stdout.isatty() else "ndjson"
        ending = file.suffix.lower()
        fitting = (name for name, one in FORMATS.items() if ending in one.suffixes and one.writes(self.shows))
        return next(fitting, "ndjson")

    def note(self, text: str = "") -> None:
        """One line on standard error, unless the user wants quiet."""
        if not self.settings.quiet:
            output.note(text)

    def show(self, listing: Listing, file: Path | None = None) -> None:
        """Write a listing in the chosen format."""
        output.write(self.format(file).listing(listing, output.screen()), file)


def begin(ctx: typer.Context, *, shows: str = "", **flags: object) -> Session:
    """The session for a command's flags (None: not given); `shows` is what it writes.

    Raises UsageError for settings that are not usable.
    """
    root = _root(ctx.obj)
    settings = stored.load(flags=_given(flags), workspace=root, user=stored.user_file())
    session = Session(root=root, settings=settings, shows=shows)
    name = settings.format
    if name and not FORMATS[name].writes(shows):
        others = ", ".join(other for other, one in FORMATS.items() if one.writes(shows))
        raise UsageError(f"--format {name} is not for this command. Formats that are: {others}.")
    for text in stored.misspelt_variables():
        session.note(f"note: {text}")
    return session


def _given(flags: Mapping[str, object]) -> Mapping[str, object]:
    # A switch that was not used says nothing, so that a file or the environment may turn it on.
    return {name: value for name, value in flags.items() if value is not None and value is not False}


def _root(asked: str | None) -> Path | None:
    if asked is None:
        return stored.find_workspace(Path.cwd())
    if not Path(asked).is_dir():
        raise UsageError(f"--workspace {asked} is no folder. Start one: stratagem init {asked}")
    return Path(asked)
