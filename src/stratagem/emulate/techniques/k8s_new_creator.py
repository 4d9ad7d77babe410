"""Somebody creates a workload for the first time."""

from __future__ import annotations

from stratagem.emulate.techniques._contract import Expected, Habit, History, ScenarioEvent, Technique

PLUGIN = Technique(
    title="Somebody creates a workload for the first time",
    attack=("T1610",),
    platform="kubernetes",
    describe="An account that never deployed anything begins to.",
    expected=(Expected(strategy="new_creator_of_workloads", rule="new_to_cluster", entity="dana.cole@example.com"),),
    events=(
        ScenarioEvent(
            base="kubernetes_audit/deployment_create_kubectl", set={"user.username": "dana.cole@example.com"}
        ),
    ),
    history=History(
        days=20,
        seed=1,
        habits=(Habit(event=ScenarioEvent(base="kubernetes_audit/deployment_create_kubectl"), per_day=4),),
    ),
)
