"""Loading never raises, whatever the text; conditions mean what pySigma says they mean."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from stratagem.rules.condition import parse_condition
from stratagem.rules.load import load_data, load_text
from stratagem.rules.matcher import compile
from stratagem.rules.model import Op, Rejection, Rule, Test
from stratagem.rules.problem import BadRule
from stratagem.rules.reference import matches
from stratagem.rules.resolve import PLAIN
from stratagem.rules.values import known_modifiers
from tests.property.rules.strategies import EXAMPLES, records, scalars

NAMES = ("sel_a", "sel_b", "filter_c", "_hidden")
modifiers = st.lists(st.sampled_from([*sorted(known_modifiers()), "utf16le", "nope"]), max_size=3)
fields = st.sampled_from(["a", "a.b", "", "c[any]", "c[all].b", "[none]", "x[0]"])
keys = st.builds(lambda field, names: "|".join([field, *names]), fields, modifiers) | st.text(max_size=4)
plain = scalars | st.sampled_from(["%list%", "a*b?", "192.0.2.0/24", "^a(b|c)", "-x /y", "2024-01-01"])
selections = st.recursive(
    plain | st.lists(plain, max_size=3),
    lambda inner: st.dictionaries(keys, inner, max_size=3) | st.lists(inner, max_size=3),
    max_leaves=6,
)
condition_words = st.sampled_from([*NAMES, "and", "or", "not", "(", ")", "1", "2", "all", "any", "of", "them", "sel_*"])
condition_texts = st.lists(condition_words, min_size=1, max_size=8).map(" ".join)
details = st.fixed_dictionaries(
    {"sel_a": selections, "condition": st.sampled_from(["sel_a", "not sel_a", "1 of sel*"]) | condition_texts},
    optional={"sel_b": selections, "timeframe": plain},
)


@settings(max_examples=EXAMPLES, deadline=None)
@given(details | plain | selections, records)
def test_any_detection_gives_a_rule_that_runs_or_a_rejection(detection: Any, record: dict[str, Any]) -> None:
    data = {"title": "t", "logsource": {"product": "x"}, "detection": detection}
    loaded = load_data(data, file="x.yml", lists={"list": ("one", "two*")})
    assert isinstance(loaded, Rule | Rejection)
    if isinstance(loaded, Rule):
        assert compile(loaded.condition, PLAIN)(record) == matches(loaded.condition, record, PLAIN)
    else:
        assert loaded.construct
        assert loaded.reason


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.text(max_size=60) | st.text(alphabet="a:-[]{}&*!|>'\"\n #%@`,?", max_size=60))
def test_any_text_loads_without_an_exception(text: str) -> None:
    loaded = load_text(text, file="x.yml")
    assert loaded.rejected or loaded.rules


def _as_pysigma_reads(text: str, truth: dict[str, bool]) -> bool | None:
    """The condition's truth by pySigma's own parse; None where it refuses."""
    from sigma.conditions import ConditionAND, ConditionNOT, ConditionOR, ConditionSelector, SigmaCondition
    from sigma.exceptions import SigmaError
    from sigma.rule import SigmaDetections

    detections = SigmaDetections.from_dict({**{name: {"f": name} for name in truth}, "condition": text})

    def holds(item: Any) -> bool:
        if isinstance(item, ConditionNOT):
            return not holds(item.args[0])
        if isinstance(item, ConditionAND | ConditionOR):
            return (all if isinstance(item, ConditionAND) else any)([holds(arg) for arg in item.args])
        if isinstance(item, ConditionSelector):
            chosen = item.resolve_referenced_detections(detections)
            if not chosen:
                raise SigmaError("nothing chosen")
            return (all if item.cond_class is ConditionAND else any)(truth[one.identifier] for one in chosen)
        if item.identifier not in truth:
            raise SigmaError("unknown")
        return truth[item.identifier]

    try:
        return holds(SigmaCondition(text, detections).parse(postprocess=False))
    except (SigmaError, AttributeError):
        return None


@settings(max_examples=EXAMPLES, deadline=None)
@given(condition_texts, st.lists(st.booleans(), min_size=4, max_size=4))
def test_a_condition_that_pysigma_reads_means_the_same_here(text: str, values: list[bool]) -> None:
    truth = dict(zip(NAMES, values, strict=True))
    theirs = _as_pysigma_reads(text, truth)
    if theirs is None:
        return
    named: dict[str, Any] = {name: Test(field=name, op=Op.EQUALS, value=1) for name in NAMES}
    record = {name: 1 for name, value in truth.items() if value}
    try:
        node = parse_condition(text, named)
    except BadRule as problem:
        raise AssertionError(f"{text!r} is refused: {problem}") from None
    assert matches(node, record, PLAIN) == theirs
