"""Nodes, controllers, GitOps, autoscaling and operators: most of what an API server writes, and none of it a person."""

from __future__ import annotations

import random
from collections.abc import Iterator

from stratagem.emulate._record import Teller, Told
from stratagem.emulate.estate.calendar import Day, how_often
from stratagem.emulate.estate.cast import Cast, Cluster, Workload, address
from stratagem.emulate.estate.life._contract import Life
from stratagem.emulate.estate.life._kubernetes import account, merged

_PRIVILEGED = ("network-agent", "log-shipper", "node-exporter")
_LEASES = 3
"""Lease renewals and status patches a node and day that are kept: an audit policy drops nearly all of them."""


def _day(cast: Cast, day: Day, teller: Teller, chance: random.Random) -> Iterator[Told]:
    for cluster in cast.clusters:
        yield from _nodes(cluster, day, teller, chance)
        yield from _workloads(cluster, day, teller, chance)
        yield from _operators(cluster, day, teller, chance)


def _nodes(cluster: Cluster, day: Day, teller: Teller, chance: random.Random) -> Iterator[Told]:
    for node in cluster.nodes:
        who = {"user": {"username": f"system:node:{node}"}, "sourceIPs": [address(node)]}
        for _ in range(_LEASES):
            uri = f"/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/{node}?timeout=10s"
            changes = merged(who, {"requestURI": uri, "objectRef": {"name": node}})
            yield teller.tell("kubernetes_audit/node_lease_update", cluster.name, day.any_time(chance), changes)
        workload = chance.choice(cluster.workloads)
        uri = f"/api/v1/namespaces/{workload.namespace}/serviceaccounts/{workload.name}/token"
        target = {"requestURI": uri, "objectRef": {"namespace": workload.namespace, "name": workload.name}}
        yield teller.tell(
            "kubernetes_audit/token_request_node", cluster.name, day.any_time(chance), merged(who, target)
        )


def version(workload: Workload, day: Day) -> int:
    """How often the workload has been released up to a day: each a week on a day of its own, more on release days."""
    turn = sum(map(ord, workload.namespace + workload.name))
    return sum(1 for number in range(day.number + 1) if number % 7 == turn % 5)


def is_released(workload: Workload, day: Day) -> bool:
    return not day.is_weekend and version(workload, day) != version(workload, Day(number=day.number - 1))


def _workloads(cluster: Cluster, day: Day, teller: Teller, chance: random.Random) -> Iterator[Told]:
    argo = account(
        "argocd",
        "argocd-application-controller",
        "argocd-application-controller/v0.0.0 (linux/amd64) kubernetes/$Format",
        "10.20.3.41",
    )
    for workload in cluster.workloads:
        restarts = how_often(chance, workload.replicas * (0.4 if day.is_weekend else 0.8))
        moments = [day.any_time(chance) for _ in range(restarts)]
        if is_released(workload, day):
            moment = day.working(chance)
            uri = f"/apis/apps/v1/namespaces/{workload.namespace}/deployments/{workload.name}"
            body = {"spec": {"template": {"spec": {"containers": [_container(workload, day)]}}}}
            changes = merged(
                argo,
                {
                    "verb": "patch",
                    "requestURI": f"{uri}?fieldManager=argocd-controller&force=true",
                    "objectRef": {"namespace": workload.namespace, "name": workload.name},
                    "requestObject": body,
                    "responseStatus": {"code": 200},
                },
            )
            yield teller.tell("kubernetes_audit/deployment_create_gitops", cluster.name, moment, changes)
            moments += [moment] * workload.replicas
        for moment in moments:
            yield _pod(cluster, workload, day, teller, chance, moment)


def _container(workload: Workload, day: Day) -> dict[str, object]:
    return {
        "name": workload.name,
        "image": workload.image(version(workload, day)),
        "resources": {"requests": {"cpu": "250m", "memory": "256Mi"}, "limits": {"memory": "512Mi"}},
        "securityContext": {"allowPrivilegeEscalation": False, "runAsNonRoot": True},
    }


def _pod(cluster: Cluster, workload: Workload, day: Day, teller: Teller, chance: random.Random, moment: object) -> Told:
    uid = teller.uuid()
    name = f"{workload.name}-{chance.randrange(16**9):09x}-{chance.randrange(36**5):05d}"
    changes = {
        "requestURI": f"/api/v1/namespaces/{workload.namespace}/pods",
        "objectRef": {"namespace": workload.namespace},
        "requestObject": {
            "metadata": {"generateName": f"{workload.name}-", "labels": {"app": workload.name}},
            "spec": {"containers": [_container(workload, day)], "serviceAccountName": workload.name},
        },
        "responseObject": {"metadata": {"name": name, "namespace": workload.namespace, "uid": uid}},
    }
    return teller.tell("kubernetes_audit/pod_create_by_controller", cluster.name, moment, changes)  # type: ignore[arg-type]


def _operators(cluster: Cluster, day: Day, teller: Teller, chance: random.Random) -> Iterator[Told]:
    """An operator that lists all Secrets for its cache, an autoscaler, privileged agents on new nodes, a scanner."""
    cert = account("cert-manager", "cert-manager", "cert-manager-controller/v1.16.2 (linux/amd64)", "10.20.3.77")
    for _ in range(6):
        changes = merged(cert, {"requestURI": "/api/v1/secrets?limit=500&resourceVersion=0"})
        yield teller.tell("kubernetes_audit/secrets_list_all", cluster.name, day.any_time(chance), changes)
    for _ in range(how_often(chance, 12)):
        yield teller.tell("kubernetes_audit/deployment_scale_autoscaler", cluster.name, day.any_time(chance))
    for _ in range(24):
        yield teller.tell("kubernetes_audit/job_create_by_controller", cluster.name, day.any_time(chance))
    for _ in range(how_often(chance, 0.04 * len(cluster.nodes))):
        agent = chance.choice(_PRIVILEGED)
        controller = "system:serviceaccount:kube-system:daemon-set-controller"
        changes = {
            "requestURI": f"/api/v1/namespaces/{agent}/pods",
            "userAgent": f"kube-controller-manager/v1.32.3 (linux/amd64) kubernetes/32cc146/{controller}",
            "user": {"username": controller},
            "objectRef": {"namespace": agent},
            "requestObject": {
                "metadata": {
                    "generateName": f"{agent}-",
                    "ownerReferences": [
                        {
                            "apiVersion": "apps/v1",
                            "kind": "DaemonSet",
                            "name": agent,
                            "controller": True,
                            "blockOwnerDeletion": True,
                        }
                    ],
                },
                "spec": {
                    "containers": [
                        {
                            "name": "agent",
                            "image": f"registry.example.com/platform/{agent}:3.29.1",
                            "securityContext": {"privileged": True},
                        }
                    ],
                    "volumes": [{"name": "log", "hostPath": {"path": "/var/log"}}],
                },
            },
        }
        yield teller.tell("kubernetes_audit/pod_create_by_controller", cluster.name, day.any_time(chance), changes)
    scanner = account("posture", "kube-scanner", "kube-scanner/4.2.0 (linux/amd64)", "10.20.3.90")
    for resource in ("pods", "clusterrolebindings", "rolebindings", "clusterroles", "networkpolicies", "nodes"):
        group = "/apis/rbac.authorization.k8s.io/v1" if "role" in resource else "/api/v1"
        changes = merged(
            scanner,
            {
                "verb": "list",
                "requestURI": f"{group}/{resource}?limit=500",
                "objectRef": {
                    "resource": resource,
                    "apiGroup": "rbac.authorization.k8s.io" if "role" in resource else "",
                },
            },
        )
        yield teller.tell(
            "kubernetes_audit/clusterrolebindings_list", cluster.name, day.between(chance, 2, 2.2), changes
        )


PLUGIN = Life(
    describe=(
        "Nodes, controllers, Argo CD, autoscaler, operators and a posture scanner. Tempting: privileged agents by "
        "design, an operator that lists all Secrets, a nightly scan that lists every role binding."
    ),
    day=_day,
)
