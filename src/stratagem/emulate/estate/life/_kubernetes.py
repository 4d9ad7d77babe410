"""Requests to an API server, as people and programs of the estate make them."""

from __future__ import annotations

from typing import Any

from stratagem.emulate._record import Changes
from stratagem.emulate.estate.cast import Person


def person(who: Person, *, kubectl: str = "v1.32.4") -> dict[str, Any]:
    """A developer or engineer with kubectl."""
    group = "platform-admins" if who.role in ("platform", "oncall") else f"{who.team}-developers"
    return {
        "user": {"username": who.mail, "uid": f"oidc:{who.login}", "groups": [group, "system:authenticated"]},
        "sourceIPs": [who.address],
        "userAgent": f"kubectl/{kubectl} (linux/amd64) kubernetes/59526cd",
    }


def account(namespace: str, name: str, agent: str, address: str) -> dict[str, Any]:
    """A program with a service account."""
    username = f"system:serviceaccount:{namespace}:{name}"
    return {
        "user": {
            "username": username,
            "groups": ["system:serviceaccounts", f"system:serviceaccounts:{namespace}", "system:authenticated"],
        },
        "sourceIPs": [address],
        "userAgent": agent,
    }


def merged(*parts: Changes) -> dict[str, Any]:
    """Changes one after the other; the last one wins."""
    found: dict[str, Any] = {}
    for part in parts:
        found.update(part)
    return found
