"""Audit records of our own making: protection bypassed, runners, secrets, Git, a sign-in, each shape."""

from __future__ import annotations

from typing import Any

from stratagem.sources._contract import Example
from stratagem.sources._samples import dump, lines


def _record(action: str, number: int, **more: Any) -> dict[str, Any]:
    """A complete record of dev-bob in example-org, with what `more` says otherwise."""
    return {
        "@timestamp": 1795168800000 + number * 1000,
        "_document_id": f"EXAMPLE{number:014}",
        "action": action,
        "actor": "dev-bob",
        "actor_id": 7001,
        "actor_ip": "203.0.113.7",
        "actor_is_bot": False,
        "actor_location": {"country_code": "DE"},
        "business": "example-enterprise",
        "business_id": 5001,
        "created_at": 1795168800000 + number * 1000,
        "operation_type": "modify",
        "org": "example-org",
        "org_id": 6001,
        "user_agent": "Mozilla/5.0 (X11; Linux x86_64)",
        **more,
    }


_REPO = {"repo": "example-org/web", "repo_id": 8001, "public_repo": False}
RECORDS = {
    "protection_bypassed": _record("protected_branch.policy_override", 1, **_REPO, branch="main"),
    "runner_registered": _record("repo.register_self_hosted_runner", 2, **_REPO, operation_type="create"),
    "secret_created": _record("org.create_actions_secret", 3, operation_type="create", name="DEPLOY_KEY"),
    "clone": _record(
        "git.clone",
        4,
        repository="example-org/web",
        repo_id=8001,
        hashed_token="EXAMPLEhash=",
        programmatic_access_type="Fine-grained personal access token",
        token_id=9001,
        transport_protocol_name="http",
        user_agent="git/2.47.0",
        operation_type="access",
    ),
    "team_member": _record("team.add_member", 5, team="example-org/platform", user="dana", user_id=7002),
    "failed_sign_in": _record("user.failed_login", 6, operation_type="authentication"),
    "run_by_an_app": _record(
        "workflows.completed_workflow_run",
        7,
        **_REPO,
        actor="deploy-bot[bot]",
        actor_id=7100,
        actor_is_bot=True,
        event="push",
        conclusion="success",
        head_branch="main",
        workflow_run_id=123456,
    ),
}
"""Name -> canonical record."""

_SERVER = {
    **{name: value for name, value in RECORDS["protection_bypassed"].items() if name not in ("repo", "repo_id")},
    "data": {"repo": "example-org/web", "repo_id": 8001},
}

EXAMPLES = (
    Example(name="stream", raw=lines(RECORDS.values()), records=len(RECORDS)),
    Example(name="rest_api", raw=dump(list(RECORDS.values())), records=len(RECORDS)),
    Example(
        name="enterprise_server_syslog",
        raw=b"<190>Nov 20 10:00:01 ghes.example.com github_audit: " + dump(_SERVER),
    ),
    Example(name="under_a_key", raw=dump({"integration": "github", "github": RECORDS["team_member"]})),
)
