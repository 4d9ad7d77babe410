"""YAML text -> documents with the line of every key. A document that does not parse leaves the others alone.

Values keep the text that the author wrote: a date stays text. Duplicate keys, cycles and alias bombs are refused.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from stratagem.rules.problem import BadRule

MAX_DEPTH = 200
"""Levels of nesting in one document: far above any rule, far below the parser's stack."""
MAX_NODES = 100_000
"""Values in one document, aliases followed."""

_MERGE = "tag:yaml.org,2002:merge"
_TEXT = "tag:yaml.org,2002:str"
_MARKER = re.compile(r"^---(?=\s|\Z)", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One YAML document: its value, the file line it begins on, and lines by path ("detection.selection" -> 12)."""

    data: Any
    line: int
    lines: Mapping[str, int] = field(default_factory=dict)


def documents(text: str, *, line: int = 0) -> Iterator[Document | BadRule]:
    """Every document of `text`, whose first line is file line `line` + 1. Empty documents are left out."""
    for chunk, offset in _split(text):
        try:
            document = _read(chunk, line + offset)
        except BadRule as problem:
            yield problem
            continue
        if document is not None:
            yield document


def _split(text: str) -> Iterator[tuple[str, int]]:
    """The text between document markers, with the number of lines before it."""
    starts = [0, *(match.start() for match in _MARKER.finditer(text) if match.start())]
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        yield text[start:end], text.count("\n", 0, start)


class _Loader(yaml.CSafeLoader):
    """Safe YAML without surprises: `date: 2024-01-01` is the text that it looks like, and so is every key (`on: x`)."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[Any] = set()
        for key_node, _ in node.value:
            if isinstance(key_node, yaml.ScalarNode) and key_node.tag != _MERGE:
                key_node.tag = _TEXT
            key = self.construct_object(key_node, deep=True)
            if not isinstance(key, str | int | float | bool | type(None)):
                raise yaml.constructor.ConstructorError(None, None, "a key is not plain", key_node.start_mark)
            if key in seen:
                raise yaml.constructor.ConstructorError(None, None, f"duplicate key {key!r}", key_node.start_mark)
            seen.add(key)
        return super().construct_mapping(node, deep=deep)


_Loader.yaml_implicit_resolvers = {
    first: [(tag, expression) for tag, expression in resolvers if not tag.endswith(":timestamp")]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


def _read(chunk: str, offset: int) -> Document | None:
    try:
        _check_depth(chunk)
        loader = _Loader(chunk)
        try:
            node = loader.get_single_node()
            if node is None:
                return None
            lines = _lines(node, offset)
            data = loader.construct_document(node)
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = offset + mark.line + 1 if mark else offset + 1
        raise BadRule("YAML", error.problem or "does not parse", line=where) from None
    except (yaml.YAMLError, RecursionError, ValueError, OverflowError) as error:
        raise BadRule("YAML", f"does not parse: {_first_line(error)}", line=offset + 1) from None
    return Document(data=data, line=offset + node.start_mark.line + 1, lines=lines)


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0] or type(error).__name__


def _check_depth(chunk: str) -> None:
    """Refuse deep nesting before the parser, which recurses in C, meets it."""
    if sum(chunk.count(opener) for opener in ("[", "{", "- ", "? ", ": ")) <= MAX_DEPTH:
        return
    depth = 0
    for event in yaml.parse(chunk, yaml.CSafeLoader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                raise yaml.YAMLError(f"nested more than {MAX_DEPTH} levels deep")
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _lines(root: yaml.Node, offset: int) -> dict[str, int]:
    """The file line of every key and list item, by dotted path."""
    lines: dict[str, int] = {}
    stack: list[tuple[yaml.Node, str, int]] = [(root, "", 0)]
    count = 0
    while stack:
        node, path, depth = stack.pop()
        count += 1
        if count > MAX_NODES or depth > MAX_DEPTH:
            raise yaml.YAMLError("aliases expand without end")
        prefix = f"{path}." if path else ""
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                child = f"{prefix}{key.value}"
                lines[child] = offset + key.start_mark.line + 1
                stack.append((value, child, depth + 1))
        elif isinstance(node, yaml.SequenceNode):
            for index, value in enumerate(node.value):
                child = f"{prefix}{index}"
                lines[child] = offset + value.start_mark.line + 1
                stack.append((value, child, depth + 1))
    return lines
