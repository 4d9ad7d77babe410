"""Connections between workloads, as the network agent of the clusters sees them."""

from __future__ import annotations

import random
from collections.abc import Iterator

from stratagem.emulate._record import Teller, Told
from stratagem.emulate.estate.calendar import Day, how_often
from stratagem.emulate.estate.cast import Cast, Cluster, Workload
from stratagem.emulate.estate.life._contract import Life

_EACH_DAY = 2.0
"""Sampled connections of a pair of workloads that talk to each other."""


def _day(cast: Cast, day: Day, teller: Teller, chance: random.Random) -> Iterator[Told]:
    for cluster in cast.clusters:
        known = {f"{work.namespace}/{work.name}": work for work in cluster.workloads}
        for work in cluster.workloads:
            for called in work.calls:
                if called in known and known[called] is not work:
                    for _ in range(how_often(chance, _EACH_DAY)):
                        yield _flow(cluster, work, known[called], day, teller, chance)


def _end(cluster: Cluster, work: Workload, chance: random.Random) -> dict[str, object]:
    identity = 16_000 + sum(map(ord, f"{work.namespace}/{work.name}"))
    return {
        "identity": identity,
        "cluster_name": cluster.name,
        "namespace": work.namespace,
        "labels": [f"k8s:app={work.name}", f"k8s:io.kubernetes.pod.namespace={work.namespace}"],
        "pod_name": f"{work.name}-6c9f7d5b8-{chance.randrange(36**4):05d}",
        "workloads": [{"name": work.name, "kind": "Deployment"}],
    }


def _flow(
    cluster: Cluster, source: Workload, target: Workload, day: Day, teller: Teller, chance: random.Random
) -> Told:
    node = chance.choice(cluster.nodes)
    changes = {
        "flow": {
            "IP": {
                "source": f"10.0.{chance.randrange(1, 60)}.{chance.randrange(2, 250)}",
                "destination": f"10.0.{chance.randrange(1, 60)}.{chance.randrange(2, 250)}",
                "ipVersion": "IPv4",
            },
            "l4": {
                "TCP": {
                    "source_port": chance.randrange(32768, 60999),
                    "destination_port": target.ports[0],
                    "flags": {"SYN": True},
                }
            },
            "source": _end(cluster, source, chance),
            "destination": _end(cluster, target, chance),
            "node_name": f"{cluster.name}/{node}",
        },
        "node_name": f"{cluster.name}/{node}",
    }
    return teller.tell("hubble/forwarded", cluster.name, day.any_time(chance), changes)


PLUGIN = Life(
    describe=(
        "Workloads call the workloads that they depend on, day and night. Tempting: a pair that talks seldom looks "
        "new after a quiet week."
    ),
    day=_day,
)
