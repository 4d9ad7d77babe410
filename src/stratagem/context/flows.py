"""Whether a flow of architecture.yml allows an edge."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from re import Pattern, compile, escape
from typing import TYPE_CHECKING, NamedTuple

from stratagem.context.addresses import plain
from stratagem.context.architecture import Flow, Side

if TYPE_CHECKING:
    from stratagem.context.known import Context


class Endpoint(NamedTuple):
    """One end of an edge, as far as the event names it."""

    cluster: str | None = None
    namespace: str | None = None
    workload: str | None = None
    ip: str | None = None
    host: str | None = None


def allows(
    context: Context,
    flow: Flow,
    source: Endpoint,
    target: Endpoint,
    time: datetime,
    *,
    port: int | None = None,
    protocol: str | None = None,
) -> bool:
    """Whether both ends, port and protocol are the flow's. What the flow asks for and the event does not tell: no."""
    if flow.protocol is not None and (protocol or "").lower() != flow.protocol:
        return False
    if flow.ports and (port is None or not any(first <= port <= last for first, last in flow.ports)):
        return False
    return _is(context, flow.source, source, time) and _is(context, flow.target, target, time)


def describes(context: Context, side: Side, end: Endpoint, time: datetime) -> bool:
    """Whether a side speaks of this end in particular: it fits, by more than a cluster or a pattern that fits all."""
    named = (side.namespace, side.workload, side.host)
    is_particular = side.network is not None or side.range is not None or any(one and one.strip("*?") for one in named)
    return is_particular and _is(context, side, end, time)


def _is(context: Context, side: Side, end: Endpoint, time: datetime) -> bool:
    texts = (
        (side.cluster, end.cluster),
        (side.namespace, end.namespace),
        (side.workload, end.workload),
        (side.host, end.host),
    )
    if any(wanted is not None and (text is None or not _like(wanted).fullmatch(text)) for wanted, text in texts):
        return False
    if side.network is not None:
        network = context.network(end.ip, time, end.cluster) if end.ip else None
        if network is None or network.name != side.network:
            return False
    if side.range is not None:
        address = plain(end.ip) if end.ip else None
        return address is not None and address in side.range
    return True


@lru_cache(maxsize=4096)
def _like(pattern: str) -> Pattern[str]:
    parts = {"*": ".*", "?": "."}
    return compile("".join(parts.get(letter) or escape(letter) for letter in pattern))
