"""What techniques on Kubernetes share: a namespace of their own, a pod in it, and how images come otherwise."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from stratagem.emulate.techniques._contract import Command, Habit, History, Live, ScenarioEvent, Thing

_GONE = "kubectl delete namespace {run} --ignore-not-found --timeout=150s"
NAMESPACE = Command(line="kubectl create namespace {run}", makes=(Thing(name="namespace {run}", remove=_GONE),))
"""The run's own namespace; all that is made in it goes with it."""

POD = (
    NAMESPACE,
    Command(line="kubectl run probe -n {run} --restart=Never --image={busybox} -- sleep 3600"),
    Command(line="kubectl wait pod/probe -n {run} --for=condition=Ready --timeout=90s", timeout_seconds=100),
)
"""The namespace, and a pod `probe` in it that runs."""

IMAGES_BY_PIPELINE = History(
    days=20,
    seed=1,
    habits=(
        Habit(event=ScenarioEvent(base="kubernetes_audit/deployment_create_gitops"), per_day=3),
        Habit(event=ScenarioEvent(base="kubernetes_audit/pod_create_by_controller"), per_day=6),
    ),
)
"""Images come from the pipeline and the controllers alone."""


def pod_with(spec: Mapping[str, Any]) -> Live:
    """Run a pod `probe` that does nothing, with `spec` merged into its own, in the run's namespace."""
    overrides = json.dumps({"spec": spec}, separators=(",", ":"))
    line = f"kubectl run probe -n {{run}} --restart=Never --image={{pause}} '--overrides={overrides}'"
    return Live(sandbox="kubernetes", warmup=(NAMESPACE,), detonate=(Command(line=line),))
