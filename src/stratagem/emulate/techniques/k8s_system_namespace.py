"""A person runs a pod in kube-system."""

from __future__ import annotations

from stratagem.emulate.techniques._contract import Command, Expected, Live, ScenarioEvent, Technique, Thing

PLUGIN = Technique(
    title="A person runs a pod in kube-system",
    attack=("T1036.005", "T1610"),
    platform="kubernetes",
    describe="Among the cluster's own pods nobody looks for a foreign one.",
    expected=(Expected(strategy="workload_in_system_namespace", entity="bob.silva@example.com"),),
    events=(
        ScenarioEvent(
            base="kubernetes_audit/pod_create",
            set={
                "objectRef": {"resource": "pods", "namespace": "kube-system", "name": "debug", "apiVersion": "v1"},
                "requestURI": "/api/v1/namespaces/kube-system/pods?fieldManager=kubectl-run",
            },
        ),
    ),
    live=Live(
        sandbox="kubernetes",
        detonate=(
            Command(
                line="kubectl run {run} -n kube-system --restart=Never --image={pause}",
                makes=(
                    Thing(
                        name="pod {run} of kube-system",
                        remove="kubectl delete pod {run} -n kube-system --ignore-not-found --now",
                    ),
                ),
            ),
        ),
    ),
)
