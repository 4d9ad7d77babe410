"""A pod's credentials are used from a stranger's address."""

from __future__ import annotations

from stratagem.emulate.techniques._contract import Expected, Habit, History, ScenarioEvent, Technique

PLUGIN = Technique(
    title="A pod's credentials are used from a stranger's address",
    attack=("T1552.005", "T1550.001", "T1078.004"),
    platform="aws",
    describe="Credentials of the metadata service or of a pod leave the cluster, and are used outside.",
    expected=(
        Expected(strategy="workload_credentials_from_new_address", rule="new_address", entity="role/shop-web-irsa"),
    ),
    events=(
        ScenarioEvent(base="aws_cloudtrail/get_account_authorization_details", set={"sourceIPAddress": "203.0.113.99"}),
    ),
    history=History(
        days=20,
        seed=3,
        habits=(
            Habit(
                event=ScenarioEvent(
                    base="aws_cloudtrail/get_account_authorization_details", set={"sourceIPAddress": "192.0.2.44"}
                ),
                per_day=3,
            ),
        ),
    ),
)
