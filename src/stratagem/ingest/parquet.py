"""Parquet files: a row is an object of its columns, as JSON text. Row groups are read a batch at a time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from stratagem.ingest.batch import Bad, Batch, Elements

MAGIC = b"PAR1"
_ROWS = 8_192


def read_parquet(name: str) -> Iterator[Batch]:
    """The rows of the file, each placed by its number. What cannot be read is Bad; what came before it stands."""
    import duckdb
    import pyarrow as pa
    import pyarrow.parquet as pq

    first = 0
    connection = duckdb.connect(config={"autoinstall_known_extensions": "false", "threads": 1})
    try:
        connection.execute("SET TimeZone = 'UTC'")
        with pq.ParquetFile(name) as file:
            for batch in file.iter_batches(batch_size=_ROWS):
                rows = pa.Table.from_batches([batch])
                found = connection.from_arrow(rows).query("rows", "SELECT to_json(rows)::VARCHAR FROM rows").fetchall()
                yield Elements(items=[text.encode() for (text,) in found], offset=0, first=first)
                first += len(found)
    except (pa.ArrowException, duckdb.Error, OSError, ValueError) as error:
        reason = str(error).partition("\n")[0][:160]
        yield Bad(offset=0, reason=f"Parquet: {reason}", size=Path(name).stat().st_size if not first else 0)
    finally:
        connection.close()
