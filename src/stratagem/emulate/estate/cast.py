"""Who and what the reference estate consists of: the same people, clusters, accounts and programs for the same seed.

Everything is made up: documentation addresses, account numbers of no account, example.com.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Mapping
from dataclasses import dataclass, field

TEAMS = (
    "shop",
    "payments",
    "search",
    "catalog",
    "identity",
    "data",
    "ml",
    "mobile",
    "ads",
    "growth",
    "internal",
    "reporting",
)
REGIONS = ("eu-west-1", "us-east-1")
TENANT = "7b1f2c3d-4e5a-4b6c-8d7e-9f0a1b2c3d4e"
REGISTRY = "registry.example.com"
CI_ADDRESSES = ("192.0.2.40", "192.0.2.42", "192.0.2.43")
SCANNER_ADDRESS = "192.0.2.80"
NODE_EGRESS = ("192.0.2.41", "192.0.2.44")

_FIRST = tuple(
    "alice bob carol dave erin frank grace heidi ivan judy karim lena mona nils olga pedro quinn rosa sven tara "  # noqa: SIM905
    "umar vera wang xena yusuf zoe anna bruno clara diego emma felix".split()
)
_LAST = tuple(
    "novak silva okafor lindqvist moreau tanaka haddad kowalski garcia schmidt rossi nguyen petrov larsen dubois "  # noqa: SIM905
    "ferrari yilmaz costa jensen weber martin santos ivanov popescu".split()
)
_SERVICES = ("web", "api", "worker", "cache", "admin", "events", "sync", "mailer")


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One employee. `role` is developer, platform, security, oncall or office."""

    login: str
    uid: str
    role: str
    team: str
    address: str
    """Where the person works from, most days."""
    zeal: float
    """How much the person does, as a multiple of the usual."""

    @property
    def mail(self) -> str:
        return f"{self.login}@example.com"

    @property
    def name(self) -> str:
        return self.login.partition(".")[0].title() + " " + self.login.partition(".")[2].rstrip("0123456789").title()


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """A service of a team: where it runs and what it is built from."""

    namespace: str
    name: str
    replicas: int
    ports: tuple[int, ...]
    calls: tuple[str, ...]
    """`namespace/name` of the workloads that it talks to."""

    def image(self, version: int) -> str:
        digest = hashlib.sha256(f"{self.namespace}/{self.name}/{version}".encode()).hexdigest()
        return f"{REGISTRY}/{self.namespace}/{self.name}@sha256:{digest}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    name: str
    account: str
    region: str
    nodes: tuple[str, ...]
    workloads: tuple[Workload, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """The whole estate."""

    seed: int
    people: tuple[Person, ...]
    clusters: tuple[Cluster, ...]
    accounts: Mapping[str, str] = field(default_factory=dict)
    """Account number -> its purpose."""

    def of_role(self, *roles: str) -> tuple[Person, ...]:
        return tuple(person for person in self.people if person.role in roles)


def cast(seed: int, *, people: int = 2000, nodes: int = 200) -> Cast:
    """The estate of a seed."""
    chance = random.Random(f"cast/{seed}")
    purposes = ("prod", "prod-us", "staging", "dev", "data", "ml", "security", "logging", "network", "sandbox")
    accounts = {f"1111222233{place:02d}": purpose for place, purpose in enumerate(purposes, start=10)}
    numbers = list(accounts)
    shares = (("prod-eu", 0.45, 0, 0), ("prod-us", 0.45, 1, 1), ("edge-1", 0.1, 0, 0))
    clusters = tuple(
        Cluster(
            name=name,
            account=numbers[account],
            region=REGIONS[region],
            nodes=_nodes(place, max(3, round(nodes * share)), REGIONS[region]),
            workloads=tuple(_workloads(chance, TEAMS if share > 0.2 else TEAMS[:3])),
        )
        for place, (name, share, account, region) in enumerate(shares)
    )
    return Cast(seed=seed, people=tuple(_people(chance, people)), clusters=clusters, accounts=accounts)


def _nodes(cluster: int, count: int, region: str) -> tuple[str, ...]:
    return tuple(
        f"ip-10-{20 + cluster}-{3 + number // 200}-{10 + number % 200}.{region}.compute.internal"
        for number in range(count)
    )


def address(node: str) -> str:
    """A node's own address."""
    return ".".join(node.partition(".")[0].split("-")[1:])


def _workloads(chance: random.Random, teams: tuple[str, ...]) -> list[Workload]:
    names = [(team, service) for team in teams for service in chance.sample(_SERVICES, chance.randint(3, 6))]
    return [
        Workload(
            namespace=team,
            name=service,
            replicas=chance.choice((2, 2, 3, 3, 5, 8)),
            ports=(chance.choice((8080, 8443, 9000, 5432, 6379)),),
            calls=tuple("/".join(other) for other in chance.sample(names, chance.randint(1, 4))),
        )
        for team, service in names
    ]


def _people(chance: random.Random, count: int) -> list[Person]:
    found = []
    for number in range(count):
        share = number / count
        role = (
            "platform"
            if share < 0.008
            else "security"
            if share < 0.012
            else "oncall"
            if share < 0.02
            else "developer"
            if share < 0.17
            else "office"
        )
        login = f"{_FIRST[number % len(_FIRST)]}.{_LAST[number // len(_FIRST) % len(_LAST)]}"
        turn = number // (len(_FIRST) * len(_LAST))
        found.append(
            Person(
                login=f"{login}{turn or ''}",
                uid=_uuid(f"person/{number}"),
                role=role,
                team=chance.choice(TEAMS),
                address=f"198.51.100.{20 + number % 200}",
                zeal=min(6.0, max(0.1, chance.lognormvariate(0, 0.7))),
            )
        )
    return found


def _uuid(text: str) -> str:
    digits = hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}"
