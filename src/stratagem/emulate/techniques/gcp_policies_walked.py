"""The policies of many projects are read."""

from __future__ import annotations

from stratagem.emulate.techniques._contract import Expected, ScenarioEvent, Technique

PLUGIN = Technique(
    title="The policies of many projects are read",
    attack=("T1069.003",),
    platform="gcp",
    describe="Who may do what in the organisation: group enumeration, in Google's words.",
    expected=(
        Expected(
            strategy="iam_policies_and_groups_walked",
            rule="many_policies",
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
                "protoPayload.methodName": "GetIamPolicy",
                "protoPayload.serviceName": "cloudresourcemanager.googleapis.com",
            },
            repeat=12,
            every="5s",
            vary={"protoPayload.resourceName": "projects/example-{n}"},
        ),
    ),
)
