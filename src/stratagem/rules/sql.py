"""A condition -> a DuckDB predicate over scalar columns. A closed set of operators; the rest says why not.

The predicate means what the reference means on the row without its nulls, where a null column is an absent field: every
test is made two-valued at once, so that NOT never meets NULL. DuckDB's lower() folds character by character, as
`scalars.fold` does (a test goes through every character there is).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from stratagem.errors import StratagemError
from stratagem.rules.model import And, Elements, Node, Not, Op, Or, Test, Timed
from stratagem.rules.reference import FIELD_TESTS
from stratagem.rules.scalars import fold, text_of
from stratagem.sqltext import literal, quoted
from stratagem.window import Window

TEXT = ("VARCHAR",)
INTEGERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT")
BOOLEANS = ("BOOLEAN",)

_COMPARE = {Op.LT: "<", Op.LTE: "<=", Op.GT: ">", Op.GTE: ">="}
_HUGEINT = 2**127 - 1
_FALSE = "false"


class NotInSql(StratagemError):
    """A part of a condition that the SQL predicate does not say; the matcher runs it on the row."""


def predicate(node: Node, columns: Mapping[str, str]) -> str:
    """The condition as a boolean expression, never NULL.

    `columns` are the scalar columns by rule field ("actor.user.uid") with their DuckDB type; a dotted field is a path
    into structs. Raises NotInSql with the reason.
    """
    if isinstance(node, And):
        return _joined(" AND ", "true", [predicate(part, columns) for part in node.parts])
    if isinstance(node, Or):
        return _joined(" OR ", _FALSE, [predicate(part, columns) for part in node.parts])
    if isinstance(node, Not):
        return f"(NOT {predicate(node.part, columns)})"
    if isinstance(node, Elements):
        raise NotInSql(f"{node.field}[{node.quantifier}] looks at array elements")
    if isinstance(node, Timed):
        return _joined(" AND ", "true", [predicate(node.part, columns), *_during(node.valid)])
    return _test(node, columns)


def _during(valid: Window) -> Iterator[str]:
    if valid.start is not None:
        yield f"coalesce(\"time\" >= TIMESTAMPTZ '{valid.start.isoformat()}', false)"
    if valid.end is not None:
        yield f"coalesce(\"time\" < TIMESTAMPTZ '{valid.end.isoformat()}', false)"


def _joined(word: str, empty: str, parts: list[str]) -> str:
    return f"({word.join(parts)})" if parts else empty


def _test(test: Test, columns: Mapping[str, str]) -> str:
    if test.field is None:
        raise NotInSql("keywords look at the whole record")
    column, kind = _column(test.field, columns)
    if test.op is Op.IS_NULL:
        return f"({column} IS NULL)"
    if test.op is Op.EXISTS:
        return f"({column} IS NOT NULL)" if test.value else f"({column} IS NULL)"
    if kind in TEXT:
        return f"coalesce({_on_text(test, column, columns)}, false)"
    if kind in INTEGERS:
        return f"coalesce({_on_integer(test, column)}, false)"
    if kind in BOOLEANS and test.op is Op.EQUALS:
        return f"coalesce({_on_boolean(test, column)}, false)"
    raise NotInSql(f"{test.op.value} on {test.field}, a {kind}")


def _column(field: str, columns: Mapping[str, str]) -> tuple[str, str]:
    if field not in columns:
        raise NotInSql(f"{field} is not a scalar column")
    return ".".join(map(quoted, field.split("."))), columns[field].upper()


def _literal(text: str) -> str:
    if "\0" in text or any(0xD800 <= ord(character) < 0xE000 for character in text):
        raise NotInSql("the value holds a character that SQL text cannot")
    return literal(text)


def _on_text(test: Test, column: str, columns: Mapping[str, str]) -> str:
    said = column if test.cased else f"lower({column})"
    if test.op in FIELD_TESTS:
        other, kind = _column(str(test.value), columns)
        if kind not in TEXT:
            raise NotInSql(f"{test.value} is a {kind}, not text")
        return _compared(test.op, said, other if test.cased else f"lower({other})")
    if test.op is Op.PATTERN:
        return f"({said} LIKE {_like(test)} ESCAPE '\\')"
    if test.op not in (Op.EQUALS, Op.CONTAINS, Op.STARTS_WITH, Op.ENDS_WITH):
        raise NotInSql(f"{test.op.value} on text")
    text = text_of(test.value) or ""
    return _compared(test.op, said, _literal(text if test.cased else fold(text)))


def _compared(op: Op, text: str, wanted: str) -> str:
    if op in (Op.EQUALS, Op.FIELD_EQUALS):
        return f"({text} = {wanted})"
    function = {
        Op.CONTAINS: "contains",
        Op.FIELD_CONTAINS: "contains",
        Op.STARTS_WITH: "starts_with",
        Op.FIELD_STARTS_WITH: "starts_with",
    }.get(op, "suffix")
    return f"{function}({text}, {wanted})"


def _like(test: Test) -> str:
    pieces = []
    for part in test.value:
        if isinstance(part, str):
            text = part if test.cased else fold(part)
            for special in ("\\", "%", "_"):
                text = text.replace(special, f"\\{special}")
            pieces.append(text)
        else:
            pieces.append("%" if part is None else "_")
    return _literal("".join(pieces))


def _on_integer(test: Test, column: str) -> str:
    if test.op is Op.EQUALS:
        text = text_of(test.value) or ""
        digits = text.removeprefix("-")
        is_number = digits.isascii() and digits.isdigit() and str(int(text)) == text if len(text) < 40 else False
        return f"({column} = {_number(int(text))})" if is_number else _FALSE
    if test.op not in _COMPARE:
        raise NotInSql(f"{test.op.value} on a number")
    return _ordered(test.op, column, test.value)


def _ordered(op: Op, column: str, bound: float) -> str:
    """An integer column against a bound, which may be a fraction: exact, so without floating point."""
    if isinstance(bound, float):
        if op in (Op.LT, Op.GTE):
            bound = math.ceil(bound)
        else:
            bound = math.floor(bound)
    return f"({column} {_COMPARE[op]} {_number(bound)})"


def _number(value: int) -> str:
    if abs(value) > _HUGEINT:
        raise NotInSql("the number is too large for a column")
    return f"({value})::HUGEINT"


def _on_boolean(test: Test, column: str) -> str:
    text = text_of(test.value) or ""
    wanted = text if test.cased else fold(text)
    return f"({column} = {wanted})" if wanted in ("true", "false") else _FALSE
