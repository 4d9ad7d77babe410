"""The commands and tools that a strategy tells people to use: in fences, inline code, `live:` lines and prose."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass

from stratagem import facts
from stratagem.strategy.checks._page import Passage, passages
from stratagem.strategy.model import Strategy

_SHELLS = frozenset({"sh", "bash", "shell", "console", "zsh", "terminal", "powershell", "ps1", "pwsh"})
_PROMPT = re.compile(r"^\s*(?:\$|#|>|PS[^>]*>)\s+")
_CODE = re.compile(r"(?<!`)`(?P<code>[^`\n]+)`(?!`)")
_SPLIT = re.compile(r"\s*(?:&&|\|\||;|\|)\s*")
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=\S*")
_PREFIX = frozenset({"sudo", "env", "time", "nohup", "exec", "command"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A command line. `place` is where it begins; `in_shell` that it stands in a block or a `live:` line of its own."""

    text: str
    line: int
    column: int
    section: str
    in_shell: bool
    before: str = ""
    """For inline code: the prose before it in its sentence."""

    @property
    def words(self) -> tuple[str, ...]:
        """The words as a shell would cut them, without assignments, prompts and `sudo`."""
        try:
            cut = shlex.split(self.text, comments=False)
        except ValueError:
            cut = self.text.split()
        while cut and (cut[0] in _PREFIX or _ASSIGNMENT.fullmatch(cut[0])):
            cut = cut[1:]
        return tuple(cut)

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset into `text`."""
        return self.line, self.column + offset

    def place_of(self, word: str) -> tuple[int, int]:
        """Where a word of the command stands."""
        offset = self.text.find(word)
        return self.line, self.column + max(offset, 0)


def commands(strategy: Strategy) -> Iterator[Command]:
    """Every command, in fences of a shell, in `live:` lines and in inline code; pipes and lists cut apart."""
    for section in (*strategy.sections.values(), *strategy.unknown_sections):
        for fence in section.fences:
            if fence.language.lower() in _SHELLS:
                yield from _script(fence.text, fence.line, section.title)
    for block in strategy.blocks:
        if block.kind == "scenario" and isinstance(block.data, dict) and isinstance(block.data.get("live"), str):
            yield from _script(
                block.data["live"], block.line_of("live"), block.section, column=_live_column(block.text)
            )
    for passage in passages(strategy):
        yield from _inline(passage)


def lines(strategy: Strategy) -> Iterator[Command]:
    """Like `commands`, but each line whole: pipes are part of what it does."""
    for section in (*strategy.sections.values(), *strategy.unknown_sections):
        for fence in section.fences:
            for number, text in enumerate(fence.text.split("\n"), start=fence.line):
                yield Command(text=text, line=number, column=1, section=section.title, in_shell=True)
    for block in strategy.blocks:
        if block.kind == "scenario" and isinstance(block.data, dict) and isinstance(block.data.get("live"), str):
            first, column = block.line_of("live"), _live_column(block.text)
            for number, text in enumerate(block.data["live"].split("\n"), start=first):
                yield Command(text=text, line=number, column=column, section=block.section, in_shell=True)
    for passage in passages(strategy):
        for match in _CODE.finditer(passage.text):
            line, column = passage.place(match.start("code"))
            yield Command(text=match["code"], line=line, column=column, section=passage.section, in_shell=False)


def _live_column(text: str) -> int:
    match = re.search(r"^(?P<key>\s*live:\s*[\"']?)", text, re.MULTILINE)
    return len(match["key"].lstrip("\n")) + 1 if match else 1


def _script(text: str, first: int, section: str, column: int = 1) -> Iterator[Command]:
    joined = re.sub(r"\\\n", lambda match: "  ", text)
    number = first
    for raw in joined.split("\n"):
        line = _PROMPT.sub(lambda match: " " * len(match[0]), raw)
        if line.strip() and not line.lstrip().startswith("#"):
            yield from _cut(line, number, column, section, in_shell=True)
        number += 1


def _cut(text: str, line: int, column: int, section: str, *, in_shell: bool, before: str = "") -> Iterator[Command]:
    # Quotes may hold pipes of another language: cut only outside them.
    masked = re.sub(r"'[^']*'|\"[^\"]*\"", lambda match: "_" * len(match[0]), text)
    start = 0
    for end, following in [*((m.start(), m.end()) for m in _SPLIT.finditer(masked)), (len(text), len(text))]:
        part = text[start:end]
        skip = len(part) - len(part.lstrip())
        if part.strip():
            yield Command(
                text=part.strip(),
                line=line,
                column=column + start + skip,
                section=section,
                in_shell=in_shell,
                before=before,
            )
        start = following


def _inline(passage: Passage) -> Iterator[Command]:
    for match in _CODE.finditer(passage.text):
        line, column = passage.place(match.start("code"))
        before = passage.text[: match.start()].rsplit(".", 1)[-1]
        yield from _cut(match["code"], line, column, passage.section, in_shell=False, before=before)


def plain_commands() -> frozenset[str]:
    """Words that begin a command line without being tools of the trade."""
    return frozenset(facts.load("commands")["plain"])
