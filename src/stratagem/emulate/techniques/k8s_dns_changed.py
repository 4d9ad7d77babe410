"""The cluster's name service is changed."""

from __future__ import annotations

from stratagem.emulate.techniques._contract import Command, Expected, Live, ScenarioEvent, Technique, Thing

PLUGIN = Technique(
    title="The cluster's name service is changed",
    attack=("T1562.001",),
    platform="kubernetes",
    describe="Names of the cluster lead where the attacker wants.",
    expected=(Expected(strategy="cluster_dns_changed", entity="alice.novak@example.com"),),
    events=(
        ScenarioEvent(
            base="kubernetes_audit/clusterrolebinding_patch",
            set={
                "objectRef": {
                    "resource": "configmaps",
                    "namespace": "kube-system",
                    "name": "coredns",
                    "apiVersion": "v1",
                },
                "requestURI": "/api/v1/namespaces/kube-system/configmaps/coredns?fieldManager=kubectl-edit",
                "requestObject": {"data": {"Corefile": ".:53 { rewrite name api.example.com api.example.net }"}},
                "responseObject": {
                    "kind": "ConfigMap",
                    "apiVersion": "v1",
                    "metadata": {"name": "coredns", "namespace": "kube-system"},
                },
            },
        ),
    ),
    live=Live(
        sandbox="kubernetes",
        detonate=(
            Command(
                line="kubectl annotate configmap coredns -n kube-system ads-run-id={run} --overwrite",
                makes=(
                    Thing(
                        name="annotation of ConfigMap coredns",
                        remove="kubectl annotate configmap coredns -n kube-system ads-run-id-",
                    ),
                ),
            ),
        ),
    ),
)
