"""Traces of our own making: delivered, quarantined, and a message whose fate is not known yet."""

from __future__ import annotations

from typing import Any

from stratagem.sources._contract import Example
from stratagem.sources._samples import dump, lines
from stratagem.sources.m365_messagetrace.fields import GRAPH


def _trace(number: int, status: str, sender: str, **members: Any) -> dict[str, Any]:
    return {
        "Organization": "example.onmicrosoft.com",
        "MessageId": f"<{number}@mail.example.net>",
        "Received": f"2026-11-20T10:00:{number:02}.3616847",
        "SenderAddress": sender,
        "RecipientAddress": "dana@example.com",
        "Subject": f"Invoice {number}",
        "Status": status,
        "ToIP": None,
        "FromIP": "203.0.113.7",
        "Size": 53066,
        "MessageTraceId": f"11111111-0000-4000-8000-00000000000{number}",
        "Index": number,
        **members,
    }


RECORDS = {
    "delivered": _trace(1, "Delivered", "Eve@Example.net", ToIP="198.51.100.9"),
    "quarantined": _trace(2, "Quarantined", "eve@example.net"),
    "pending": _trace(3, "Pending", "robin@example.com", FromIP=None, Size=0),
}
"""Name -> canonical record."""

_BACK = {name: graph for graph, name in GRAPH.items()}
_GRAPH = {_BACK[name]: value for name, value in RECORDS["delivered"].items() if name in _BACK} | {"status": "delivered"}

EXAMPLES = (
    Example(name="lines", raw=lines(RECORDS.values()), records=len(RECORDS)),
    Example(name="graph_api", raw=dump({"value": [_GRAPH]})),
)
