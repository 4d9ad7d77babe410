"""Webhooks of our own making: a push that changes a workflow, a fork's run, a job, a pull request and talk about it."""

from __future__ import annotations

from typing import Any

from stratagem.sources._contract import Example
from stratagem.sources._samples import dump, lines

_OWNER = {"login": "example-org", "id": 6001, "type": "Organization"}
_REPOSITORY = {
    "id": 8001,
    "name": "web",
    "full_name": "example-org/web",
    "private": True,
    "fork": False,
    "default_branch": "main",
    "owner": _OWNER,
    "pushed_at": "2026-11-20T09:59:00Z",
}
_SENDER = {"login": "contractor7", "id": 7007, "type": "User"}
_AUTHOR = {"name": "contractor7", "email": "contractor7@example.com", "username": "contractor7"}
_COMMIT = {
    "id": "0a" * 20,
    "message": "ci: speed up",
    "timestamp": "2026-11-20T11:00:00+01:00",
    "author": _AUTHOR,
    "committer": _AUTHOR,
    "added": [],
    "modified": [".github/workflows/build.yml"],
    "removed": ["Dockerfile"],
}


def _body(**members: Any) -> dict[str, Any]:
    return {**members, "repository": _REPOSITORY, "organization": _OWNER, "sender": _SENDER}


PUSH = {
    **_body(
        ref="refs/heads/main",
        before="0b" * 20,
        after="0a" * 20,
        forced=False,
        created=False,
        deleted=False,
        pusher={"name": "contractor7", "email": "contractor7@example.com"},
        commits=[_COMMIT],
        head_commit=_COMMIT,
    ),
    "repository": {**_REPOSITORY, "pushed_at": 1795168800},
}
RUN = _body(
    action="completed",
    workflow_run={
        "id": 123456,
        "name": "build",
        "path": ".github/workflows/build.yml",
        "event": "pull_request_target",
        "status": "completed",
        "conclusion": "success",
        "run_attempt": 1,
        "head_branch": "feature",
        "head_sha": "0c" * 20,
        "head_repository": {"id": 8100, "full_name": "stranger/web", "fork": True},
        "pull_requests": [],
        "created_at": "2026-11-20T10:00:00Z",
        "updated_at": "2026-11-20T10:05:00Z",
        "html_url": "https://github.com/example-org/web/actions/runs/123456",
    },
)
JOB = _body(
    action="in_progress",
    workflow_job={
        "id": 654321,
        "run_id": 123456,
        "name": "test",
        "status": "in_progress",
        "conclusion": None,
        "labels": ["self-hosted"],
        "runner_name": "runner-1",
        "runner_group_name": "Default",
        "head_branch": "feature",
        "started_at": "2026-11-20T10:01:00Z",
        "steps": [],
        "html_url": "https://github.com/example-org/web/actions/runs/123456/job/654321",
    },
)
_PULL = {
    "id": 111,
    "number": 5,
    "state": "open",
    "title": "Faster builds",
    "user": _SENDER,
    "head": {"ref": "feature", "repo": {"full_name": "example-org/web", "fork": False}},
    "base": {"ref": "main", "repo": {"full_name": "example-org/web", "fork": False}},
    "created_at": "2026-11-20T09:50:00Z",
    "updated_at": "2026-11-20T10:02:00Z",
    "html_url": "https://github.com/example-org/web/pull/5",
}
PULL = _body(action="opened", number=5, pull_request=_PULL)
REVIEW = _body(
    action="submitted",
    review={"id": 222, "state": "approved", "user": _SENDER, "submitted_at": "2026-11-20T10:03:00Z", "body": None},
    pull_request=_PULL,
)
COMMENT = _body(
    action="created",
    issue={"id": 333, "number": 5, "state": "open", "title": "Faster builds", "updated_at": "2026-11-20T10:04:00Z"},
    comment={
        "id": 444,
        "body": "/run",
        "user": _SENDER,
        "html_url": "https://github.com/example-org/web/issues/5#issuecomment-444",
        "created_at": "2026-11-20T10:04:00Z",
        "updated_at": "2026-11-20T10:04:00Z",
    },
)

RECORDS = {"push": PUSH, "fork_run": RUN, "job": JOB, "pull_request": PULL, "review": REVIEW, "comment": COMMENT}
"""Name -> canonical record."""

EXAMPLES = (
    Example(name="lines", raw=lines(RECORDS.values()), records=len(RECORDS)),
    Example(
        name="with_headers",
        raw=dump({"headers": {"X-GitHub-Event": "push", "X-GitHub-Delivery": "EXAMPLE"}, "body": PUSH}),
    ),
    Example(name="body_as_text", raw=dump({"headers": {}, "body": dump(RUN).decode()})),
)
