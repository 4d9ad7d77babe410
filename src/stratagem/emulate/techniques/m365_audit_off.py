"""The unified audit log of Microsoft 365 is turned off."""

from __future__ import annotations

from stratagem.emulate.techniques._contract import Expected, ScenarioEvent, Technique

PLUGIN = Technique(
    title="The unified audit log of Microsoft 365 is turned off",
    attack=("T1562.008",),
    platform="m365",
    describe="Nothing that happens in mail, files and teams is recorded from then on.",
    expected=(Expected(strategy="m365_audit_turned_off", entity="carol.okafor@example.com"),),
    events=(ScenarioEvent(base="m365_audit/set_admin_audit_log_config", set={"Parameters[0].Value": "False"}),),
)
