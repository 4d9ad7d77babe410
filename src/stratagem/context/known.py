"""What the files say about an event: its actor, where it happened, where it came from, what was announced.

Everything is asked with the event's own time. What no file names is `unknown`: a value like any other.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from stratagem.context.addresses import Addresses
from stratagem.context.architecture import Flow
from stratagem.context.changes import Change
from stratagem.context.entry import Entry
from stratagem.context.estate import Estate, Member
from stratagem.context.flows import Endpoint, allows, describes
from stratagem.context.identities import UNKNOWN, Name
from stratagem.context.networks import Network, Networks
from stratagem.sources._contract import NO_LABELS, Labels

FIELDS: Mapping[str, str] = {
    "context.actor": "The actor's name in identities.yml, else the principal.",
    "context.actor_class": "The actor's class, or `unknown`.",
    "context.actor_owner": "Who answers for the actor; absent where nobody is named.",
    "context.tier": "Tier of the cluster, account or tenant, the narrowest that has one, or `unknown`.",
    "context.owner": "Who answers for that cluster, account or tenant; absent where nobody is named.",
    "context.change": "Ids of the announced changes that explain the event; absent where none does.",
    "context.network": "Name of the source address's network, or `unknown`.",
    "context.network_kind": "Its kind, or `unknown`.",
    "context.country": "ISO code of the source address's country, or `unknown`.",
    "context.asn": "AS number of the source address; absent where it is not known.",
}
"""What `enrich` gives, as fields that a priority block or a filter may name."""

_REMEMBERED = 100_000


class Actor(NamedTuple):
    """Who a principal is at a time."""

    name: str
    actor_class: str = UNKNOWN
    owner: str = ""


@dataclass(slots=True, kw_only=True)
class Context:
    """The workspace's context. Picklable; a Context() knows nothing."""

    estate: Estate = field(default_factory=Estate)
    names: tuple[Name, ...] = ()
    lists: Mapping[str, tuple[Entry, ...]] = field(default_factory=dict)
    networks: Networks = field(default_factory=Networks)
    flows: tuple[Flow, ...] = ()
    changes: tuple[Change, ...] = ()
    _exact: dict[str, list[Name]] = field(default_factory=dict, repr=False, compare=False)
    _prefixes: dict[int, dict[str, list[Name]]] = field(default_factory=dict, repr=False, compare=False)
    _known: dict[str, tuple[Name, ...]] = field(default_factory=dict, repr=False, compare=False)
    _members: dict[tuple[str, str], list[Member]] = field(default_factory=dict, repr=False, compare=False)
    _addresses: Addresses = field(default_factory=Addresses, repr=False, compare=False)
    _digest: str = field(default="", repr=False, compare=False)

    def __post_init__(self) -> None:
        for name in self.names:
            where = self._prefixes.setdefault(len(name.principal), {}) if name.is_prefix else self._exact
            where.setdefault(name.principal, []).append(name)
        for member in self.estate.members:
            self._members.setdefault((member.kind, member.id), []).append(member)
        self._addresses = Addresses(self.networks)

    def __bool__(self) -> bool:
        """Whether any file says anything."""
        return bool(
            self.estate.members or self.names or self.lists or self.networks.ranges or self.networks.mmdb
            or self.flows or self.changes
        )  # fmt: skip

    @property
    def digest(self) -> str:
        """Changes with what the files say of an event: what was kept under another digest may be wrong now."""
        if not self._digest:
            said = repr((self.estate, self.names, self.networks, self.changes))
            self._digest = hashlib.blake2b(said.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
        return self._digest

    @property
    def weighs(self) -> bool:
        """Whether some level may be raised or lowered: a tier with a weight, or an announced change."""
        return any(self.estate.tiers.values()) or bool(self.changes)

    def names_of(self, principal: str) -> tuple[Name, ...]:
        """Every name that fits a principal at some time: itself first, then the longest beginning."""
        known = self._known.get(principal)
        if known is None:
            if len(self._known) > _REMEMBERED:
                self._known.clear()
            lengths = sorted((length for length in self._prefixes if length <= len(principal)), reverse=True)
            begun = (name for length in lengths for name in self._prefixes[length].get(principal[:length], ()))
            known = self._known[principal] = (*self._exact.get(principal, ()), *begun)
        return known

    def actor(self, principal: str, time: datetime) -> Actor:
        """Who a principal is at a time: identities' name for it, else itself, with class `unknown`."""
        for name in self.names_of(principal):
            if time in name.valid:
                return Actor(name.actor or principal, name.actor_class, name.owner)
        return Actor(principal)

    def members(self, labels: Labels, time: datetime) -> tuple[Member, ...]:
        """The cluster, account and tenant of an event, as far as estate.yml names them, the narrowest first."""
        cluster, account = labels.cluster, labels.account
        full = f"{account}/{cluster}" if cluster and account else None
        wanted = (("cluster", full), ("cluster", cluster), ("account", account), ("tenant", labels.tenant))
        found = {
            kind: member
            for kind, key in reversed(wanted)
            if key
            for member in self._members.get((kind, key), ())
            if time in member.valid
        }
        return tuple(found[kind] for kind in ("cluster", "account", "tenant") if kind in found)

    def network(self, ip: str, time: datetime, cluster: str | None = None) -> Network | None:
        """The narrowest named range of an address at a time. A cluster's ranges are for it alone."""
        return self._addresses.network(ip, time, cluster)

    def country(self, ip: str) -> str | None:
        """ISO code of an address's country, from the user's MMDB file."""
        return self._addresses.country(ip)

    def autonomous_system(self, ip: str) -> tuple[int, str] | None:
        """AS number and name of an address, from the user's MMDB file."""
        return self._addresses.autonomous_system(ip)

    def flow(
        self,
        source: Endpoint,
        target: Endpoint,
        time: datetime,
        *,
        port: int | None = None,
        protocol: str | None = None,
    ) -> Flow | None:
        """The first flow of architecture.yml that allows this edge; None: it is not standard."""
        for one in self.flows:
            if time in one.valid and allows(self, one, source, target, time, port=port, protocol=protocol):
                return one
        return None

    def standard(
        self,
        source: Endpoint,
        target: Endpoint,
        time: datetime,
        *,
        port: int | None = None,
        protocol: str | None = None,
    ) -> bool | None:
        """Whether architecture.yml allows this edge; None where it describes neither end of it.

        An end is described where a flow that is valid names it, on its own side, by more than its cluster.
        """
        if self.flow(source, target, time, port=port, protocol=protocol) is not None:
            return True
        valid = [one for one in self.flows if time in one.valid]
        is_described = any(
            describes(self, one.source, source, time) or describes(self, one.target, target, time) for one in valid
        )
        return False if is_described else None

    def announced(self, time: datetime, **facts: Collection[str]) -> tuple[Change, ...]:
        """The changes that explain an event; `facts` by the names of a change's scope."""
        return tuple(change for change in self.changes if time in change.valid and change.explains(facts))

    def enrich(
        self,
        principal: str | None,
        labels: Labels = NO_LABELS,
        time: datetime | None = None,
        *,
        ip: str | None = None,
        namespaces: Iterable[str] = (),
        strategy: str | None = None,
    ) -> dict[str, Any]:
        """What the files say of an event: the fields of FIELDS without their prefix, those that are absent left out.

        `weight` beside them is the sum by which its level is raised or lowered (`weigh`).
        """
        assert time is not None
        actor = self.actor(principal, time) if principal else Actor(UNKNOWN)
        members = self.members(labels, time)
        tier = next((member.tier for member in members if member.tier is not None), None)
        network = self.network(ip, time, labels.cluster) if ip else None
        system = self.autonomous_system(ip) if ip else None
        changes = self.announced(
            time,
            clusters=_with_account(labels),
            accounts=_one(labels.account),
            tenants=_one(labels.tenant),
            namespaces=tuple(namespaces),
            actors={actor.name, *_one(principal)},
            strategies=_one(strategy),
        )
        said: dict[str, Any] = {
            "actor": actor.name,
            "actor_class": actor.actor_class,
            "actor_owner": actor.owner,
            "tier": tier or UNKNOWN,
            "owner": next((member.owner for member in members if member.owner), ""),
            "change": [change.id for change in changes],
            "network": network.name if network else UNKNOWN,
            "network_kind": network.kind if network else UNKNOWN,
            "country": (self.country(ip) if ip else None) or UNKNOWN,
            "asn": system[0] if system else None,
            "weight": self.estate.tiers.get(tier or "", 0) + min((change.weight for change in changes), default=0),
        }
        return {name: value for name, value in said.items() if value not in ("", None, [])}


def _one(value: str | None) -> tuple[str, ...]:
    return (value,) if value else ()


def _with_account(labels: Labels) -> Sequence[str]:
    both = f"{labels.account}/{labels.cluster}" if labels.account and labels.cluster else None
    return (*_one(labels.cluster), *_one(both))


NOTHING = Context()
"""No workspace, or one without context."""
