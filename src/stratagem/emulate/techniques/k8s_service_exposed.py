"""A Service is exposed on every node."""

from __future__ import annotations

from stratagem.emulate.techniques._contract import Command, Expected, Live, ScenarioEvent, Technique
from stratagem.emulate.techniques._kubernetes import NAMESPACE

PLUGIN = Technique(
    title="A Service is exposed on every node",
    attack=("T1133",),
    platform="kubernetes",
    describe="A way in that passes every gateway.",
    expected=(Expected(strategy="service_exposed_outside_cluster", entity="alice.novak@example.com"),),
    events=(
        ScenarioEvent(
            base="kubernetes_audit/clusterrolebinding_create",
            set={
                "objectRef": {"resource": "services", "namespace": "shop", "name": "web", "apiVersion": "v1"},
                "requestURI": "/api/v1/namespaces/shop/services?fieldManager=kubectl-expose",
                "requestObject": {
                    "kind": "Service",
                    "apiVersion": "v1",
                    "metadata": {"name": "web", "namespace": "shop"},
                    "spec": {"type": "NodePort", "selector": {"app": "web"}, "ports": [{"port": 80}]},
                },
            },
        ),
    ),
    live=Live(
        sandbox="kubernetes",
        warmup=(NAMESPACE,),
        detonate=(Command(line="kubectl create service nodeport probe -n {run} --tcp=80:80"),),
        cost="a port of every lab node is open until the revert of the namespace",
    ),
)
