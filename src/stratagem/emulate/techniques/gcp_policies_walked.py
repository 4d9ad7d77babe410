"""The policies of many projects are read."""

from __future__ import annotations

from stratagem.emulate.techniques._contract import Expected, ScenarioEvent, Technique
from stratagem.emulate.techniques._google import ACCOUNT, WITH_ITS_KEY

PLUGIN = Technique(
    title="The policies of many projects are read",
    attack=("T1069.003",),
    platform="gcp",
    describe="Who may do what in the organisation: group enumeration, in Google's words.",
    expected=(
        Expected(
            strategy="iam_policies_and_groups_walked",
            rule="many_policies",
            entity=ACCOUNT,
        ),
    ),
    events=(
        ScenarioEvent(
            base="gcp_audit/instances_list_denied",
            set={
                **WITH_ITS_KEY,
                "protoPayload.methodName": "GetIamPolicy",
                "protoPayload.serviceName": "cloudresourcemanager.googleapis.com",
            },
            repeat=12,
            every="5s",
            vary={"protoPayload.resourceName": "projects/example-{n}"},
        ),
    ),
)
