"""A long-lived access key is used from a stranger's address."""

from __future__ import annotations

from stratagem.emulate.techniques._contract import Expected, Habit, History, ScenarioEvent, Technique

PLUGIN = Technique(
    title="A long-lived access key is used from a stranger's address",
    attack=("T1078.004",),
    platform="aws",
    describe="A key that leaked works from everywhere; its owner's programs have few addresses.",
    expected=(Expected(strategy="access_key_from_new_address", rule="new_address", entity="user/ci-legacy"),),
    events=(ScenarioEvent(base="aws_cloudtrail/list_buckets", set={"sourceIPAddress": "203.0.113.99"}),),
    history=History(
        days=20, seed=3, habits=(Habit(event=ScenarioEvent(base="aws_cloudtrail/list_groups"), per_day=3),)
    ),
)
