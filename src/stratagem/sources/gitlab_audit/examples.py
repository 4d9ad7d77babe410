"""Audit events of our own making, in the shapes of the file, the API and the stream."""

from __future__ import annotations

from typing import Any

from stratagem.sources._contract import Example
from stratagem.sources._samples import dump, lines

FILE = {
    "severity": "INFO",
    "time": "2026-11-20T10:00:01.123Z",
    "correlation_id": "01EXAMPLE0000000000000001",
    "author_id": 3,
    "author_name": "dev-bob",
    "entity_id": 12,
    "entity_type": "Project",
    "change": "visibility",
    "from": "Private",
    "to": "Public",
    "target_id": 12,
    "target_type": "Project",
    "target_details": "example/web",
}


def _stream(name: str, number: int, **details: Any) -> dict[str, Any]:
    return {
        "id": f"99999999-0000-4000-8000-0000000000{number:02}",
        "author_id": 3,
        "author_name": "dev-bob",
        "entity_id": 12,
        "entity_type": "Project",
        "entity_path": "example/web",
        "event_type": name,
        "created_at": f"2026-11-20T10:00:{number:02}.123Z",
        "ip_address": "203.0.113.7",
        "target_id": 40 + number,
        "target_type": "Ci::Variable",
        "target_details": "DEPLOY_KEY",
        "details": {
            "event_name": name,
            "author_name": "dev-bob",
            "author_class": "User",
            "target_id": 40 + number,
            "target_type": "Ci::Variable",
            "target_details": "DEPLOY_KEY",
            "ip_address": "203.0.113.7",
            "entity_path": "example/web",
            **details,
        },
    }


API = {
    "id": 501,
    "author_id": 1,
    "entity_id": 6,
    "entity_type": "Group",
    "event_name": "member_created",
    "details": {
        "event_name": "member_created",
        "add": "user_access",
        "as": "Owner",
        "author_name": "root",
        "author_class": "User",
        "target_id": 9,
        "target_type": "User",
        "target_details": "dev-eve",
        "ip_address": "203.0.113.7",
        "entity_path": "example",
    },
    "created_at": "2026-11-20T10:00:03.123Z",
}

RECORDS = {
    "visibility_in_the_file": FILE,
    "variable_created": _stream("ci_variable_created", 2, custom_message="Added ci variable"),
    "member_by_the_api": API,
    "failed_sign_in": {
        "id": 502,
        "author_id": -1,
        "entity_id": -1,
        "entity_type": "User",
        "details": {
            "failed_login": "STANDARD",
            "author_name": "dev-eve",
            "target_details": "dev-eve",
            "ip_address": "198.51.100.9",
        },
        "created_at": "2026-11-20T10:00:04.123Z",
    },
}
"""Name -> canonical record."""

EXAMPLES = (
    Example(name="lines", raw=lines(RECORDS.values()), records=len(RECORDS)),
    Example(name="api", raw=dump([API, RECORDS["failed_sign_in"]]), records=2),
)
