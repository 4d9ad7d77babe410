"""What a webhook's body says: its kind, its files, branch, authors, and whether the code is a stranger's."""

from __future__ import annotations

from stratagem.sources._contract import Native
from stratagem.sources._text import at, first_text, objects, text, texts

SPECIFIC = (
    *("workflow_job.completed_at", "workflow_job.started_at", "workflow_run.updated_at", "review.submitted_at"),
    *("comment.updated_at", "comment.created_at", "issue.updated_at", "issue.created_at"),
    *("pull_request.updated_at", "pull_request.created_at"),
)
"""Where the kinds have their time; a comment's before that of what it is on."""

MARKS = (
    *("workflow_run.event", "workflow_job.status", "review.state", "comment.html_url", "issue.state"),
    *("pull_request.state", "pusher.name"),
)
"""A member of each kind."""

_KINDS = ("workflow_job", "workflow_run", "review", "comment", "issue", "pull_request")
_NAMES = {"review": "pull_request_review", "issue": "issues"}
_BRANCH = "refs/heads/"


def kind(record: Native) -> str | None:
    """The name that GitHub's header gives the kind."""
    if text(record.get("ref")):
        if text(record.get("ref_type")):
            return "create_or_delete"
        if any(name in record for name in ("commits", "pusher", "before", "after")):
            return "push"
    found = next((name for name in _KINDS if isinstance(record.get(name), dict)), None)
    if found == "comment":
        on = "issue_comment" if "issue" in record else "pull_request_review_comment"
        return on if "issue" in record or "pull_request" in record else "commit_comment"
    return _NAMES.get(found, found) if found else None


def is_told(head: Native) -> bool:
    """Does a head show the kind: a pusher beside a reference, or a mark."""
    if text(head.get("ref")) and text(at(head, "pusher", "name")):
        return True
    return any(text(at(head, *path.split("."))) is not None for path in MARKS if not path.startswith("pusher"))


def actor(record: Native) -> str | None:
    return first_text(at(record, "sender", "login"), at(record, "pusher", "name"))


def files(record: Native) -> list[str] | None:
    found = (
        path
        for commit in objects(record.get("commits"))
        for member in ("added", "modified", "removed")
        for path in texts(commit.get(member))
    )
    return list(dict.fromkeys(found)) or None


def branch(record: Native) -> str | None:
    ref = text(record.get("ref"))
    if ref:
        return ref.removeprefix(_BRANCH) if ref.startswith(_BRANCH) else None
    return first_text(at(record, "workflow_run", "head_branch"), at(record, "workflow_job", "head_branch"))


def is_default_branch(record: Native) -> bool | None:
    ref, default = text(record.get("ref")), text(at(record, "repository", "default_branch"))
    return ref == _BRANCH + default if ref and default else None


def authors(record: Native) -> list[str] | None:
    found = (
        email
        for commit in objects(record.get("commits"))
        for who in ("author", "committer")
        if (email := text(at(commit, who, "email")))
    )
    return list(dict.fromkeys(found)) or None


def from_fork(record: Native) -> bool | None:
    """The head repository is a fork, or another than the one that the event is of."""
    here = at(record, "repository", "full_name")
    if isinstance(record.get("workflow_run"), dict):
        heads = [at(record, "workflow_run", "head_repository")]
        heads += [at(pull, "head", "repo") for pull in objects(at(record, "workflow_run", "pull_requests"))]
    elif isinstance(record.get("pull_request"), dict):
        heads = [at(record, "pull_request", "head", "repo")]
    else:
        return None
    told = [head for head in heads if isinstance(head, dict)]
    return any(head.get("fork") is True or head.get("full_name", here) != here for head in told) if told else None
