"""The context folder -> a Context, and everything that is wrong with its files, told at once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from stratagem.complaints import closest
from stratagem.context import architecture, changes, estate, identities, lists, networks
from stratagem.context.known import NOTHING, Context
from stratagem.context.sheet import Sheet, quarrels
from stratagem.errors import ContentError, Problem, Severity
from stratagem.places import Located

FILES = ("estate", "identities", "networks", "architecture")
FOLDERS = ("lists", "changes")
ENDINGS = (".yml", ".yaml")


def load(folder: Path | None) -> Context:
    """The context of a folder; one that is not there says nothing. Raises ContentError with every problem found."""
    context, problems = read_context(folder)
    errors = [problem for problem in problems if problem.severity is Severity.ERROR]
    if errors:
        raise ContentError(errors)
    return context


def read_context(folder: Path | None) -> tuple[Context, tuple[Problem, ...]]:
    """What the files say as far as they can be read, and what is wrong with them, by file and place."""
    if folder is None or not folder.is_dir():
        return NOTHING, ()
    sheets = {name: _sheet(folder, name) for name in FILES}
    problems: list[Problem] = list(_strangers(folder))
    known_estate = estate.read(sheets["estate"])
    names = identities.read(sheets["identities"], known_estate)
    known_networks = networks.read(sheets["networks"], folder)
    flows = architecture.read(sheets["architecture"], {one.name for one in known_networks.ranges})
    known_lists, of_lists = lists.read_folder(folder / "lists")
    calendar = [Sheet.of(path, "changes") for path in _files(folder / "changes")]
    announced = tuple(change for sheet in calendar for change in changes.read(sheet))
    for sheet in [*sheets.values(), *calendar]:
        problems += sheet.problems
    problems += [*of_lists, *quarrels(changes.claims(announced))]
    context = Context(
        estate=known_estate,
        names=names,
        lists=known_lists,
        networks=known_networks,
        flows=flows,
        changes=announced,
    )
    return context, tuple(sorted(problems, key=lambda one: (one.file, one.line, one.column)))


def _files(folder: Path) -> list[Path]:
    return sorted(path for ending in ENDINGS for path in folder.glob(f"*{ending}"))


def _sheet(folder: Path, name: str) -> Sheet:
    found = [path for ending in ENDINGS if (path := folder / f"{name}{ending}").is_file()]
    if not found:
        return Sheet(file=str(folder / f"{name}.yml"), located=Located(value=None, start=(0, 0)), usable=False)
    sheet = Sheet.of(found[0], name)
    if len(found) > 1:
        sheet.add("C-FILE", f"{found[1].name} is there too, and is not read", fix="Keep one of them.")
    return sheet


def _strangers(folder: Path) -> Iterator[Problem]:
    """Files that nothing reads: most often a slip in a name."""
    known = {*FILES, *FOLDERS}
    for path in sorted(folder.iterdir()):
        is_slip = path.suffix in ENDINGS and path.stem not in FILES
        if path.name.startswith(".") or not (is_slip or (path.is_dir() and path.name not in FOLDERS)):
            continue
        where = "There are: estate.yml, identities.yml, networks.yml, architecture.yml, lists/, changes/."
        message = f"nothing reads this{closest(path.stem, known)}"
        message = message if message.endswith("?") else f"{message}."
        yield Problem(code="C-FILE", severity=Severity.WARNING, file=str(path), message=message, fix=where)
