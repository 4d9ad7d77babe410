"""Flow tuples of Azure Network Watcher: comma-separated text, in three layouts.

- NSG version 1: `epoch s,src,dst,src port,dst port,T|U,I|O,A|D`
- NSG version 2: the same and `B|C|E,packets to dst,bytes to dst,packets to src,bytes to src`, the counts empty for B
- VNet version 4: `epoch ms,src,dst,src port,dst port,protocol number,I|O,B|C|E|D,encryption,packets to dst,...`

Source: https://learn.microsoft.com/azure/network-watcher/vnet-flow-logs-overview and
https://learn.microsoft.com/azure/network-watcher/nsg-flow-logs-overview (read 2026-11-24).
"""

from __future__ import annotations

from typing import Any

from stratagem.sources._contract import Malformed

_WAYS = {"I": "Inbound", "O": "Outbound"}
_STATES = {"B": "Begin", "C": "Continue", "E": "End", "D": "Deny"}
_DECISIONS = {"A": "Allowed", "D": "Denied"}
_PROTOCOLS = {"T": 6, "U": 17}
_COUNTS = ("packetsToDestination", "bytesToDestination", "packetsToSource", "bytesToSource")


def parsed(text: str) -> dict[str, Any]:
    """A tuple as an object with the members that it has a value for. Raises Malformed with what does not fit."""
    parts = text.strip().split(",")
    if len(parts) == 13 and parts[5] in _PROTOCOLS:
        return _nsg(text, parts)
    if len(parts) == 13:
        return _vnet(text, parts)
    if len(parts) in (8, 9):
        return _nsg(text, [*parts, *[""] * (13 - len(parts))])
    raise Malformed(f"a flow tuple of {len(parts)} parts")


def _nsg(text: str, parts: list[str]) -> dict[str, Any]:
    seconds = _number(parts[0], "time")
    found = _common(text, parts, seconds * 1000, _known(parts[5], _PROTOCOLS, "protocol"))
    found["decision"] = _known(parts[7], _DECISIONS, "decision")
    if parts[8]:
        found["state"] = _known(parts[8], _STATES, "flow state")
    return found | _counts(parts)


def _vnet(text: str, parts: list[str]) -> dict[str, Any]:
    found = _common(text, parts, _number(parts[0], "time"), _number(parts[5], "protocol"))
    found["state"] = _known(parts[7], _STATES, "flow state")
    found["decision"] = "Denied" if parts[7] == "D" else "Allowed"
    if parts[8]:
        found["encryption"] = parts[8]
    return found | _counts(parts)


def _common(text: str, parts: list[str], milliseconds: int, protocol: Any) -> dict[str, Any]:
    return {
        "tuple": text,
        "time": milliseconds,
        "sourceAddress": parts[1],
        "destinationAddress": parts[2],
        "sourcePort": _number(parts[3], "source port"),
        "destinationPort": _number(parts[4], "destination port"),
        "protocol": protocol,
        "direction": _known(parts[6], _WAYS, "direction"),
    }


def _counts(parts: list[str]) -> dict[str, Any]:
    return {name: _number(part, name) for name, part in zip(_COUNTS, parts[9:], strict=True) if part}


def _number(part: str, what: str) -> int:
    if not part.isdigit() or not part.isascii() or len(part) > 19:
        raise Malformed(f"flow tuple: {what} is no whole number")
    return int(part)


def _known(part: str, words: dict[str, Any], what: str) -> Any:
    if part not in words:
        raise Malformed(f"flow tuple: unknown {what}")
    return words[part]
