"""A device code that was phished gives a command line its token."""

from __future__ import annotations

from stratagem.emulate.techniques._contract import Expected, ScenarioEvent, Technique

PLUGIN = Technique(
    title="A device code that was phished gives a command line its token",
    attack=("T1528", "T1078.004"),
    platform="entra",
    describe="The victim types a code on Microsoft's own page, and the attacker's Azure PowerShell is signed in.",
    expected=(Expected(strategy="device_code_sign_in_to_command_line", entity="da7e0000-3333-4c4d-8e5f-60718293a4b5"),),
    events=(ScenarioEvent(base="entra_signin/device_code_user"),),
)
