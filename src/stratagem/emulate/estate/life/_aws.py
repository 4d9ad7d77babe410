"""Callers of AWS, as CloudTrail names them."""

from __future__ import annotations

from typing import Any


def role(account: str, name: str, session: str, address: str, *, path: str = "") -> dict[str, Any]:
    """A session of a role."""
    short = f"AROA{name.upper().replace('-', '').replace('_', '')[:10]}EXAMPLE"
    return {
        "userIdentity": {
            "type": "AssumedRole",
            "principalId": f"{short}:{session}",
            "arn": f"arn:aws:sts::{account}:assumed-role/{name}/{session}",
            "accountId": account,
            "sessionContext": {
                "sessionIssuer": {
                    "type": "Role",
                    "principalId": short,
                    "arn": f"arn:aws:iam::{account}:role/{path}{name}",
                    "accountId": account,
                    "userName": name,
                }
            },
        },
        "sourceIPAddress": address,
        "recipientAccountId": account,
    }
