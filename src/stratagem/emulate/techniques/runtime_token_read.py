"""A tool reads a service account's token."""

from __future__ import annotations

from stratagem.emulate.techniques._contract import Command, Expected, Live, ScenarioEvent, Technique
from stratagem.emulate.techniques._kubernetes import POD

PLUGIN = Technique(
    title="A tool reads a service account's token",
    attack=("T1528", "T1552.001"),
    platform="runtime",
    describe="The token is what speaks to the API server.",
    expected=(
        Expected(strategy="service_account_token_read_by_tool", rule="tetragon_token_read", entity="prod/web-1"),
    ),
    events=(ScenarioEvent(base="tetragon/token_read"),),
    live=Live(
        sandbox="kubernetes",
        warmup=POD,
        detonate=(
            Command(
                line=("kubectl exec -n {run} probe -- head -c 16 /var/run/secrets/kubernetes.io/serviceaccount/token")
            ),
        ),
    ),
)
