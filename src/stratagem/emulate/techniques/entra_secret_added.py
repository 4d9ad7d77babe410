"""A secret is added to a service principal."""

from __future__ import annotations

from stratagem.emulate.techniques._contract import Command, Expected, Live, ScenarioEvent, Technique, Thing

PLUGIN = Technique(
    title="A secret is added to a service principal",
    attack=("T1098.001",),
    platform="entra",
    describe="Whoever adds a secret to an application can be the application, long after the password is changed.",
    expected=(Expected(strategy="service_principal_credential_added", entity="da7e0000-3333-4c4d-8e5f-60718293a4b5"),),
    events=(ScenarioEvent(base="entra_audit/add_service_principal_credentials"),),
    live=Live(
        sandbox="azure",
        detonate=(
            Command(
                line="az ad app credential reset --id {app} --append --display-name {run} --years 1 --query keyId",
                makes=(
                    Thing(
                        name="secret {run} of application {app}",
                        remove="az ad app credential delete --id {app} --key-id {found}",
                        find=(
                            "az ad app credential list --id {app} "
                            "--query \"[?displayName=='{run}'].keyId\" --output tsv"
                        ),
                    ),
                ),
            ),
        ),
        needs={"app": "client id of a lab application"},
    ),
)
