"""A stolen sign-in leads through AWS into a namespace never used."""

from __future__ import annotations

from stratagem.emulate.techniques._contract import Expected, Habit, History, ScenarioEvent, Technique

PLUGIN = Technique(
    title="A stolen sign-in leads through AWS into a namespace never used",
    attack=("T1078.004", "T1609"),
    platform="kubernetes",
    describe="A session from a new network takes a role, and with it enters a pod where the person never was.",
    expected=(Expected(strategy="new_place_to_new_namespace", rule="chain", entity="alice"),),
    events=(
        ScenarioEvent(
            base="entra_signin/interactive_user",
            set={
                "properties.ipAddress": "203.0.113.99",
                "properties.autonomousSystemNumber": 64666,
                "properties.location.countryOrRegion": "NL",
                "properties.deviceDetail.isManaged": False,
            },
        ),
        ScenarioEvent(
            base="aws_cloudtrail/assume_role_with_web_identity",
            set={
                "userIdentity.principalId": (
                    "arn:aws:iam::111122223333:oidc-provider/sts.windows.net/7b1f2c3d-4e5a-4b6c-8d7e-9f0a1b2c3d4e/:api-example:alice"
                ),
                "sourceIPAddress": "203.0.113.99",
            },
            at="20m",
        ),
        ScenarioEvent(
            base="kubernetes_audit/pod_exec_websocket",
            set={"user.username": "alice.novak@example.com", "objectRef.namespace": "payments-vault"},
            at="50m",
        ),
    ),
    history=History(
        days=20,
        seed=11,
        habits=(
            Habit(event=ScenarioEvent(base="entra_signin/interactive_user"), per_day=2, hours=(7, 17)),
            Habit(
                event=ScenarioEvent(
                    base="kubernetes_audit/pod_exec_websocket",
                    set={"user.username": "alice.novak@example.com", "objectRef.namespace": "shop"},
                ),
                per_day=1,
                hours=(8, 18),
            ),
        ),
    ),
    identities={
        "alice": (
            "entra:7b1f2c3d-4e5a-4b6c-8d7e-9f0a1b2c3d4e:a11ce000-1111-4a2b-8c3d-4e5f60718293",
            (
                "aws:111122223333:arn:aws:iam::111122223333:oidc-provider/sts.windows.net/7b1f2c3d-4e5a-4b6c-8d7e-9f0a1b2c3d4e/:api-example:alice"
            ),
            "aws:111122223333:sso/alice.novak@example.com",
            "kubernetes:unknown:alice.novak@example.com",
            "kubernetes:111122223333/lab-1:alice.novak@example.com",
        )
    },
)
