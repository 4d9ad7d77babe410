"""A key is asked for all its permissions."""

from __future__ import annotations

from stratagem.emulate.techniques._contract import Expected, ScenarioEvent, Technique
from stratagem.emulate.techniques._google import ACCOUNT, WITH_ITS_KEY

PLUGIN = Technique(
    title="A key is asked for all its permissions",
    attack=("T1069.003", "T1526"),
    platform="gcp",
    describe="One call answers for a hundred permissions at once.",
    expected=(
        Expected(
            strategy="permissions_tested",
            rule="permissions_bruteforced",
            entity=ACCOUNT,
        ),
    ),
    events=(
        ScenarioEvent(
            base="gcp_audit/instances_list_denied",
            set={
                **WITH_ITS_KEY,
                "protoPayload.methodName": "TestIamPermissions",
                "protoPayload.serviceName": "cloudresourcemanager.googleapis.com",
            },
            repeat=60,
            every="1s",
        ),
    ),
    source="https://stratus-red-team.cloud/attack-techniques/GCP/",
)
