"""A program reads a Workspace directory."""

from __future__ import annotations

from stratagem.emulate.techniques._contract import Expected, ScenarioEvent, Technique

PLUGIN = Technique(
    title="A program reads a Workspace directory",
    attack=("T1069.003", "T1087.004"),
    platform="workspace",
    describe="Members of forty groups, read with a token that somebody consented to.",
    expected=(Expected(strategy="workspace_directory_walked", rule="many_reads", entity="dave.lindqvist@example.com"),),
    events=(
        ScenarioEvent(
            base="google_workspace/token_directory_groups_list",
            set={
                "events": [
                    {
                        "type": "auth",
                        "name": "activity",
                        "parameters": [
                            {"name": "api_name", "value": "admin"},
                            {"name": "method_name", "value": "directory.members.list"},
                            {"name": "client_id", "value": "100000000001-example.apps.googleusercontent.com"},
                            {"name": "app_name", "value": "export-tool"},
                            {"name": "num_response_bytes", "intValue": "1800000"},
                        ],
                    }
                ]
            },
            repeat=40,
            every="5s",
        ),
    ),
    source="the group enumeration of the report on cloud groups",
)
