"""One detection item (field, modifiers, values) -> tests. pySigma applies the modifiers; we take what they leave.

Done here and not by pySigma: `expand` (our lists), `all` and `neq` (links, not values), `cased` on field references,
numbers (its own lose digits above 2**53), and the choice of Python's `re`, which reads look-around.
"""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from stratagem.context.entry import ALWAYS, Entry, Lists
from stratagem.rules.condition import all_of, any_of
from stratagem.rules.model import Node, Not, Op, Test, Timed
from stratagem.rules.problem import BadRule, MissingList, nearest
from stratagem.window import Window

if TYPE_CHECKING:
    from sigma.types import SigmaType

COMPARISONS = {"lt": Op.LT, "lte": Op.LTE, "gt": Op.GT, "gte": Op.GTE}
PARTS = ("minute", "hour", "day", "week", "month", "year")
_TEXT = {"contains", "startswith", "endswith"}
_LINKS = {"all", "neq", "expand", "cased"}
_ALIASES = {"utf16le": "wide"}
_PLACEHOLDER = re.compile(r"\\%|%([^%\\\s]+)%")


def item(field: str | None, modifiers: Sequence[str], value: Any, lists: Lists) -> Node:
    """The node for `field|modifiers: value`; `field` None is a keyword. Raises BadRule."""
    for name in modifiers:
        _check_known(name)
    values = value if isinstance(value, list) else [value]
    if not values:
        raise BadRule("value", "is an empty list.", fix="Give a value, or `null` for a field without one.")
    parts = [_one(field, modifiers, single, lists) for single in values]
    node = all_of(parts) if "all" in modifiers else any_of(parts)
    return Not(part=node) if "neq" in modifiers else node


@lru_cache(maxsize=1)
def known_modifiers() -> frozenset[str]:
    """Every modifier name that a rule may use."""
    from sigma.modifiers import modifier_mapping

    return frozenset(modifier_mapping) | frozenset(_ALIASES)


def _check_known(name: str) -> None:
    if name not in known_modifiers():
        raise BadRule(f"|{name}", "is not a Sigma modifier.", fix=nearest(name, known_modifiers()))


def _one(field: str | None, modifiers: Sequence[str], value: Any, lists: Lists) -> Node:
    value = _plain(value)
    if "expand" not in modifiers:
        return _tests(field, modifiers, value)
    if not isinstance(value, str):
        raise BadRule("|expand", f"works on text, not on {value!r}.")
    by_time: dict[Window, list[Node]] = {}
    for text, valid in _expanded(value, lists):
        by_time.setdefault(valid, []).append(_tests(field, modifiers, text))
    return any_of_or_never([_in_time(any_of(parts), valid) for valid, parts in by_time.items()])


def _in_time(node: Node, valid: Window) -> Node:
    return node if valid == ALWAYS else Timed(part=node, valid=valid)


def any_of_or_never(parts: Sequence[Node]) -> Node:
    """Or; an empty list of choices never matches."""
    from stratagem.rules.model import Or

    return any_of(parts) if parts else Or(parts=())


def _plain(value: Any) -> Any:
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, dict | list | tuple | set | bytes):
        raise BadRule(
            "value",
            "is a nested map or list.",
            fix="Write the path (`field.sub: value`), or `field[any]:` with a map for one array element.",
        )
    if isinstance(value, float) and not math.isfinite(value):
        raise BadRule("value", f"{value!r} is not a number that logs can hold.")
    return value


def _expanded(text: str, lists: Lists) -> Iterator[tuple[str, Window]]:
    """`text` with each placeholder replaced, for every combination of list values, and when all of these are valid.

    `\\%` is a plain percent sign. Combinations that are never valid are left out.
    """
    match = _PLACEHOLDER.search(text)
    if match is None:
        yield text, ALWAYS
        return
    head, tail = text[: match.start()], text[match.end() :]
    name = match[1]
    if name is not None and name not in lists:
        known = f"There are: {', '.join(sorted(lists))}." if lists else "No lists are loaded."
        raise MissingList("|expand", f"placeholder %{name}% has no list of that name.", fix=known)
    choices: Sequence[str | Entry] = ("%",) if name is None else lists[name]
    for choice in choices:
        said, valid = (choice, ALWAYS) if isinstance(choice, str) else (choice.value, choice.valid)
        for rest, other in _expanded(tail, lists):
            both = valid.common(other)
            if both is not None:
                yield head + said + rest, both


def _tests(field: str | None, modifiers: Sequence[str], value: Any) -> Node:
    """The tests for one value, before linking."""
    names = [_ALIASES.get(name, name) for name in modifiers if name not in _LINKS]
    cased = "cased" in modifiers
    if any(name in COMPARISONS or name in PARTS for name in names):
        return _numeric(field, names, value)
    if not names and not isinstance(value, str):
        return _scalar(field, value)
    if names and not isinstance(value, bool if "exists" in names else str):
        fix = "Write `true` or `false`." if "exists" in names else "Put it in quotes."
        raise BadRule(f"|{'|'.join(names)}", f"does not work on {value!r}.", fix=fix)
    nodes = [_test(field, left, cased, names) for left in _modified(field, names, value)]
    return any_of(nodes)


def _scalar(field: str | None, value: Any) -> Test:
    if field is None:
        if value is None:
            raise BadRule("keyword", "null is not something to search for.")
        return Test(field=None, op=Op.CONTAINS, value=str(value).lower() if isinstance(value, bool) else str(value))
    if value is None:
        return Test(field=field, op=Op.IS_NULL)
    return Test(field=field, op=Op.EQUALS, value=value)


def _numeric(field: str | None, names: Sequence[str], value: Any) -> Test:
    """`lt` and its kin, timestamp parts, and a timestamp part compared (`hour|gte`)."""
    text = f"|{'|'.join(names)}"
    if field is None:
        raise BadRule(text, "needs a field.")
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadRule(text, f"compares numbers; {value!r} is not one.", fix="Write the number without quotes.")
    units = [name for name in names if name in PARTS]
    comparisons = [name for name in names if name in COMPARISONS]
    if len(units) > 1 or len(comparisons) > 1 or len(units) + len(comparisons) != len(names):
        raise BadRule(text, "these modifiers do not go together.")
    if not units:
        return Test(field=field, op=COMPARISONS[comparisons[0]], value=value)
    return Test(field=field, op=Op.TIMESTAMP_PART, value=value, flags=" ".join([units[0], *comparisons]))


def _modified(field: str | None, names: Sequence[str], value: Any) -> list[SigmaType]:
    """What pySigma's modifiers make of one value."""
    from sigma.exceptions import SigmaError
    from sigma.policy.profiles import TrustedPolicy
    from sigma.rule import SigmaDetectionItem
    from sigma.types import SigmaString

    if not names:
        return [SigmaString(value)]
    key = f"{'' if field is None else 'field'}|{'|'.join(names)}"
    try:
        return list(SigmaDetectionItem.from_mapping(key, value, policy=TrustedPolicy).value)
    except (SigmaError, re.error, ValueError, TypeError, AttributeError, RecursionError) as error:
        raise BadRule(f"|{'|'.join(names)}", f"{error}".strip().rstrip(".") + ".") from None


def _test(field: str | None, left: SigmaType, cased: bool, names: Sequence[str]) -> Node:
    """One of pySigma's values as a test."""
    from sigma import types

    if isinstance(left, types.SigmaExpansion):
        return any_of([_test(field, inner, cased, names) for inner in left.values])
    if isinstance(left, types.SigmaString):
        return _text(field, left, cased, anywhere=field is None and not _TEXT & set(names))
    if isinstance(left, types.SigmaRegularExpression):
        return _regex(field, left)
    if isinstance(left, types.SigmaCIDRExpression):
        return Test(field=field, op=Op.CIDR, value=str(left.network))
    if field is not None and isinstance(left, types.SigmaExists):
        return Test(field=field, op=Op.EXISTS, value=bool(left.exists))
    if field is not None and isinstance(left, types.SigmaFieldReference):
        return _field_reference(field, left, cased)
    raise BadRule(f"|{'|'.join(names)}", "does not work here.", fix="It needs a field." if field is None else "")


def _text(field: str | None, text: Any, cased: bool, *, anywhere: bool) -> Test:
    """Text with wildcards as the simplest test that says it; keywords without a position match anywhere."""
    from sigma.types import SpecialChars

    parts: list[str | int | None] = [None] if anywhere else []
    for part in [*text.s, *([SpecialChars.WILDCARD_MULTI] if anywhere else [])]:
        piece = {SpecialChars.WILDCARD_MULTI: None, SpecialChars.WILDCARD_SINGLE: 1}.get(part, part)
        if piece is not None or not parts or parts[-1] is not None:
            parts.append(piece)
    shape = tuple("text" if isinstance(part, str) else part for part in parts)
    for form, op, index in (
        (("text",), Op.EQUALS, 0),
        ((None, "text", None), Op.CONTAINS, 1),
        (("text", None), Op.STARTS_WITH, 0),
        ((None, "text"), Op.ENDS_WITH, 1),
    ):
        if shape == form:
            return Test(field=field, op=op, value=parts[index], cased=cased)
    if not parts:
        return Test(field=field, op=Op.EQUALS, value="", cased=cased)
    return Test(field=field, op=Op.PATTERN, value=tuple(parts), cased=cased)


def _regex(field: str | None, left: Any) -> Test:
    expression = str(left.regexp)
    flags = "".join(sorted(left.sigma_to_re_flag[flag] for flag in left.flags))
    try:
        re.compile(expression)
    except (re.error, OverflowError, RecursionError) as error:
        raise BadRule("|re", f"{expression!r} does not compile: {error}.") from None
    return Test(field=field, op=Op.REGEX, value=expression, cased=True, flags=flags)


def _field_reference(field: str, left: Any, cased: bool) -> Test:
    op = {
        (False, False): Op.FIELD_EQUALS,
        (True, False): Op.FIELD_STARTS_WITH,
        (False, True): Op.FIELD_ENDS_WITH,
        (True, True): Op.FIELD_CONTAINS,
    }[left.starts_with, left.ends_with]
    return Test(field=field, op=op, value=left.field, cased=cased)
