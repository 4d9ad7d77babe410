"""What techniques on Kubernetes share: a namespace of their own, and a pod in it."""

from __future__ import annotations

from stratagem.emulate.techniques._contract import Command, Thing

_GONE = "kubectl delete namespace {run} --ignore-not-found --timeout=150s"
NAMESPACE = Command(line="kubectl create namespace {run}", makes=(Thing(name="namespace {run}", remove=_GONE),))
"""The run's own namespace; all that is made in it goes with it."""

POD = (
    NAMESPACE,
    Command(line="kubectl run probe -n {run} --restart=Never --image={busybox} -- sleep 3600"),
    Command(line="kubectl wait pod/probe -n {run} --for=condition=Ready --timeout=90s", timeout_seconds=100),
)
"""The namespace, and a pod `probe` in it that runs."""
