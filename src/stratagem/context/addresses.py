"""Addresses looked up: the narrowest named range at a time, and country and AS number from the user's MMDB files."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path
from typing import Any

from stratagem.context.networks import Network, Networks

_Key = tuple[int, int]
"""IP version and prefix length."""

_NO_NETWORKS = Networks()


class Addresses:
    """Ranges by version and length, so that a lookup costs one dictionary access for each length in use."""

    def __init__(self, networks: Networks = _NO_NETWORKS) -> None:
        self._mmdb = networks.mmdb
        by_length: dict[_Key, dict[int, list[Network]]] = {}
        for one in networks.ranges:
            key = (one.range.version, one.range.prefixlen)
            by_length.setdefault(key, {}).setdefault(int(one.range.network_address), []).append(one)
        self._by_length = dict(sorted(by_length.items(), reverse=True))

    def network(self, ip: str, time: datetime, cluster: str | None = None) -> Network | None:
        """The narrowest range that holds the address at the time; of equal ones, the cluster's own."""
        address = plain(ip)
        if address is None:
            return None
        for (version, length), held in self._by_length.items():
            if version == address.version:
                base = int(address) >> address.max_prefixlen - length << address.max_prefixlen - length
                fitting = [one for one in held.get(base, ()) if time in one.valid and one.cluster in (None, cluster)]
                if fitting:
                    return next((one for one in fitting if one.cluster is not None), fitting[0])
        return None

    def country(self, ip: str) -> str | None:
        """From GeoLite2 Country or City, or DB-IP: `country.iso_code`, else where the range is registered."""
        record = self._record("country", ip)
        for part in ("country", "registered_country"):
            code = (record.get(part) or {}).get("iso_code")
            if code:
                return str(code)
        return None

    def autonomous_system(self, ip: str) -> tuple[int, str] | None:
        """From GeoLite2 ASN or DB-IP: number and organization."""
        record = self._record("asn", ip)
        number = record.get("autonomous_system_number")
        return (int(number), str(record.get("autonomous_system_organization", ""))) if number else None

    def _record(self, what: str, ip: str) -> dict[str, Any]:
        path, address = self._mmdb.get(what), plain(ip)
        if path is None or address is None:
            return {}
        try:
            found = _reader(path).get(address)
        except ValueError:  # an IPv6 address, and a file with IPv4 alone
            return {}
        return found if isinstance(found, dict) else {}


def plain(text: str) -> IPv4Address | IPv6Address | None:
    """An address; one that IPv6 carries IPv4 in is the latter. None: it is none."""
    try:
        address = ip_address(text)
    except ValueError:
        return None
    carried = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return carried or address


@lru_cache(maxsize=8)
def _reader(path: Path) -> Any:
    """An open file, one for each process: it is mapped, not read."""
    import maxminddb

    return maxminddb.open_database(path)
