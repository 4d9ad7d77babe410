"""An edge as its event's columns say it, and what the architecture says of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from stratagem.context.flows import Endpoint
from stratagem.context.known import Context

_END = ("cluster", "namespace", "workload", "ip")
"""The fields of an endpoint, as columns name them; its host follows."""
EDGE = (
    "cluster",
    *(f"{end}.{name}" for end in ("src_endpoint", "dst_endpoint") for name in (*_END, "domain", "hostname")),
    "dst_endpoint.port",
    "connection_info.protocol_name",
)
"""The columns by which architecture.yml is asked whether it allows an edge."""


def is_standard(context: Context, edge: Mapping[str, str | None], time: datetime) -> bool | None:
    """What `Context.standard` says of an edge with the fields of EDGE as text."""

    def end(name: str) -> Endpoint:
        found = {part: edge[f"{name}.{part}"] for part in _END}
        host = edge[f"{name}.domain"] or edge[f"{name}.hostname"]
        return Endpoint(**{**found, "cluster": found["cluster"] or edge["cluster"]}, host=host)

    port = edge["dst_endpoint.port"]
    return context.standard(
        end("src_endpoint"),
        end("dst_endpoint"),
        time,
        port=int(port) if port else None,
        protocol=edge["connection_info.protocol_name"],
    )
