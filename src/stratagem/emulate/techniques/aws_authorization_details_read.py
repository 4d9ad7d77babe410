"""The whole authorization state of an account is read."""

from __future__ import annotations

from stratagem.emulate.techniques._contract import Command, Expected, Live, ScenarioEvent, Technique

PLUGIN = Technique(
    title="The whole authorization state of an account is read",
    attack=("T1069.003", "T1087.004"),
    platform="aws",
    describe="One call gives every user, group, role and policy of the account: the map for what comes next.",
    expected=(
        Expected(
            strategy="iam_authorization_details_read",
            rule="account_wide_read",
            entity="role/shop-web-irsa",
        ),
    ),
    events=(ScenarioEvent(base="aws_cloudtrail/get_account_authorization_details"),),
    live=Live(
        sandbox="aws",
        detonate=(Command(line="aws iam get-account-authorization-details --max-items 1"),),
    ),
)
