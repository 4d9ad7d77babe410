"""The second stage at size: `python -m bench.stateful [--events N] [--entities N]`.

Observations of one day are generated as the workers would have written them (Parquet, ten rules, each event observed by
one of them): scanning the records is what `python -m bench` measures. Each correlation sees one or two rules, each
baseline one. Then 1 % new events of the last half hour come in, and only what they reach is evaluated. Last,
value_count with 20 and with 2,000 distinct values in a window.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from stratagem.baselines._contract import Baseline
from stratagem.detect import observed, stored
from stratagem.detect.advance import advance
from stratagem.detect.analytics import SCOPE, Body, resolve, version
from stratagem.detect.compile import Plan
from stratagem.detect.correlate import create, evaluate_all, moments
from stratagem.detect.observe import OBSERVED, file_name
from stratagem.detect.times import Times
from stratagem.events.query import connect
from stratagem.rules.correlation import Bound, Correlation, CorrelationType
from stratagem.rules.load import load_text

SOURCE = "kubernetes_audit"
DAY = datetime(2026, 11, 2, tzinfo=UTC)
AS_OF = DAY + timedelta(days=2)
RULES = 10
_BATCH = 500_000
_BIG = "2GB"
_RULE = "title: r{n}\nname: r{n}\nlogsource: {{product: kubernetes}}\ndetection: {{a: {{verb: v{n}}}, condition: a}}\n"


def correlations() -> Iterator[Correlation]:
    """Twenty, of every type but absence."""
    shapes: tuple[tuple[str, int | None, dict[str, Any]], ...] = (
        ("event_count", 12, {}),
        ("value_count", 6, {"field": ("objectRef.name",)}),
        ("value_sum", 4000, {"field": ("size",)}),
        ("value_avg", 900, {"field": ("size",)}),
        ("value_median", 950, {"field": ("size",)}),
        ("value_percentile", 990, {"field": ("size",), "percentile": 90}),
        ("temporal", None, {}),
        ("temporal_ordered", None, {}),
    )
    for number in range(20):
        kind, limit, more = shapes[number % len(shapes)]
        rules = (f"r{number % RULES}",) if limit else (f"r{number % RULES}", f"r{(number + 1) % RULES}")
        yield Correlation(
            uid=f"c{number}",
            name=f"c{number}",
            title=f"c{number}",
            type=CorrelationType(kind),
            rules=rules,
            timespan=timedelta(minutes=10 if limit else 1),
            group_by=("user.username",),
            bounds=(Bound(op="gte", limit=Decimal(limit)),) if limit else (),
            **more,
        )


def baselines() -> Iterator[Baseline]:
    """Ten: new values, rare values, and spikes."""
    shapes: tuple[dict[str, Any], ...] = (
        {"kind": "first_seen", "value": ("objectRef.name",)},
        {"kind": "rare", "value": ("objectRef.name",)},
        {"kind": "spike"},
        {"kind": "spike", "measure": "size"},
        {"kind": "first_seen", "value": ("objectRef.name",)},
    )
    for number in range(10):
        yield Baseline(
            uid=f"b{number}",
            name=f"b{number}",
            title=f"b{number}",
            rules=(f"r{number}",),
            entity=("user.username",),
            history=timedelta(days=1),
            warm_up=timedelta(hours=6),
            min_observations=10,
            window=timedelta(hours=1),
            **shapes[number % len(shapes)],
        )


def planned(bodies: list[Body]) -> Plan:
    """A plan of these analytics over the ten rules."""
    rules = load_text("---\n".join(_RULE.format(n=number) for number in range(RULES)), file="r.yml").rules
    made = resolve(bodies, rules, {}, {})
    assert not made.rejected, made.rejected
    return Plan(
        rules=rules, routes={SOURCE: tuple(range(RULES))}, analytics=made.analytics, observed=made.observed,
        quiet=made.quiet,
    )  # fmt: skip


def generate(plan: Plan, folder: Path, events: int, entities: int, *, begin: float, seconds: float, seed: int) -> None:
    """Write observations of events spread over a stretch of the day; how busy an entity is, is lognormal."""
    dice = np.random.default_rng(seed)
    weight = np.random.default_rng(0).lognormal(0, 1.5, entities)
    share = np.cumsum(weight / weight.sum())
    folder.mkdir(exist_ok=True, parents=True)
    writers: dict[int, Any] = {}
    for start in range(0, events, _BATCH):
        size = min(_BATCH, events - start)
        owners = dice.integers(0, RULES, size)
        who = np.minimum(np.searchsorted(share, dice.random(size)), entities - 1)
        times = ((begin + np.sort(dice.random(size)) * seconds) * 1e6).astype(np.int64) + int(DAY.timestamp() * 1e6)
        names, sizes = dice.zipf(1.4, size) % 200, dice.integers(1, 1000, size)
        for rule in range(RULES):
            rows = np.flatnonzero(owners == rule)
            table = _rows(plan, rule, rows, start, seed, who, times, names, sizes)
            if rule not in writers:
                writers[rule] = pq.ParquetWriter(folder / file_name(rule, f"{seed}"), OBSERVED, compression="LZ4")
            writers[rule].write_table(table)
    for writer in writers.values():
        writer.close()


def _rows(plan: Plan, rule: int, rows: Any, start: int, seed: int, who: Any, times: Any, names: Any, sizes: Any) -> Any:
    count = len(rows)
    texts = {
        "user.username": pa.array(np.char.add("user-", who[rows].astype("U7"))),
        "objectRef.name": pa.array(np.char.add("name-", names[rows].astype("U4"))),
        "size": pa.array(sizes[rows].astype("U5")),
        SCOPE: pa.array(["cluster:one"] * count),
    }
    asks = plan.observed[rule]
    flat = pa.concat_arrays([texts[ask.field] for ask in asks]).take(
        pa.array(np.arange(count * len(asks)).reshape(len(asks), count).T.ravel())
    )
    inner = pa.ListArray.from_arrays(pa.array(np.arange(count * len(asks) + 1), pa.int32()), flat)
    values = pa.ListArray.from_arrays(pa.array(np.arange(count + 1) * len(asks), pa.int32()), inner)
    uids = np.char.add(f"00000000-0000-4000-8000-{seed:04}", (rows + start).astype("U8"))
    numbers = (rows + start).astype(np.uint64) + np.uint64(seed * 2**32)
    known = {
        "rule": pa.array([plan.rules[rule].uid] * count),
        "version": pa.array([version(plan.rules[rule], asks)] * count),
        "source": pa.array([SOURCE] * count),
        "event_uid": pa.array(uids),
        "uid_hash": pa.array(numbers),
        "time": pa.array(times[rows], pa.int64()).cast(pa.timestamp("us", "UTC")),
        "file": pa.array(["audit.log"] * count),
        "offset": pa.array((rows + start) * 1500),
        "index": pa.array(np.zeros(count, dtype=np.int64)),
        "digest": pa.array(numbers),
        "values": values.cast(OBSERVED.field("values").type),
    }
    return pa.table(
        [known.get(name, pa.nulls(count, OBSERVED.field(name).type)) for name in OBSERVED.names], schema=OBSERVED
    )


def _connected(folder: str, threads: int) -> Any:
    connection = connect(threads=threads)
    connection.execute(f"SET temp_directory = '{folder}/spill'")
    connection.execute(f"SET memory_limit = '{_BIG}'")
    connection.execute("SET preserve_insertion_order = false")
    return connection


def whole(folder: Path, threads: int) -> dict[str, Any]:
    """Evaluate everything, as a run without a lake does."""
    plan = planned([*correlations(), *baselines()])
    connection = _connected(str(folder), threads)
    observed.gather(connection, folder / "day")
    connection.execute("CREATE VIEW observed AS SELECT * FROM seen")
    now = _moments(plan)
    seconds: dict[str, float] = {}
    begun = time.monotonic()
    account = evaluate_all(plan, connection, now, None, lambda name, took: seconds.__setitem__(name, round(took, 2)))
    took = time.monotonic() - begun
    episodes = connection.execute("SELECT count(*) FROM episodes").fetchall()[0][0]
    return {"seconds": round(took, 1), "matches": account.matches.total(), "episodes": episodes, "by_analytic": seconds}


def incremental(folder: Path, threads: int) -> dict[str, Any]:
    """Evaluate everything once, then again after 1 % new events."""
    plan = planned([*correlations(), *baselines()])
    connection = _connected(str(folder), threads)
    names = ", ".join(f'"{name}"' for name in stored.STORED.names)
    rest = "NULL::VARCHAR AS revision, NULL::BIGINT AS record_hash, false AS is_recalled, time::DATE AS day"
    for part in ("day", "new"):
        observed.gather(connection, folder / part, f"{part}_seen")
        connection.execute(
            f"COPY (SELECT {names} FROM (SELECT *, {rest} FROM {part}_seen) ORDER BY rule, time) "
            f"TO '{folder}/{part}.parquet' (FORMAT parquet, ROW_GROUP_SIZE 100000)"
        )
    create(connection)

    def step(parts: tuple[str, ...], before: Any) -> tuple[Any, float]:
        files = ", ".join(f"'{folder}/{part}.parquet'" for part in parts)
        connection.execute(
            "CREATE OR REPLACE TEMP VIEW stored AS SELECT * EXCLUDE (filename), "
            f"filename LIKE '%/{parts[-1]}.parquet' AS is_new FROM read_parquet([{files}], filename=true)"
        )
        begun = time.monotonic()
        stored.stand(plan, connection)
        return advance(plan, connection, _moments(plan), None, before), time.monotonic() - begun

    state, first = step(("day",), None)
    # The next run is another process: it begins with the episodes, and no memory of the rest.
    connection.execute(f"COPY episodes TO '{folder}/episodes.parquet' (FORMAT parquet)")
    connection.close()
    connection = _connected(str(folder), threads)
    create(connection)
    connection.execute(f"INSERT INTO episodes SELECT * FROM read_parquet('{folder}/episodes.parquet')")
    _, second = step(("day", "new"), state)
    changed = connection.execute("SELECT count(*) FROM changes").fetchall()[0][0]
    return {
        "seconds_whole": round(first, 1),
        "seconds": round(second, 1),
        "share": round(second / first, 3),
        "changed": changed,
    }


def distinct(values: int, events: int, folder: Path, threads: int) -> dict[str, Any]:
    """value_count where a window has this many distinct values."""
    (one,) = [each for each in correlations() if each.uid == "c1"]
    plan = planned([one])
    connection = _connected(str(folder), threads)
    connection.execute(
        f"CREATE TABLE observed AS SELECT '{plan.rules[1].uid}' AS rule, '{SOURCE}' AS source, "
        "range::VARCHAR AS event_uid, 'one' AS cluster, NULL::VARCHAR AS account, NULL::VARCHAR AS tenant, "
        f"'{DAY.isoformat()}'::TIMESTAMPTZ + to_microseconds(range * 1000000 * 600 // {2 * values}) AS time, "
        f"[{', '.join(_distinct_field(ask.field, values) for ask in plan.observed[1])}] AS values FROM range({events})"
    )
    begun = time.monotonic()
    evaluate_all(plan, connection, _moments(plan, timedelta(days=3650)), None)
    return {"distinct": values, "events_per_second": round(events / (time.monotonic() - begun))}


def _distinct_field(name: str, values: int) -> str:
    return {"objectRef.name": f"['n' || (range % {values})]", "user.username": "['one']"}.get(name, "['']")


def _moments(plan: Plan, later: timedelta = timedelta(0)) -> Any:
    latest = {SOURCE: DAY + timedelta(days=1)}
    return moments(plan, Times(as_of=AS_OF + later), latest, {SOURCE: timedelta(minutes=15)})


def _apart(work: Callable[..., dict[str, Any]], *arguments: Any) -> dict[str, Any]:
    """In a process of its own, so that its memory is its own."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_measured, (work, *arguments))


def _measured(work: Callable[..., dict[str, Any]], *arguments: Any) -> dict[str, Any]:
    begun = time.process_time()
    done = work(*arguments)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return {**done, "cpu_seconds": round(time.process_time() - begun, 1), "peak_memory_mb": peak >> 20}


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.stateful", description=__doc__)
    parser.add_argument("--events", type=int, default=10_000_000)
    parser.add_argument("--entities", type=int, default=100_000)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--only", choices=("whole", "incremental", "distinct"), default=None)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="stratagem-bench-") as name:
        folder = Path(name)
        plan = planned([*correlations(), *baselines()])
        if options.only != "distinct":
            generate(plan, folder / "day", options.events, options.entities, begin=0, seconds=84_600, seed=1)
            generate(plan, folder / "new", options.events // 100, options.entities, begin=84_600, seconds=1800, seed=2)
        if options.only in (None, "whole"):
            print(json.dumps({"case": "whole", **_apart(whole, folder, options.threads)}), flush=True)
        if options.only in (None, "incremental"):
            print(json.dumps({"case": "incremental", **_apart(incremental, folder, options.threads)}), flush=True)
        if options.only in (None, "distinct"):
            for values in (20, 2000):
                made = _apart(distinct, values, min(options.events, 1_000_000), folder, options.threads)
                print(json.dumps({"case": "distinct", **made}), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
