"""The condition line -> tree of nodes. Sigma's grammar: `or` < `and` < `not` < `N of pattern` < `( )`.

Ours rather than pySigma's: that one knows neither `2 of`, nor where in the line the trouble is. A property test
holds the two together on what both read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from itertools import combinations
from math import comb

from stratagem.rules.model import And, Node, Not, Or
from stratagem.rules.problem import BadRule, nearest

MAX_NESTING = 60
MAX_CHOICES = 500
"""`N of` becomes an Or over combinations; more of them than this is refused."""

_TOKEN = re.compile(r"\s*(?:(?P<word>[\w.*?-]+)|(?P<mark>[()])|(?P<other>\S))")
_WORDS = frozenset({"and", "or", "not", "of", "them", "all", "any"})


def all_of(parts: Sequence[Node]) -> Node:
    """And, without a level where there is one part."""
    return parts[0] if len(parts) == 1 else And(parts=tuple(parts))


def any_of(parts: Sequence[Node]) -> Node:
    """Or, without a level where there is one part."""
    return parts[0] if len(parts) == 1 else Or(parts=tuple(parts))


def parse_condition(text: str, named: Mapping[str, Node]) -> Node:
    """The tree of one condition over the selections in `named`. Raises BadRule with the column in the reason."""
    return _Parser(text, named).whole()


class _Parser:
    """Recursive descent over the tokens of one condition."""

    def __init__(self, text: str, named: Mapping[str, Node]) -> None:
        self.named = named
        self.tokens = _tokens(text)
        self.at = 0
        self.nesting = 0

    def whole(self) -> Node:
        if not self.tokens:
            raise BadRule("condition", "is empty.", fix="Name the selections: `condition: selection`.")
        node = self._or()
        if self.at < len(self.tokens):
            word, column = self.tokens[self.at]
            raise BadRule("condition", f"does not go on with {word!r} at column {column}.")
        return node

    def _or(self) -> Node:
        return self._chain("or", self._and, any_of)

    def _and(self) -> Node:
        return self._chain("and", self._not, all_of)

    def _chain(self, word: str, below: Callable[[], Node], join: Callable[[Sequence[Node]], Node]) -> Node:
        parts = [below()]
        while self._is(word):
            self.at += 1
            parts.append(below())
        return join(parts)

    def _not(self) -> Node:
        negate = False
        while self._is("not"):
            self.at += 1
            negate = not negate
        node = self._operand()
        return Not(part=node) if negate else node

    def _operand(self) -> Node:
        if self.at >= len(self.tokens):
            raise BadRule("condition", "ends where a selection is expected.")
        word, column = self.tokens[self.at]
        if word == "(":
            return self._group()
        if self.at + 1 < len(self.tokens) and self.tokens[self.at + 1][0].lower() == "of":
            return self._quantified(word)
        if word == ")" or (word.lower() in _WORDS and word not in self.named):
            raise BadRule("condition", f"has {word!r} at column {column} where a selection is expected.")
        self.at += 1
        if word not in self.named:
            raise BadRule(
                "condition",
                f"names the selection {word!r} (column {column}), which the detection does not have.",
                fix=nearest(word, self.named),
            )
        return self.named[word]

    def _group(self) -> Node:
        column = self.tokens[self.at][1]
        self.at += 1
        self.nesting += 1
        if self.nesting > MAX_NESTING:
            raise BadRule("condition", f"nests more than {MAX_NESTING} levels of brackets.")
        node = self._or()
        if not self._is(")"):
            raise BadRule("condition", f"has no closing bracket for the one at column {column}.")
        self.at += 1
        self.nesting -= 1
        return node

    def _quantified(self, quantity: str) -> Node:
        self.at += 2
        if self.at >= len(self.tokens) or self.tokens[self.at][0] in "()":
            raise BadRule("condition", f"has `{quantity} of` without a name pattern.")
        pattern = self.tokens[self.at][0]
        self.at += 1
        chosen = [self.named[name] for name in _matching(pattern, self.named)]
        if not chosen:
            raise BadRule(
                "condition",
                f"asks for `{quantity} of {pattern}`, and no selection has such a name.",
                fix=f"There are: {', '.join(sorted(self.named))}.",
            )
        return _at_least(quantity.lower(), pattern, chosen)

    def _is(self, word: str) -> bool:
        if self.at >= len(self.tokens):
            return False
        token = self.tokens[self.at][0]
        return token.lower() == word and token not in self.named


def _tokens(text: str) -> list[tuple[str, int]]:
    """Words and brackets with their column, from 1."""
    tokens = []
    for match in _TOKEN.finditer(text):
        if match["other"] == "|":
            raise BadRule(
                "aggregation",
                "conditions with a pipe (`| count() ...`) were removed from Sigma.",
                fix="Write a correlation rule, or drop the aggregation.",
            )
        if match["other"]:
            column = match.start("other") + 1
            raise BadRule("condition", f"has an unexpected {match['other']!r} at column {column}.")
        group = "word" if match["word"] else "mark"
        tokens.append((match[group], match.start(group) + 1))
    return tokens


def _matching(pattern: str, names: Mapping[str, Node]) -> list[str]:
    """Names that the pattern means; those with a leading underscore only if the pattern has one too (Sigma 2.1)."""
    wild = "*" if pattern.lower() == "them" and pattern not in names else pattern
    expression = re.compile(".*".join(re.escape(piece) for piece in wild.split("*")))
    hidden = wild.startswith("_")
    return [name for name in names if expression.fullmatch(name) and (hidden or not name.startswith("_"))]


def _at_least(quantity: str, pattern: str, parts: list[Node]) -> Node:
    if quantity == "all":
        return all_of(parts)
    if quantity in ("any", "1"):
        return any_of(parts)
    if not (quantity.isascii() and quantity.isdigit()) or int(quantity) == 0:
        raise BadRule(
            "condition",
            f"has {quantity!r} before `of`.",
            fix="Write a number from 1, `all` or `any`; for none of them write `not 1 of ...`.",
        )
    count = int(quantity)
    if count > len(parts):
        raise BadRule("condition", f"asks for {count} of {pattern}, but there are {len(parts)}.")
    if comb(len(parts), count) > MAX_CHOICES:
        raise BadRule("condition", f"{count} of {len(parts)} selections are too many combinations.")
    return any_of([all_of(choice) for choice in combinations(parts, count)])
