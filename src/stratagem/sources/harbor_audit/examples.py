"""Audit records of our own making: a push, a pull by a robot, a sign-in that failed, a user, the older log."""

from __future__ import annotations

from typing import Any

from stratagem.sources._contract import Example
from stratagem.sources._samples import dump, lines


def _record(number: int, user: str, kind: str, operation: str, resource: str, **more: Any) -> dict[str, Any]:
    return {
        "id": 900 + number,
        "username": user,
        "resource": resource,
        "resource_type": kind,
        "operation": operation,
        "op_time": f"2026-11-20T10:00:{number:02}.123Z",
        **more,
    }


RECORDS = {
    "artifact_created": _record(
        1,
        "dev-bob",
        "artifact",
        "create",
        "prod/web:1.4.2",
        operation_description="push artifact",
        operation_result=True,
    ),
    "pull_by_robot": _record(2, "robot$prod+scanner", "artifact", "pull", "prod/web@sha256:" + "ab" * 32),
    "sign_in_failed": _record(
        3, "admin", "user", "login", "admin", operation_description="login", operation_result=False
    ),
    "user_created": _record(
        4, "admin", "user", "create", "dev-eve", operation_description="create user", operation_result=True
    ),
    "project_deleted": _record(5, "admin", "project", "delete", "prod"),
}
"""Name -> canonical record."""

EXAMPLES = (
    Example(name="api", raw=dump(list(RECORDS.values())), records=len(RECORDS)),
    Example(name="lines", raw=lines(RECORDS.values()), records=len(RECORDS)),
)
