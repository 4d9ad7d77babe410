from __future__ import annotations

import pytest

from stratagem.strategy.outline import outline, section_title


@pytest.mark.parametrize(
    ("heading", "title"),
    [
        ("Goal", "Goal"),
        ("goal:", "Goal"),
        ("**Validation** (Adversary Emulation)", "Validation"),
        ("Categorisation", "Categorization"),
        ("Blind Spots", "Blind Spots and Assumptions"),
        ("Blind Spots & Assumptions", "Blind Spots and Assumptions"),
        ("Alert Priority", "Priority"),
        ("3. Goal", None),
        ("Tooling", None),
    ],
)
def test_headings_are_read_as_sections_by_name_and_alias(heading: str, title: str | None) -> None:
    assert section_title(heading) == title


def test_lines_count_from_the_file_with_front_matter_and_any_line_ends() -> None:
    found = outline("\ufeff---\r\ntitle: x\r\n---\r\n\r\n## Goal\rtext\n```yaml sigma\na: 1\n```\n")
    assert found.front_matter is not None and found.front_matter.text == "title: x"
    assert [(heading.title, heading.line) for heading in found.headings] == [("Goal", 5)]
    assert [(fence.info, fence.line, fence.closed) for fence in found.fences] == [("yaml sigma", 8, True)]


def test_headings_in_code_comments_and_quotes_are_no_sections() -> None:
    text = "```\n## a\n```\n\n<!--\n## b\n-->\n\n> ## c\n\n- ## d\n"
    assert outline(text).headings == ()


def test_an_open_fence_is_told_apart_from_a_closed_one() -> None:
    assert [fence.closed for fence in outline("```a\nx\n").fences] == [False]
    assert [fence.closed for fence in outline("> ~~~ a\n> x\n> ~~~\n").fences] == [True]
