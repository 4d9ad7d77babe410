"""The events of a namespace are deleted."""

from __future__ import annotations

from stratagem.emulate.techniques._contract import Command, Expected, Live, ScenarioEvent, Technique
from stratagem.emulate.techniques._kubernetes import POD

PLUGIN = Technique(
    title="The events of a namespace are deleted",
    attack=("T1070",),
    platform="kubernetes",
    describe="What the cluster told about crashes and pulls is gone.",
    expected=(Expected(strategy="kubernetes_events_deleted", entity="bob.silva@example.com"),),
    events=(
        ScenarioEvent(
            base="kubernetes_audit/pods_list_kubectl",
            set={
                "verb": "deletecollection",
                "objectRef": {"resource": "events", "namespace": "shop", "apiVersion": "v1"},
                "requestURI": "/api/v1/namespaces/shop/events",
            },
        ),
    ),
    live=Live(
        sandbox="kubernetes",
        warmup=POD,
        detonate=(Command(line="kubectl delete events --all -n {run}"),),
    ),
)
