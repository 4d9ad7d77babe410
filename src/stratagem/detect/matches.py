"""Observations -> the table of matches that one analytic sees (relation.MATCHES), as SQL.

An observation gives a row for each combination of its fields' values; one that lacks a value to group by gives none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from stratagem.detect.analytics import ACTOR, SCOPE, Analytic, Ask, Input
from stratagem.relation import MATCHES
from stratagem.sqltext import literal


def of_rule(one: Input, asks: Sequence[Ask], observed: str, *, has_flows: bool = False) -> str:
    """The matches of one rule, from a relation of its standing observations (with `teaches`).

    `has_flows`: the context has an architecture, which is asked about edges.
    """
    places = {ask: number for number, ask in enumerate(asks, start=1)}
    names: dict[str, str] = {}
    lists: list[tuple[str, str]] = []

    def column(ask: Ask, *, may_lack: bool) -> str:
        """The column of a field's single values."""
        name = f"{'m' if may_lack else 'k'}{places[ask]}"
        if name not in names:
            names[name] = name
            texts = f"values[{places[ask]}]"
            lists.append((name, f"CASE WHEN len({texts}) = 0 THEN [NULL] ELSE {texts} END" if may_lack else texts))
        # Observations hold principals: who that is, the context says at event time, and may say otherwise tomorrow.
        return f"context_actor({name}, time)" if ask.field == ACTOR else name

    keys = [column(Ask(name), may_lack=False) for name in one.key]
    if one.is_scoped:
        keys.append(column(Ask(SCOPE), may_lack=True))
    values = [column(Ask(name), may_lack=True) for name in one.value]
    peers = [column(Ask(name), may_lack=True) for name in one.peer]
    number = column(Ask(one.number, True), may_lack=True) if one.number is not None else None
    inner = f"SELECT source || '/' || event_uid AS uid, time, teaches, values FROM {observed}"
    for name, texts in lists:  # one after the other: UNNESTs of one SELECT go side by side
        inner = f"SELECT *, unnest({texts}) AS {name} FROM ({inner})"
    return (
        f"SELECT {literal(one.reference)} AS rule, uid, time, {_array(keys, has_nulls=one.is_scoped)} AS key, "
        f"{_value(values)} AS value, {f'{number}::DECIMAL(38,9)' if number else 'NULL::DECIMAL(38,9)'} AS number, "
        f"{_array(peers, has_nulls=True) if peers else 'NULL::VARCHAR'} AS peer, teaches, "
        f"{_standard(one, places) if has_flows else 'NULL::BOOLEAN'} AS standard FROM ({inner})"
    )


def _standard(one: Input, places: Mapping[Ask, int]) -> str:
    """Whether the architecture allows the edge; null where nothing is asked."""
    if not one.edge:
        return "NULL::BOOLEAN"
    firsts = ", ".join(f"values[{places[Ask(name)]}][1]" for name in one.edge)
    return f"context_standard(to_json([{firsts}])::VARCHAR, time)"


def without_key(one: Input, asks: Sequence[Ask]) -> str | None:
    """Whether an observation lacks a value to group by; None where nothing is grouped by."""
    places = {ask: number for number, ask in enumerate(asks, start=1)}
    empty = [f"len(values[{places[Ask(name)]}]) = 0" for name in one.key]
    return " OR ".join(empty) or None


def of_episodes(one: Input, used: Analytic, episodes: str) -> str:
    """The matches that the episodes of an earlier analytic are.

    `episodes` has the columns of EPISODES and `uid`. An episode has the fields that it was grouped by; its scope goes
    along.
    """
    fields = {name: f"json_extract_string(key, '$[{place}]')" for place, name in enumerate(used.key_names)}
    if len(used.value_names) == 1:
        fields.setdefault(used.value_names[0], "value")
    for place, name in enumerate(used.value_names):
        fields.setdefault(name, f"json_extract_string(value, '$[{place}]')")
    keys = [fields[name] for name in one.key]
    if one.is_scoped:
        keys.append(f"json_extract_string(key, '$[{len(used.key_names)}]')")
    absent = " AND ".join(f"{fields[name]} IS NOT NULL" for name in one.key) or "true"
    number = f"TRY_CAST({fields[one.number]} AS DECIMAL(38,9))" if one.number in fields else "NULL::DECIMAL(38,9)"
    peers = [fields[name] for name in one.peer]
    return (
        f"SELECT {literal(one.reference)} AS rule, uid, crossed AS time, {_array(keys, has_nulls=True)} AS key, "
        f"{_value([fields[name] for name in one.value])} AS value, {number} AS number, "
        f"{_array(peers, has_nulls=True) if peers else 'NULL::VARCHAR'} AS peer, true AS teaches, "
        f"NULL::BOOLEAN AS standard FROM {episodes} WHERE {absent}"
    )


def together(parts: Iterable[str]) -> str:
    """All inputs of an analytic as one table."""
    listed = ", ".join(f'"{name}"' for name in MATCHES)
    return " UNION ALL ".join(f"SELECT {listed} FROM ({part})" for part in parts)


def key_fields(analytic: Analytic, key: str, value: str | None) -> Mapping[str, str]:
    """The values that an episode's key and value hold, by name."""
    import json

    found = dict(zip(analytic.key_names, json.loads(key), strict=False))
    if value is not None:
        names = analytic.value_names
        found |= {names[0]: value} if len(names) == 1 else dict(zip(names, json.loads(value), strict=False))
    return {name: text for name, text in found.items() if text is not None}


def _array(columns: Sequence[str], *, has_nulls: bool) -> str:
    """A canonical JSON array of texts."""
    if not columns:
        return "'[]'"
    texts = ", ".join(f"coalesce({column}, '')" if has_nulls else column for column in columns)
    return f"to_json([{texts}])::VARCHAR"


def _value(columns: Sequence[str]) -> str:
    if not columns:
        return "NULL::VARCHAR"
    if len(columns) == 1:
        return columns[0]
    there = " AND ".join(f"{column} IS NOT NULL" for column in columns)
    return f"CASE WHEN {there} THEN to_json([{', '.join(columns)}])::VARCHAR END"
