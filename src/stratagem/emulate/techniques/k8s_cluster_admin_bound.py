"""Somebody is bound to cluster-admin."""

from __future__ import annotations

from stratagem.emulate.techniques._contract import Command, Expected, Live, ScenarioEvent, Technique, Thing

PLUGIN = Technique(
    title="Somebody is bound to cluster-admin",
    attack=("T1098.006",),
    platform="kubernetes",
    describe="One object makes an account all-powerful, and stays.",
    expected=(Expected(strategy="cluster_admin_bound", entity="alice.novak@example.com"),),
    events=(
        ScenarioEvent(
            base="kubernetes_audit/clusterrolebinding_create",
            set={
                "requestObject.roleRef.name": "cluster-admin",
                "requestObject.subjects": [
                    {"kind": "User", "apiGroup": "rbac.authorization.k8s.io", "name": "bob.silva@example.com"}
                ],
            },
        ),
    ),
    live=Live(
        sandbox="kubernetes",
        detonate=(
            Command(
                line="kubectl create clusterrolebinding {run} --clusterrole=cluster-admin --user={run}@example.com",
                makes=(
                    Thing(
                        name="ClusterRoleBinding {run}",
                        remove="kubectl delete clusterrolebinding {run} --ignore-not-found",
                    ),
                ),
            ),
        ),
    ),
)
