"""A stranger's pull request runs with secrets."""

from __future__ import annotations

from stratagem.emulate.techniques._contract import Expected, ScenarioEvent, Technique

PLUGIN = Technique(
    title="A stranger's pull request runs with secrets",
    attack=("T1677",),
    platform="cicd",
    describe="Code of a fork runs in a workflow that holds the repository's secrets.",
    expected=(Expected(strategy="fork_code_run_with_secrets", entity="stranger/web"),),
    events=(ScenarioEvent(base="github_webhook/fork_run"),),
)
