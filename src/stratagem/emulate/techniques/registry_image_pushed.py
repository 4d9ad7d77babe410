"""An image is pushed by somebody who never pushed there."""

from __future__ import annotations

from stratagem.emulate.techniques._contract import Expected, Habit, History, ScenarioEvent, Technique

PLUGIN = Technique(
    title="An image is pushed by somebody who never pushed there",
    attack=("T1525", "T1204.003"),
    platform="registry",
    describe="The next deployment runs the attacker's image.",
    expected=(Expected(strategy="image_pushed_by_new_identity", entity="prod/web"),),
    events=(ScenarioEvent(base="oci_distribution/push", set={"actor.name": "dev-bob"}),),
    history=History(days=20, seed=1, habits=(Habit(event=ScenarioEvent(base="oci_distribution/push"), per_day=4),)),
)
