"""The pod security of a namespace is lowered."""

from __future__ import annotations

from stratagem.emulate.techniques._contract import Command, Expected, Live, ScenarioEvent, Technique
from stratagem.emulate.techniques._kubernetes import NAMESPACE

PLUGIN = Technique(
    title="The pod security of a namespace is lowered",
    attack=("T1562.001",),
    platform="kubernetes",
    describe="With the label `privileged` every pod is admitted.",
    expected=(Expected(strategy="pod_security_label_lowered", entity="alice.novak@example.com"),),
    events=(
        ScenarioEvent(
            base="kubernetes_audit/clusterrolebinding_patch",
            set={
                "objectRef": {"resource": "namespaces", "namespace": "shop", "name": "shop", "apiVersion": "v1"},
                "requestURI": "/api/v1/namespaces/shop?fieldManager=kubectl-label",
                "requestObject": {"metadata": {"labels": {"pod-security.kubernetes.io/enforce": "privileged"}}},
                "responseObject": {
                    "kind": "Namespace",
                    "apiVersion": "v1",
                    "metadata": {
                        "name": "shop",
                        "labels": {
                            "kubernetes.io/metadata.name": "shop",
                            "pod-security.kubernetes.io/enforce": "privileged",
                        },
                    },
                },
            },
        ),
    ),
    live=Live(
        sandbox="kubernetes",
        warmup=(NAMESPACE,),
        detonate=(
            Command(line="kubectl label namespace {run} pod-security.kubernetes.io/enforce=privileged --overwrite"),
        ),
    ),
)
