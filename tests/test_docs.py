"""The pages say what is so: commands run, output is real, generated pages match the code, links lead somewhere."""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.end_to_end.program import call
from tests.golden import check_golden
from tests.reference_pages import PAGES

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
HAND_WRITTEN = sorted([ROOT / "README.md", *DOCS.rglob("*.md")])
_FENCE = re.compile(r"^(?P<ticks>`{3,})(?P<info>[^\n`]*)\n(?P<text>.*?)^(?P=ticks)\s*$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\[[^\]]*\]\((?P<target>[^)\s]+)\)")
_EXIT = re.compile(r"\s+# exit (?P<code>\d+)$")


@dataclass(frozen=True)
class Command:
    """A line that a reader types, with the output that the page shows and the code that it ends with."""

    line: str
    shows: tuple[str, ...]
    code: int


def _relative(page: Path) -> str:
    return str(page.relative_to(ROOT))


def _blocks(page: Path) -> Iterator[tuple[str, str]]:
    for match in _FENCE.finditer(page.read_text(encoding="utf-8")):
        yield match["info"].strip(), match["text"]


def _commands(text: str) -> Iterator[Command]:
    typed, shows = "", []
    for line in [*text.splitlines(), "$ "]:
        if line.startswith("$ "):
            if typed:
                code = _EXIT.search(typed)
                yield Command(_EXIT.sub("", typed), tuple(shows), int(code["code"]) if code else 0)
            typed, shows = line[2:], []
        elif line != "...":
            shows.append(line)


PAGES_WITH_COMMANDS = [page for page in HAND_WRITTEN if any(info == "console" for info, _ in _blocks(page))]


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's logs."""
    from stratagem.emulate.story import write_story

    folder = tmp_path_factory.mktemp("story")
    write_story(folder)
    return folder


def _write(here: Path, place: str, text: str) -> None:
    """Write a block to the file it names; `file.md#heading` replaces that section of the file."""
    name, _, anchor = place.partition("#")
    file = here / name
    file.parent.mkdir(parents=True, exist_ok=True)
    if anchor:
        sections = re.split(r"^(?=## )", file.read_text(encoding="utf-8"), flags=re.MULTILINE)
        changed = [f"{text}\n" if _anchor(part.partition("\n")[0]) == anchor else part for part in sections]
        assert changed != sections, f"{place} names no section"
        text = "".join(changed)
    file.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("page", PAGES_WITH_COMMANDS, ids=_relative)
def test_the_commands_on_a_page_do_what_the_page_says(page: Path, tmp_path: Path, story: Path) -> None:
    for name in ("logs", "trail"):
        shutil.copytree(story, tmp_path / name)
    here = tmp_path
    for info, text in _blocks(page):
        _, _, file = info.partition(" ")
        if "/" in file or "." in file:
            _write(here, file, text)
        for command in _commands(text) if info == "console" else ():
            if command.line.startswith("cd "):
                here = here / command.line[3:].strip()
                continue
            assert command.line.startswith("stratagem "), f"{page}: {command.line} is no command of ours"
            done = call(*shlex.split(command.line)[1:], cwd=here)
            said = done.stdout + done.stderr
            assert done.returncode == command.code, f"{command.line}\n{said}"
            assert "Traceback" not in said
            for line in command.shows:
                assert line in said, f"{command.line} does not print {line!r}:\n{said}"


@pytest.mark.parametrize("name", PAGES)
def test_a_generated_page_is_up_to_date(name: str) -> None:
    check_golden(Path(name), PAGES[name](), folder=DOCS / "reference")


@pytest.mark.parametrize("page", HAND_WRITTEN, ids=_relative)
def test_links_lead_to_files_and_headings_that_exist(page: Path) -> None:
    text = _FENCE.sub("", page.read_text(encoding="utf-8"))
    for match in _LINK.finditer(text):
        target, _, anchor = match["target"].partition("#")
        if "://" in target:
            continue
        file = (page.parent / target).resolve() if target else page
        assert file.exists(), f"{page}: {match['target']} leads nowhere"
        if anchor:
            assert anchor in _anchors(file), f"{page}: {match['target']} has no such heading"


def _anchors(page: Path) -> set[str]:
    return {_anchor(heading) for heading in re.findall(r"^#+ .+$", page.read_text(encoding="utf-8"), re.MULTILINE)}


def _anchor(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.lstrip("#")).strip().lower().replace(" ", "-")


def test_every_page_is_reachable_from_the_index() -> None:
    index = (DOCS / "README.md").read_text(encoding="utf-8")
    pages = [page for page in DOCS.rglob("*.md") if page.parent.name != "decisions" and page != DOCS / "README.md"]
    missing = [str(page.relative_to(DOCS)) for page in pages if str(page.relative_to(DOCS)) not in index]
    assert not missing


def test_ci_runs_the_test_command_of_the_readme_word_for_word() -> None:
    (command,) = [text.strip() for info, text in _blocks(ROOT / "README.md") if info == "sh" and "pytest" in text]
    assert command in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_every_command_of_the_program_is_on_the_readme_or_in_the_reference() -> None:
    from stratagem.cli.app import app

    reference = (DOCS / "reference" / "cli.md").read_text(encoding="utf-8")
    assert all(f"## stratagem {command.name}" in reference for command in app.registered_commands)
