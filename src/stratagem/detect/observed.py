"""Observations of all workers -> those that stand: one a rule and event, on the copy that the event's fate hangs on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from stratagem.arrays import array, numbers
from stratagem.detect.ledger import Hashes
from stratagem.detect.observe import OBSERVED
from stratagem.detect.survivors import best_places
from stratagem.detect.tally import Copy
from stratagem.sqltext import listed

_SMALL = 8_000_000
"""Bytes of observations (compressed) up to which they are kept in memory."""

Repeats = Mapping[str, Mapping[int, int]]
"""How often an event came, by source and id hash; those that came once are left out."""


def gather(connection: Any, folder: Path, name: str = "seen") -> None:
    """The view `seen`: every observation in the folder's files, with its place there."""
    files = sorted(str(file) for file in folder.glob("*.parquet"))
    if not files:
        connection.register("_nothing", pa.Table.from_batches([], OBSERVED))
        connection.execute(
            f"CREATE VIEW {name} AS SELECT *, '' AS filename, 0::BIGINT AS file_row_number FROM _nothing"
        )
        return
    names = listed(files)
    # Every analytic asks several times: what fits into memory is read once, and not file by file each time.
    kind = "TABLE" if sum(Path(file).stat().st_size for file in files) <= _SMALL else "VIEW"
    read = f"read_parquet([{names}], filename=true, file_row_number=true)"
    connection.execute(f"CREATE {kind} {name} AS SELECT * FROM {read}")


def hashes(connection: Any) -> dict[str, Hashes]:
    """The id hashes of the observed events, by source."""
    table = connection.sql("SELECT DISTINCT source, uid_hash FROM seen").to_arrow_table()
    sources = np.array(table["source"].to_pylist(), dtype=object)
    every = numbers(table["uid_hash"]).view(np.uint64)
    return {source: every[sources == source] for source in set(sources.tolist())}


def doubtful(connection: Any, repeats: Repeats) -> dict[str, frozenset[int]]:
    """The repeated events of which not every copy was observed, or whose copies differ. Makes `contested`."""
    connection.register("_repeats", _repeats(repeats))
    connection.execute(
        'CREATE TABLE contested AS SELECT rule, source, uid_hash, file, "offset", "index", digest, filename, '
        "file_row_number, copies FROM seen JOIN _repeats USING (source, uid_hash)"
    )
    connection.unregister("_repeats")
    rows = connection.execute(
        "SELECT source, uid_hash FROM contested GROUP BY source, uid_hash "
        'HAVING count(DISTINCT (file, "offset", "index")) <> any_value(copies) OR count(DISTINCT digest) > 1'
    ).fetchall()
    found: dict[str, set[int]] = {}
    for source, uid_hash in rows:
        found.setdefault(source, set()).add(uid_hash)
    return {source: frozenset(ids) for source, ids in found.items()}


def settle(connection: Any, copies: Iterable[Copy]) -> None:
    """The view `observed`: of `seen` what stands. `copies` are all copies of the events that `doubtful` named."""
    if _is_empty(connection, "contested"):
        connection.execute("CREATE VIEW observed AS SELECT * FROM seen")
        return
    connection.register("_best", _best(copies))
    connection.execute(
        "CREATE TABLE fallen AS WITH good AS (SELECT * FROM contested WHERE (source, uid_hash) NOT IN "
        '(SELECT (source, uid_hash) FROM _best) OR (source, uid_hash, file, "offset", "index") IN '
        '(SELECT (source, uid_hash, file, "offset", "index") FROM _best)), first AS (SELECT * FROM good QUALIFY '
        'row_number() OVER (PARTITION BY rule, source, uid_hash ORDER BY file, "offset", "index") = 1) '
        "SELECT filename, file_row_number FROM contested WHERE (filename, file_row_number) NOT IN "
        "(SELECT (filename, file_row_number) FROM first)"
    )
    connection.unregister("_best")
    kept = "WHERE (filename, file_row_number) NOT IN (SELECT (filename, file_row_number) FROM fallen)"
    connection.execute(f"CREATE VIEW observed AS SELECT * FROM seen {'' if _is_empty(connection, 'fallen') else kept}")


def _is_empty(connection: Any, table: str) -> bool:
    return not connection.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchall()


def _repeats(repeats: Repeats) -> Any:
    rows = [(source, uid_hash, count) for source, counts in repeats.items() for uid_hash, count in counts.items()]
    return pa.table(
        {
            "source": array([row[0] for row in rows], pa.string()),
            "uid_hash": array([row[1] for row in rows], pa.uint64()),
            "copies": array([row[2] for row in rows], pa.int64()),
        }
    )


def _best(copies: Iterable[Copy]) -> Any:
    """Where the surviving copy of each doubtful event stands."""
    rows = [(*key, *place) for key, places in best_places(copies).items() for place in places]
    names = ("source", "uid_hash", "file", "offset", "index")
    kinds = (pa.string(), pa.uint64(), pa.string(), pa.int64(), pa.int64())
    return pa.table(
        {
            name: array([row[place] for row in rows], kind)
            for place, (name, kind) in enumerate(zip(names, kinds, strict=True))
        }
    )
