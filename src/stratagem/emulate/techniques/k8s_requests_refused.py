"""A stolen token is tried on many kinds of objects."""

from __future__ import annotations

from stratagem.emulate.techniques._contract import Command, Expected, Live, ScenarioEvent, Technique
from stratagem.emulate.techniques._kubernetes import NAMESPACE

PLUGIN = Technique(
    title="A stolen token is tried on many kinds of objects",
    attack=("T1613",),
    platform="kubernetes",
    describe="Whoever does not know what a token may do tries; most of it is refused.",
    expected=(
        Expected(strategy="many_requests_refused", rule="kinds_refused", entity="system:serviceaccount:shop:web"),
    ),
    events=(
        ScenarioEvent(
            base="kubernetes_audit/pod_create_forbidden",
            set={
                "verb": "list",
                "user": {
                    "username": "system:serviceaccount:shop:web",
                    "groups": ["system:serviceaccounts", "system:serviceaccounts:shop", "system:authenticated"],
                },
                "userAgent": "curl/8.5.0",
                "requestObject": None,
            },
            repeat=6,
            every="4s",
            vary={"objectRef.resource": ["secrets", "configmaps", "serviceaccounts", "roles", "rolebindings", "nodes"]},
        ),
    ),
    live=Live(
        sandbox="kubernetes",
        warmup=(NAMESPACE,),
        detonate=(
            Command(
                line=(
                    "kubectl get secrets,configmaps,serviceaccounts,roles,rolebindings,nodes -n {run} "
                    "--as=system:serviceaccount:{run}:default"
                ),
                may_fail=True,
            ),
        ),
    ),
)
