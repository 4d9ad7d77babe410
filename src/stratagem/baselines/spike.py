"""More than an entity usually has: a count of events, or the exact sum of a field, against the entity's own history.

Time is cut into windows since 1970 (UTC). What is usual is learned up to the start of the day (or of the window, where
it is longer), so that a day never teaches itself: the median of the windows since the entity was first seen, those
without an event included, and the median absolute deviation from it.
Source of the robust spread: P. J. Rousseeuw and C. Croux, Alternatives to the Median Absolute Deviation, Journal of the
American Statistical Association 88 (1993).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from stratagem.baselines import _spike_slow
from stratagem.baselines._contract import Baseline, Flaw, Kind
from stratagem.baselines._grid import (
    CYCLES,
    DAY,
    HOUR,
    LARGEST,
    LARGEST_WINDOW,
    MIN_SPREAD,
    MIN_SPREAD_SHARE,
    MIN_VOLUME,
    THRESHOLD,
    WEEK,
    Grid,
)
from stratagem.baselines._text import BILLION, decimal, duration, sql_decimal, sql_iso
from stratagem.relation import MEMBERS, Moment
from stratagem.sqltext import at, micros


def _amounts(baseline: Baseline, grid: Grid, moment: Moment, matches: str, sums: str | None = None) -> str:
    """SQL: `amounts` has a row for each event and key, `slots` one for each key and window that has events.

    What `sums` (see `_sums`) has taught is in `slots`, but no amount that could alert.
    """
    _, amount, where = _amount(baseline)
    return f"""
WITH amounts AS (
  SELECT min(rule) AS rule, uid, key, min(time) AS time, bool_and(teaches) AS teaches, arg_min(amount, rule) AS amount,
    epoch_us(min(time)) // {grid.width} AS slot
  FROM (
    SELECT rule, uid, key, min(time) AS time, bool_and(teaches) AS teaches, {amount} AS amount
    FROM {matches} WHERE time <= {at(moment.as_of)} AND {where} GROUP BY rule, uid, key)
  GROUP BY uid, key
), slots AS (
  SELECT key, slot, {grid.season_of("slot")} AS season,
    CASE WHEN count(amount) > 0 THEN least(sum(amount), {LARGEST_WINDOW}) END AS amount,
    bool_or(teaches) AS is_taught, least(coalesce(sum(taught), 0), {LARGEST_WINDOW}) AS taught
  FROM (
    SELECT key, slot, amount, teaches, CASE WHEN teaches THEN amount END AS taught FROM amounts
    {f"UNION ALL SELECT key, slot, NULL, true, taught FROM {sums}" if sums else ""})
  GROUP BY key, slot
)"""


def _sums(baseline: Baseline, earlier: str, matches: str, is_once: bool) -> str:
    """SQL of what each window of `earlier` taught."""
    grid = Grid.of(baseline)
    each, amount, where = _amount(baseline)
    rows = f"""(
  SELECT key, min(time) AS time, bool_and(teaches) AS teaches, arg_min(amount, rule) AS amount
  FROM (
    SELECT rule, uid, key, min(time) AS time, bool_and(teaches) AS teaches, {amount} AS amount
    FROM {earlier} WHERE {where} GROUP BY rule, uid, key)
  GROUP BY uid, key)"""
    if is_once:
        rows = f"(SELECT key, time, teaches, {each} AS amount FROM {earlier} WHERE {where})"
    return f"""
SELECT key, epoch_us(time) // {grid.width} AS slot, sum(amount) AS taught FROM {rows} WHERE teaches GROUP BY key, slot
"""


def _amount(baseline: Baseline) -> tuple[str, str, str]:
    """SQL of the amount of a match, of an event's matches together, and of which of them have one."""
    if not baseline.measure:
        return f"{BILLION}::HUGEINT", f"{BILLION}::HUGEINT", "true"
    clamped = f"least(greatest(number, 0), {LARGEST})::DECIMAL(25,9)"
    each = f"({clamped} * {BILLION}::DECIMAL(10,0))::HUGEINT"
    return each, f"sum({each})", "number IS NOT NULL"


def _usual(baseline: Baseline, grid: Grid, days: str) -> str:
    """SQL: for each (key, day, season) of `days` what is usual in it: median, spread and limit, in billionths."""
    (k, k_of), (share, share_of) = grid.k, grid.share
    spread = f"greatest(mad4 * {share_of}, {4 * grid.floor * share_of}, 2 * median2 * {share})"
    return f"""
, entities AS (
  SELECT key, day, min(slot) AS since, max(slot) AS until, count(*) AS active
  FROM (SELECT DISTINCT key, day FROM {days}) JOIN slots USING (key)
  WHERE is_taught AND slot >= day - {grid.history} AND slot < day GROUP BY key, day
), compared AS (
  SELECT key, day, season, any_value(since) AS since, any_value(until) AS until, any_value(active) AS active,
    any_value({grid.before("day")} - {grid.before("since")}) AS observations,
    coalesce(list_sort(list(taught) FILTER (taught > 0 AND slot >= day - {grid.history} AND slot < day)), [])
      AS amounts
  FROM {days} JOIN entities USING (key, day) LEFT JOIN slots USING (key, season)
  GROUP BY key, day, season
), centred AS (
  SELECT *, observations - len(amounts) AS zeros,
    {_middle("amounts", "0::HUGEINT")} AS median2
  FROM compared
), told AS (
  SELECT * REPLACE (CASE WHEN zeros * 2 > observations THEN [] ELSE list_sort(list_concat(
      list_transform(amounts, lambda amount: abs(2 * amount - median2)),
      list_resize([]::HUGEINT[], zeros, median2))) END AS amounts)
  FROM centred
), spreads AS (
  SELECT *, CASE WHEN len(amounts) = 0 THEN 0
    ELSE amounts[(observations + 1) // 2] + amounts[observations // 2 + 1] END AS mad4
  FROM told
), usual AS (
  SELECT key, day, season, since, until, active, observations, median2 // 2 AS median,
    {spread} // {4 * share_of} AS spread,
    (2 * median2 * {k_of * share_of} + {k} * {spread}) // {4 * k_of * share_of} AS "limit",
    since * {grid.width} <= day * {grid.width} - {micros(baseline.warm_up)}
      AND observations >= {baseline.min_observations} AS warm
  FROM spreads
)"""


def _middle(values: str, zero: str) -> str:
    """SQL of the sum of the two middle values; the zeros, which are not in the list, come first."""
    zeros = f"(observations - len({values}))"
    parts = (
        f"CASE WHEN {place} <= {zeros} THEN {zero} ELSE {values}[{place} - {zeros}] END"
        for place in ("(observations + 1) // 2", "(observations // 2 + 1)")
    )
    return " + ".join(f"({part})" for part in parts)


def _sql(baseline: Baseline, moment: Moment, matches: str, sums: str | None = None) -> str:
    grid = Grid.of(baseline)
    name = "sum" if baseline.measure else "count"
    asked = f"""CASE WHEN "limit" < {grid.least} THEN '>= {decimal(grid.least)}'
      ELSE concat('> ', {sql_decimal('"limit"')}) END"""
    return f"""{_amounts(baseline, grid, moment, matches, sums)}
, candidates AS (SELECT *, slot // {grid.day} * {grid.day} AS day FROM slots WHERE amount >= {grid.least}
), days AS (SELECT DISTINCT key, day, season FROM candidates
){_usual(baseline, grid, "days")}
, hot AS (
  SELECT key, slot, "limit", concat('{{"{name}":', {sql_decimal("amount")}, ',"usual":', {sql_decimal("median")},
    ',"spread":', {sql_decimal("spread")}, ',"asked":"', {asked}, '"') AS measure
  FROM candidates JOIN usual USING (key, day, season)
  WHERE warm AND amount > "limit"
), runs AS (
  SELECT *, sum(CASE WHEN slot - before = 1 THEN 0 ELSE 1 END) OVER (
    PARTITION BY key ORDER BY slot ROWS UNBOUNDED PRECEDING) AS run
  FROM (SELECT *, lag(slot) OVER (PARTITION BY key ORDER BY slot) AS before FROM hot)
), firsts AS (
  SELECT key, run, min(slot) AS start, count(*) AS windows, arg_min("limit", slot) AS "limit",
    concat(arg_min(measure, slot), ',"windows":', count(*), '}}') AS measure
  FROM runs GROUP BY key, run
), events AS (
  SELECT runs.key, run, rule, uid, time, sum(amounts.amount) OVER (
    PARTITION BY runs.key, runs.slot ORDER BY time, uid ROWS UNBOUNDED PRECEDING) AS so_far
  FROM runs JOIN amounts USING (key, slot)
)
SELECT events.key AS key, NULL::VARCHAR AS value, (any_value(start) * {grid.width} // 1000000)::VARCHAR AS anchor,
  min(time) AS first, max(time) AS last,
  min(CASE WHEN so_far > "limit" AND so_far >= {grid.least} THEN time END) AS crossed, any_value(measure) AS measure,
  count(*)::BIGINT AS member_count,
  list(struct_pack(rule := rule, uid := uid, time := time) ORDER BY time, uid, rule)[1:{MEMBERS}] AS members
FROM events JOIN firsts USING (key, run) GROUP BY events.key, run
"""


def _learned(baseline: Baseline, moment: Moment, matches: str) -> str:
    grid = Grid.of(baseline)
    day = f"epoch_us({at(moment.as_of)}) // {grid.width} // {grid.day} * {grid.day}"
    facts = ", ".join(f"'{name}': {sql_decimal(column)}" for name, column in _SHOWN.items())
    since = f"make_timestamptz(any_value(since) * {grid.width})"
    return f"""{_amounts(baseline, grid, moment, matches)}
, days AS (
  SELECT DISTINCT key, {day} AS day, season FROM slots
  WHERE is_taught AND slot < {day} AND slot >= {day} - {grid.history}
){_usual(baseline, grid, "days")}
SELECT key, NULL::VARCHAR AS value, any_value(active) AS observations,
  {since} AS first, make_timestamptz(any_value(until) * {grid.width}) AS last,
  bool_or(warm) AS warm, map_concat(
    MAP {{'since': {sql_iso(since)}, 'counted': min(observations)::VARCHAR}},
    {"MAP {}::MAP(VARCHAR, VARCHAR)" if grid.cycle else f"any_value(MAP {{{facts}}})"}) AS facts
FROM usual GROUP BY key
{_seasons(grid, facts) if grid.cycle else ""}"""


_SHOWN = {"median": "median", "spread": "spread", "limit": '"limit"'}


def _seasons(grid: Grid, facts: str) -> str:
    """SQL of the rows of an entity's seasons: "Mon 14:00" is the hour of the week that begins then."""
    hour = f"season * {grid.season * grid.width} // {micros(HOUR)}"
    # The weeks since 1970 begin on a Thursday.
    day = f"['Thu', 'Fri', 'Sat', 'Sun', 'Mon', 'Tue', 'Wed'][{hour} // 24 + 1]"
    label = f"concat({day}, ' ', " if grid.cycle * grid.width == micros(WEEK) else "concat("
    return f"""UNION ALL
SELECT key, {label}lpad(({hour} % 24)::VARCHAR, 2, '0'), ':00'), observations, make_timestamptz(since * {grid.width}),
  make_timestamptz(until * {grid.width}), warm, MAP {{{facts}}}
FROM usual"""


def _flaws(baseline: Baseline) -> Iterator[Flaw]:
    window, cycle = baseline.window, CYCLES[baseline.options.get("seasonality", "none")]
    if HOUR % window and not (window % HOUR == timedelta(0) and (DAY % window == timedelta(0) or not window % DAY)):
        fix = "Use a part of an hour (10m), whole hours that divide a day (1h, 6h), or whole days."
        yield Flaw("window", f"windows of {duration(window)} do not fit into days", fix)
    elif cycle and window > DAY:
        yield Flaw(
            "window", "windows longer than a day have no hour to compare", "Use a day or less, or no seasonality."
        )
    if cycle and baseline.history < cycle * 2:
        yield Flaw("history", f"the history holds fewer than two rounds of {duration(cycle)}", "Make it longer.")
    if baseline.measure and "min_volume" not in baseline.options:
        fix = "Say from which sum in a window on it matters, in the field's unit."
        yield Flaw("measure", "a measure needs 'min_volume'", fix)


def _defaults(block: Mapping[str, Any]) -> Mapping[str, Any]:
    match block.get("seasonality", "none"):
        case "hour_of_week":
            return {"history": "56d", "warm_up": "28d", "min_observations": 4}
        case "hour_of_day":
            return {"history": "28d", "warm_up": "14d", "min_observations": 7}
        case _:
            return {"history": "28d", "warm_up": "14d", "min_observations": 20}


PLUGIN = Kind(
    title="Spike",
    describe=(
        "Reports windows in which an entity has more events (or, with `measure`, a greater sum of that field) than "
        "median + `threshold` times spread of its own windows within `history`, and at least `min_volume`. "
        "The spread is the median absolute deviation, but at least `min_spread` and `min_spread_share` of the median. "
        "Windows without an event count as zero from the entity's first event within the history on. "
        "What is usual is learned up to the start of the day, so that a day never teaches itself. "
        "With `seasonality`, windows are compared with those of the same hour (UTC) of the day or of the week. "
        "An entity alerts once its first event is `warm_up` old and there are `min_observations` windows to compare "
        "with; in a cold start, and for a new entity, it stays silent. "
        "Events of recorded incidents are not learned. Hot windows in a row are one finding."
    ),
    schema={
        "threshold": {
            "type": "number",
            "exclusiveMinimum": 0,
            "maximum": 1000,
            "default": THRESHOLD,
            "description": "How many times the spread above the median is a spike.",
        },
        "min_volume": {
            "type": "number",
            "minimum": 0,
            "maximum": LARGEST,
            "default": MIN_VOLUME,
            "description": "Windows with less never alert: events, or the measure's unit. Needed with `measure`.",
        },
        "min_spread": {
            "type": "number",
            "minimum": 0,
            "maximum": LARGEST,
            "default": MIN_SPREAD,
            "description": "The spread is never less than this: events, or the measure's unit.",
        },
        "min_spread_share": {
            "type": "number",
            "minimum": 0,
            "maximum": 10,
            "default": MIN_SPREAD_SHARE,
            "description": "Nor less than this part of the median.",
        },
        "seasonality": {
            "enum": list(CYCLES),
            "default": "none",
            "description": "Compare with all windows, or with those of the same hour of the day or week (UTC).",
        },
    },
    needs=(),
    takes=("measure",),
    defaults=_defaults,
    flaws=_flaws,
    sql=_sql,
    sums=_sums,
    has_exact_edge=False,
    learned=_learned,
    reference=_spike_slow.reference,
    # The match's own window, and the one before it.
    reach_back=lambda baseline: baseline.window * 2,
    reach=lambda baseline: baseline.history + max(DAY, baseline.window) + baseline.window,
)
