"""`architecture.yml`: who may talk to whom."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from stratagem.complaints import closest
from stratagem.context.entry import ALWAYS
from stratagem.context.networks import Range
from stratagem.context.sheet import Sheet
from stratagem.places import Place
from stratagem.window import Window


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One end of a flow: everything that is not None must hold. Texts are patterns with `*` and `?`."""

    cluster: str | None = None
    namespace: str | None = None
    workload: str | None = None
    network: str | None = None
    range: Range | None = None
    host: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """One allowed flow. No `ports`: any; `protocol` None: any."""

    name: str
    source: Side
    target: Side
    ports: tuple[tuple[int, int], ...] = ()
    """First and last port, both included."""
    protocol: str | None = None
    owner: str = ""
    valid: Window = ALWAYS
    file: str = ""
    place: Place = (0, 0)


def read(sheet: Sheet, networks: Collection[str]) -> tuple[Flow, ...]:
    """The flows of a file; `networks` are the names that it may use. What is wrong is noted on the sheet."""
    return tuple(_flows(sheet, networks))


def _flows(sheet: Sheet, networks: Collection[str]) -> Iterator[Flow]:
    for path, entry in sheet.entries("flows"):
        yield Flow(
            name=entry.get("name", ""),
            source=_side(sheet, f"{path}.from", entry["from"], networks),
            target=_side(sheet, f"{path}.to", entry["to"], networks),
            ports=tuple(_ports(sheet, path, entry)),
            protocol=entry.get("protocol"),
            owner=entry.get("owner", ""),
            valid=sheet.window(entry, path),
            file=sheet.file,
            place=sheet.at(path),
        )


def _side(sheet: Sheet, path: str, said: Mapping[str, Any], networks: Collection[str]) -> Side:
    network = said.get("network")
    if network is not None and network not in networks:
        message = f"no network is called '{network}'{closest(network, networks)}"
        sheet.add("C-NETWORK", message, sheet.at(f"{path}.network"), fix="Name it in networks.yml.")
    span: Range | None = None
    if "range" in said:
        from ipaddress import ip_network

        try:
            span = ip_network(said["range"])
        except ValueError:
            sheet.add("C-RANGE", f"'{said['range']}' is no address range", sheet.at(f"{path}.range"))
    texts = {name: said.get(name) for name in ("cluster", "namespace", "workload", "network", "host")}
    return Side(range=span, **texts)


def _ports(sheet: Sheet, path: str, entry: Mapping[str, Any]) -> Iterator[tuple[int, int]]:
    for number, port in enumerate(entry.get("ports", ())):
        first, _, last = str(port).partition("-")
        span = int(first), int(last or first)
        if not span[0] <= span[1] <= 65535:
            sheet.add("C-PORT", f"'{port}' is no range of ports", sheet.at(f"{path}.ports.{number}"))
        yield span
