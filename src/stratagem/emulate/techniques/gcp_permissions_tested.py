"""A key is asked for all its permissions."""

from __future__ import annotations

from stratagem.emulate.techniques._contract import Expected, ScenarioEvent, Technique

PLUGIN = Technique(
    title="A key is asked for all its permissions",
    attack=("T1069.003", "T1526"),
    platform="gcp",
    describe="One call answers for a hundred permissions at once.",
    expected=(
        Expected(
            strategy="permissions_tested",
            rule="permissions_bruteforced",
            entity="deploy@example-prod.iam.gserviceaccount.com",
        ),
    ),
    events=(
        ScenarioEvent(
            base="gcp_audit/instances_list_denied",
            set={
                "protoPayload.status": {},
                "protoPayload.authenticationInfo.principalEmail": "deploy@example-prod.iam.gserviceaccount.com",
                "protoPayload.authenticationInfo.principalSubject": (
                    "serviceAccount:deploy@example-prod.iam.gserviceaccount.com"
                ),
                "protoPayload.authenticationInfo.serviceAccountKeyName": (
                    "//iam.googleapis.com/projects/"
                    "example-prod/serviceAccounts/"
                    "deploy@example-prod.iam.gserviceaccount.com/keys/0a1b2c3d4e5f"
                ),
                "protoPayload.methodName": "TestIamPermissions",
                "protoPayload.serviceName": "cloudresourcemanager.googleapis.com",
            },
            repeat=60,
            every="1s",
        ),
    ),
    source="https://stratus-red-team.cloud/attack-techniques/GCP/",
)
