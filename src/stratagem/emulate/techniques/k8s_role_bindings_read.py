"""Roles and bindings are read by somebody new."""

from __future__ import annotations

from stratagem.emulate.techniques._contract import Command, Expected, Habit, History, Live, ScenarioEvent, Technique

PLUGIN = Technique(
    title="Roles and bindings are read by somebody new",
    attack=("T1069", "T1613"),
    platform="kubernetes",
    describe="Who may do what in the cluster: group enumeration, in Kubernetes' words.",
    expected=(
        Expected(
            strategy="new_reader_of_role_bindings", rule="new_reader_of_two_kinds", entity="bob.silva@example.com"
        ),
    ),
    events=(
        ScenarioEvent(
            base="kubernetes_audit/clusterrolebindings_list",
            set={"user.username": "bob.silva@example.com"},
            repeat=2,
            every="1s",
            vary={"objectRef.resource": ["clusterrolebindings", "clusterroles"]},
        ),
    ),
    history=History(
        days=20,
        seed=1,
        habits=(
            Habit(
                event=ScenarioEvent(
                    base="kubernetes_audit/clusterrolebindings_list",
                    set={"verb": "watch", "user.username": "system:kube-controller-manager"},
                ),
                per_day=6,
            ),
        ),
    ),
    live=Live(
        sandbox="kubernetes",
        detonate=(Command(line="kubectl get clusterrolebindings,clusterroles -l 'ads-run-id!={run}' -o name"),),
    ),
    source="threat model: group enumeration in Kubernetes",
)
