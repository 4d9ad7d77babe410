"""A writer of small MaxMind DB files, so that tests need nobody's data.

Source: https://maxmind.github.io/MaxMind-DB/ (format 2.0), read 2026-11-24.
"""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import ip_network
from pathlib import Path
from typing import Any

_TYPES = {"text": 2, "uint16": 5, "uint32": 6, "map": 7, "uint64": 9, "array": 11}


def write_mmdb(path: Path, records: Mapping[str, Mapping[str, Any]]) -> Path:
    """Write a file that gives each range (CIDR text, IPv4 or IPv6) its record."""
    nodes: list[list[Any]] = [[None, None]]
    data, places = b"", {}
    for text, record in records.items():
        places[text] = len(data)
        data += _value(dict(record))
        network = ip_network(text)
        bits = f"{int(network.network_address):0{network.max_prefixlen}b}"[: network.prefixlen]
        _plant(nodes, "0" * (128 - network.max_prefixlen) + bits, text)
    count = len(nodes)
    tree = b"".join(_record(side, count, places) for node in nodes for side in node)
    about = {
        "binary_format_major_version": ("uint16", 2),
        "binary_format_minor_version": ("uint16", 0),
        "build_epoch": ("uint64", 1_767_225_600),
        "database_type": "Example",
        "description": {"en": "Ranges of a test"},
        "ip_version": ("uint16", 6),
        "languages": ["en"],
        "node_count": ("uint32", count),
        "record_size": ("uint16", 24),
    }
    path.write_bytes(tree + bytes(16) + data + b"\xab\xcd\xefMaxMind.com" + _value(about))
    return path


def _plant(nodes: list[list[Any]], bits: str, text: str) -> None:
    here = 0
    for bit in bits[:-1]:
        if nodes[here][int(bit)] is None:
            nodes.append([None, None])
            nodes[here][int(bit)] = len(nodes) - 1
        here = nodes[here][int(bit)]
    nodes[here][int(bits[-1])] = text


def _record(side: Any, count: int, places: Mapping[str, int]) -> bytes:
    number = count if side is None else side if isinstance(side, int) else count + 16 + places[side]
    return int(number).to_bytes(3, "big")


def _value(value: Any) -> bytes:
    if isinstance(value, str):
        text = value.encode()
        return _head("text", len(text)) + text
    if isinstance(value, dict):
        return _head("map", len(value)) + b"".join(_value(key) + _value(item) for key, item in value.items())
    if isinstance(value, list):
        return _head("array", len(value)) + b"".join(map(_value, value))
    kind, number = value if isinstance(value, tuple) else ("uint32", value)
    text = int(number).to_bytes(8, "big").lstrip(b"\0")
    return _head(kind, len(text)) + text


def _head(kind: str, size: int) -> bytes:
    number, low, more = _TYPES[kind], min(size, 29), bytes([size - 29]) if size >= 29 else b""
    return (bytes([number << 5 | low]) if number <= 7 else bytes([low, number - 7])) + more
