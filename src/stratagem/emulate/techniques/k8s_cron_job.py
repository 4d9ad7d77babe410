"""A person writes a CronJob."""

from __future__ import annotations

from stratagem.emulate.techniques._contract import Command, Expected, Live, ScenarioEvent, Technique
from stratagem.emulate.techniques._kubernetes import NAMESPACE

PLUGIN = Technique(
    title="A person writes a CronJob",
    attack=("T1053.007", "T1543.005"),
    platform="kubernetes",
    describe="It comes back every night, whatever is deleted by day.",
    expected=(Expected(strategy="recurring_workload_written_by_person", entity="bob.silva@example.com"),),
    events=(ScenarioEvent(base="kubernetes_audit/cronjob_create"),),
    live=Live(
        sandbox="kubernetes",
        warmup=(NAMESPACE,),
        detonate=(Command(line="kubectl create cronjob probe -n {run} --image={pause} '--schedule=0 0 31 2 *'"),),
    ),
    source="https://github.com/redcanaryco/atomic-red-team T1053.007",
)
