"""A service principal signs in from a network it never came from."""

from __future__ import annotations

from stratagem.emulate.techniques._contract import Expected, Habit, History, ScenarioEvent, Technique

PLUGIN = Technique(
    title="A service principal signs in from a network it never came from",
    attack=("T1078.004", "T1550.001"),
    platform="entra",
    describe="A pipeline's secret is used by somebody else.",
    expected=(
        Expected(
            strategy="service_principal_from_new_network",
            rule="new_network",
            entity="5e91c000-4444-4d5e-9f60-718293a4b5c6",
        ),
    ),
    events=(
        ScenarioEvent(
            base="entra_signin/service_principal",
            set={
                "properties.ipAddress": "203.0.113.99",
                "properties.autonomousSystemNumber": 64666,
                "properties.location.countryOrRegion": "NL",
            },
        ),
    ),
    history=History(
        days=20, seed=3, habits=(Habit(event=ScenarioEvent(base="entra_signin/service_principal"), per_day=3),)
    ),
)
