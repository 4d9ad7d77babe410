"""People at the API servers: developers in their namespaces, platform engineers everywhere, one bad night."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import timedelta

from stratagem.emulate._record import Teller, Told
from stratagem.emulate.estate.calendar import ONCALL_NIGHT, Day, how_often
from stratagem.emulate.estate.cast import Cast, Cluster, Person, Workload
from stratagem.emulate.estate.life._contract import Life
from stratagem.emulate.estate.life._kubernetes import merged, person

_COMMANDS = ("sh", "ls -l", "env", "cat /app/config.yml")


def _day(cast: Cast, day: Day, teller: Teller, chance: random.Random) -> Iterator[Told]:
    usual = 0.15 if day.is_weekend else 1.0
    for who in cast.of_role("developer", "platform", "oncall"):
        cluster = cast.clusters[sum(map(ord, who.login)) % 2]
        own = [work for work in cluster.workloads if work.namespace == who.team] or list(cluster.workloads)
        mine = list(cluster.workloads) if who.role != "developer" else own
        yield from _looks(who, cluster, mine, how_often(chance, 3 * who.zeal * usual), day, teller, chance)
        yield from _debugs(who, cluster, mine, how_often(chance, 0.08 * who.zeal * usual), day, teller, chance)
        if who.role == "developer":
            yield from _previews(who, cluster, how_often(chance, 0.05 * who.zeal * usual), day, teller, chance)
    if day.number == ONCALL_NIGHT:
        yield from _bad_night(cast, day, teller, chance)


def _looks(
    who: Person, cluster: Cluster, works: list[Workload], count: int, day: Day, teller: Teller, chance: random.Random
) -> Iterator[Told]:
    for _ in range(count):
        work = chance.choice(works)
        resource = chance.choice(("pods", "pods", "pods", "deployments", "services", "configmaps", "events"))
        group = "/apis/apps/v1" if resource == "deployments" else "/api/v1"
        target = {
            "requestURI": f"{group}/namespaces/{work.namespace}/{resource}?limit=500",
            "objectRef": {"resource": resource, "namespace": work.namespace},
        }
        yield teller.tell(
            "kubernetes_audit/pods_list_kubectl", cluster.name, day.working(chance), merged(person(who), target)
        )


def _debugs(
    who: Person, cluster: Cluster, works: list[Workload], count: int, day: Day, teller: Teller, chance: random.Random
) -> Iterator[Told]:
    for _ in range(count):
        yield _exec(who, cluster, chance.choice(works), day, teller, chance, hour=None)


def _exec(
    who: Person, cluster: Cluster, work: Workload, day: Day, teller: Teller, chance: random.Random, hour: float | None
) -> Told:
    pod = f"{work.name}-6c9f7d5b8-{chance.randrange(36**4):05d}"
    command = "&".join(f"command={word}" for word in chance.choice(_COMMANDS).split())
    target = {
        "requestURI": f"/api/v1/namespaces/{work.namespace}/pods/{pod}/exec?{command}&container={work.name}",
        "objectRef": {"namespace": work.namespace, "name": pod},
    }
    moment = day.working(chance) if hour is None else day.start + timedelta(hours=hour)
    return teller.tell("kubernetes_audit/pod_exec_websocket", cluster.name, moment, merged(person(who), target))


def _previews(
    who: Person, cluster: Cluster, count: int, day: Day, teller: Teller, chance: random.Random
) -> Iterator[Told]:
    """A developer tries something out: a pod in the team's preview namespace, gone within the hour."""
    for number in range(count):
        namespace, moment, uid = f"{who.team}-preview", day.working(chance), teller.uuid()
        name = f"try-{who.login.partition('.')[0]}-{number}"
        image = chance.choice(
            (f"registry.example.com/{who.team}/web:dev", "registry.example.com/mirror/library/busybox:1.37")
        )
        made = {
            "requestURI": f"/api/v1/namespaces/{namespace}/pods?fieldManager=kubectl-run",
            "objectRef": {"namespace": namespace, "name": name},
            "requestObject": {
                "metadata": {"name": name, "namespace": namespace},
                "spec": {"containers": [{"name": name, "image": image, "resources": {}}], "restartPolicy": "Never"},
            },
            "responseObject": {"metadata": {"name": name, "namespace": namespace, "uid": uid}},
        }
        yield teller.tell("kubernetes_audit/pod_create", cluster.name, moment, merged(person(who), made))
        gone = {
            "verb": "delete",
            "requestURI": f"/api/v1/namespaces/{namespace}/pods/{name}",
            "objectRef": {"namespace": namespace, "name": name, "uid": uid},
            "responseStatus": {"code": 200},
            "requestObject": None,
            "responseObject": {"metadata": {"name": name, "namespace": namespace, "uid": uid}},
        }
        after = moment + timedelta(minutes=chance.uniform(12, 55))
        yield teller.tell("kubernetes_audit/pod_create", cluster.name, after, merged(person(who), gone))


def _bad_night(cast: Cast, day: Day, teller: Teller, chance: random.Random) -> Iterator[Told]:
    """Production is down at two in the morning: the engineer on call is in every pod of the payments path."""
    who = (*cast.of_role("oncall"), *cast.of_role("platform"), *cast.people)[0]
    cluster = cast.clusters[0]
    works = [work for work in cluster.workloads if work.namespace in ("payments", "shop")]
    for step in range(40):
        yield _exec(who, cluster, chance.choice(works), day, teller, chance, hour=2.1 + step * 0.03)


PLUGIN = Life(
    describe=(
        "Developers list what is in their own namespace, sometimes look into a pod, and try things out in a preview "
        "namespace; platform engineers do so everywhere. Tempting: short-lived pods, and a night of forty sessions."
    ),
    day=_day,
)
