"""One DuckDB connection for all that a process asks of batches.

Apart from `query`, so that naming it loads neither DuckDB nor Arrow: a run that needs none of them starts without.
"""

from __future__ import annotations

from typing import Any


class Connected:
    """Gives a connection as `query.connect` makes it, made when it is first asked for."""

    def __init__(self) -> None:
        self._connection: Any = None

    def __call__(self) -> Any:
        """The connection; always the same."""
        if self._connection is None:
            from stratagem.events.query import connect

            self._connection = connect()
        return self._connection
