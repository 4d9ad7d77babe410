"""Audit records of our own making: a token, a run applied, a variable, an impersonated change."""

from __future__ import annotations

from typing import Any

from stratagem.sources._contract import Example
from stratagem.sources._samples import dump, lines


def _record(kind: str, action: str, number: int, meta: Any = None, **auth: Any) -> dict[str, Any]:
    return {
        "id": f"77777777-0000-4000-8000-0000000000{number:02}",
        "version": "0",
        "type": "Resource",
        "timestamp": f"2026-11-20T10:00:{number:02}.000Z",
        "auth": {
            "accessor_id": "user-EXAMPLEbob",
            "description": "dev-bob",
            "type": "Client",
            "impersonator_id": None,
            "organization_id": "org-EXAMPLE1",
            **auth,
        },
        "request": {"id": f"88888888-0000-4000-8000-0000000000{number:02}"},
        "resource": {"id": f"{kind[:2]}-EXAMPLE{number:02}", "type": kind, "action": action, "meta": meta},
    }


RECORDS = {
    "token_created": _record("authentication_token", "create", 1),
    "run_applied": _record("run", "apply", 2, {"workspace": "prod"}),
    "variable_updated": _record("var", "update", 3, {"key": "AWS_ROLE_ARN", "sensitive": False}),
    "impersonated": _record("workspace", "destroy", 4, type="Impersonated", impersonator_id="user-EXAMPLEroot"),
}
"""Name -> canonical record."""

EXAMPLES = (
    Example(
        name="audit_trail_answer",
        raw=dump({"data": list(RECORDS.values()), "pagination": {"current_page": 1, "total_pages": 1}}),
        records=len(RECORDS),
    ),
    Example(name="lines", raw=lines(RECORDS.values()), records=len(RECORDS)),
)
