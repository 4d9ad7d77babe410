"""Any text gives a strategy, problems are where they say, and nothing of an imported report is lost."""

from __future__ import annotations

import re
import string

from hypothesis import given, settings
from hypothesis import strategies as st

from stratagem.places import read
from stratagem.strategy.import_report import import_report
from stratagem.strategy.model import SECTIONS
from stratagem.strategy.outline import normalise, outline
from stratagem.strategy.parse import parse
from stratagem.strategy.paths import BadPath, put, read_path, show
from tests.unit.strategy.documents import document

MARKUP = (
    "---\n",
    "```yaml sigma\n",
    "```\n",
    "~~~ yaml filter\n",
    "## Goal\n",
    "# x\n",
    "> ",
    "<!--",
    "-->",
    "\r",
    "\u2028",
)
YAML = ("name: ", "- ", "  ", "{", "}", "[", ": ", "'", '"', "\t", "&a ", "*a", "!!int ", "| ", "expect: finding\n")
PIECES = st.sampled_from(MARKUP + YAML)
HEADINGS = st.sampled_from([f"\n## {title}\n" for title in SECTIONS])
WORDS = st.text(string.ascii_letters + string.digits + " .-_/|*?[]\"'{}\\é🎉", max_size=12)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | WORDS
KEYS = st.text(string.ascii_letters + "_|", min_size=1, max_size=8)
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3))


def check(text: str) -> None:
    parsed = parse(text, file="x/y.md")
    lines = normalise(text).split("\n")
    for problem in parsed.problems:
        assert 0 <= problem.line <= len(lines) + 1
        assert problem.message
    for block in parsed.strategy.blocks:
        for path, line in block.lines.items():
            key = path.rpartition(".")[2]
            if key.isalnum() and not key.isdigit():
                assert key in lines[line - 1], (path, line)


@given(st.text())
def test_any_text_gives_a_strategy(text: str) -> None:
    check(text)


@given(st.lists(PIECES | WORDS, max_size=40).map("".join))
def test_any_markup_gives_a_strategy(text: str) -> None:
    check(text)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_a_mutated_document_gives_a_strategy_with_true_lines(data: st.DataObject) -> None:
    text = document()
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(text)))
        cut = data.draw(st.integers(0, 20))
        text = text[:at] + data.draw(PIECES | WORDS) + text[at + cut :]
    check(text)


@given(st.dictionaries(KEYS, VALUES, max_size=4), st.integers(1, 500))
def test_yaml_reads_what_was_written_with_the_line_of_every_key(value: dict[str, object], line: int) -> None:
    import yaml

    text = yaml.safe_dump(value, allow_unicode=True)
    located = read(text, line=line)
    assert located.flaws == ()
    assert located.value == value
    lines = text.split("\n")
    for path, (row, column) in located.keys.items():
        key = path.rpartition(".")[2]
        if not key.isdigit():
            assert re.match(rf"[?\s'\"]*{re.escape(key)}", lines[row - line][column - 1 :])


@given(st.lists(st.text(min_size=1, max_size=6) | st.integers(0, 3), min_size=1, max_size=4))
def test_a_path_that_is_shown_is_read_back(steps: list[str | int]) -> None:
    path = ("first", *steps)
    assert read_path(show(path)) == path


@given(st.text(string.ascii_lowercase + '.[]"0\\', max_size=10), VALUES)
def test_any_path_is_set_or_refused(text: str, value: object) -> None:
    record: dict[str, object] = {"a": [{"b": 1}], "c": {"d": None}}
    try:
        put(record, read_path(text), value)
    except BadPath as error:
        assert str(error)


@settings(deadline=None)
@given(st.lists(PIECES | WORDS | HEADINGS, max_size=30).map("".join))
def test_an_imported_report_parses_and_keeps_its_lines(text: str) -> None:
    draft = import_report(text, "report.md")
    assert [p.code for p in parse(draft.markdown, file="x.md").problems if p.code in ("S-FRONT", "S-SECTION")] == []
    source = outline(text)
    headings = {line for heading in source.headings for line in range(heading.line, heading.end)}
    kept = set(normalise(draft.markdown).split("\n"))
    front = source.front_matter.end if source.front_matter else 0
    for number, line in enumerate(source.lines, start=1):
        if number > front and number not in headings and line.strip():
            assert line in kept
