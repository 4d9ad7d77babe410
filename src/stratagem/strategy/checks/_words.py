"""Words of a text, cut down to stems, to say whether two texts speak of the same thing."""

from __future__ import annotations

import re
from functools import cache

from stratagem import facts

_WORD = re.compile(r"[A-Za-z][A-Za-z0-9]+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_ENDINGS = (
    "izations",
    "ization",
    "ations",
    "ation",
    "ments",
    "ment",
    "ings",
    "ing",
    "ions",
    "ion",
    "ies",
    "ers",
    "er",
    "ed",
    "es",
    "s",
    "e",
    "y",
)


@cache
def _stop_words() -> frozenset[str]:
    return frozenset(str(facts.load("wording")["stop_words"]).split())


def stem(word: str) -> str:
    """A word without its ending, crudely: "deployments" and "deploying" are both "deploy"."""
    word = word.lower()
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word


def stems(text: str) -> frozenset[str]:
    """The stems of the words that carry meaning; camelCase and snake_case names count as their words."""
    words = _WORD.findall(_CAMEL.sub(" ", text.replace("_", " ")))
    return frozenset(stem(word) for word in words if word.lower() not in _stop_words() and len(word) > 2)
