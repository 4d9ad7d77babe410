"""`networks.yml`: address ranges with names and kinds, and the user's MMDB files for country and AS number."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path

from stratagem.context.entry import ALWAYS
from stratagem.context.sheet import Claim, Sheet, quarrels
from stratagem.places import Place
from stratagem.window import Window

Range = IPv4Network | IPv6Network


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """One named range. `cluster` None: it means the same everywhere."""

    name: str
    kind: str
    range: Range
    cluster: str | None = None
    owner: str = ""
    valid: Window = ALWAYS
    file: str = ""
    place: Place = (0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Networks:
    """Every named range, and the MMDB files by what they tell (`country`, `asn`)."""

    ranges: tuple[Network, ...] = ()
    mmdb: Mapping[str, Path] = field(default_factory=dict)


def read(sheet: Sheet, folder: Path) -> Networks:
    """The networks of a file in the context folder; what is wrong with it is noted on the sheet."""
    ranges = tuple(_ranges(sheet))
    sheet.problems += quarrels(
        Claim(name=_name(one), valid=one.valid, file=one.file, place=one.place) for one in ranges
    )
    return Networks(ranges=ranges, mmdb=_mmdb(sheet, folder))


def _name(network: Network) -> str:
    return f"{network.range} of cluster {network.cluster}" if network.cluster else str(network.range)


def _ranges(sheet: Sheet) -> Iterator[Network]:
    for path, entry in sheet.entries("networks"):
        valid = sheet.window(entry, path)
        for number, text in enumerate(entry["ranges"]):
            place = sheet.at(f"{path}.ranges.{number}")
            try:
                found = ip_network(text)
            except ValueError as error:
                fix = f"Write {ip_network(text, strict=False)}." if "host bits" in str(error) else "Write 192.0.2.0/24."
                sheet.add("C-RANGE", f"'{text}' is no address range", place, fix=fix)
                continue
            yield Network(
                name=entry["name"],
                kind=entry["kind"],
                range=found,
                cluster=entry.get("cluster"),
                owner=entry.get("owner", ""),
                valid=valid,
                file=sheet.file,
                place=place,
            )


def _mmdb(sheet: Sheet, folder: Path) -> dict[str, Path]:
    found = {}
    for what, name in sheet.mapping("mmdb").items():
        path = folder / name
        if path.is_file():
            found[what] = path
        else:
            sheet.add(
                "C-MMDB", f"{path} is not there", sheet.at(f"mmdb.{what}"), fix="Paths start from the context folder."
            )
    return found
