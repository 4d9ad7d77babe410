"""Requests of our own making: a page, a password reset for two addresses, a call of the API with a token."""

from __future__ import annotations

from typing import Any

from stratagem.sources._contract import Example
from stratagem.sources._samples import lines


def _request(number: int, method: str, path: str, status: int, **members: Any) -> dict[str, Any]:
    return {
        "method": method,
        "path": path,
        "status": status,
        "params": [],
        "remote_ip": "203.0.113.7",
        "ua": "Mozilla/5.0",
        "correlation_id": f"01EXAMPLE{number}",
        "duration_s": 0.0454,
        "time": f"2026-11-20T10:00:{number:02}.156Z",
        **members,
    }


RECORDS = {
    "page": _request(
        1,
        "GET",
        "/shop/web/-/issues/1",
        200,
        format="html",
        controller="Projects::IssuesController",
        action="show",
        user_id=2,
        username="dana",
    ),
    "password_reset": _request(
        2,
        "POST",
        "/users/password",
        302,
        format="html",
        controller="PasswordsController",
        action="create",
        user_id=None,
        username=None,
        params=[
            {"key": "authenticity_token", "value": "[FILTERED]"},
            {"key": "user", "value": {"email": ["dana@example.com", "eve@example.net"]}},
        ],
    ),
    "api": _request(
        3,
        "GET",
        "/api/v4/projects/9/repository/archive",
        403,
        route="/api/:version/projects/:id/repository/archive",
        host="gitlab.example.com",
        severity="INFO",
        token_type="PersonalAccessToken",
        token_id=7,
    )
    | {"meta.user": "ci-bot", "meta.project": "shop/web", "meta.caller_id": "/api/:version/projects"},
}
"""Name -> canonical record."""

EXAMPLES = (Example(name="lines", raw=lines(RECORDS.values()), records=len(RECORDS)),)
