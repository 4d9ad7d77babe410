"""GitHub webhooks: pushes with the files that they change, workflow runs and jobs, pull requests, reviews, comments.

The canonical shape is the request's body. Its kind stands in a header that no body repeats, so it is read off the
members that only that kind has; where a body tells no time of its own, it has no event time.
Source: https://docs.github.com/webhooks/webhook-events-and-payloads, read 2026-11-24.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from stratagem.sources._contract import NO_LABELS, Derived, Labels, LogSource, Native, Source
from stratagem.sources._text import at, first_at, first_text, joined, text
from stratagem.sources.github_webhook import columns, reading
from stratagem.sources.github_webhook.examples import EXAMPLES
from stratagem.sources.github_webhook.fields import ALIASES, FIELDS
from stratagem.sources.github_webhook.reading import SPECIFIC

_IDS = tuple(
    f"{member}.id" for member in ("workflow_run", "workflow_job", "pull_request", "review", "comment", "issue")
)
_PUSHED = ("repository.pushed_at", "head_commit.timestamp")
TIME = (*SPECIFIC, *_PUSHED)
UID = (
    "repository.full_name",
    "ref",
    "before",
    "after",
    "action",
    "workflow_run.run_attempt",
    *_IDS,
    *SPECIFIC,
    *_PUSHED,
)
SHAPE = ("ref", *reading.MARKS)


def recognise(record: Native) -> bool:
    """A repository beside a pushed reference or a member of a known kind."""
    return isinstance(at(record, "repository", "full_name"), str) and reading.kind(record) is not None


def is_canonical(head: Native) -> bool:
    """A pushed reference, or a kind's mark."""
    return isinstance(at(head, "repository", "full_name"), str) and reading.is_told(head)


def canonical(record: Native) -> tuple[Native, Labels]:
    """The body as it is, with its owner as the account."""
    owner = first_text(at(record, "organization", "login"), at(record, "repository", "owner", "login"))
    name = text(at(record, "repository", "full_name"))
    account = owner or (name.partition("/")[0] if name else None)
    return record, Labels(account=account) if account else NO_LABELS


def uid(head: Native) -> str | None:
    """Repository, commits and numbers with their times: the delivery's id stands in a header."""
    return joined(head, UID)


def time(head: Native) -> Any:
    """The kind's own time; of a push the server's, and the author's claim only where that is absent."""
    paths = TIME if text(head.get("ref")) else SPECIFIC
    return first_at(head, paths)


DERIVED = {
    "github.event": Derived(
        compute=reading.kind,
        describe="Kind of the webhook: push, workflow_run, workflow_job, pull_request, ...",
        fields=("ref", "workflow_run", "workflow_job", "pull_request", "review", "comment", "issue"),
    ),
    "github.repository": Derived(
        compute=lambda record: text(at(record, "repository", "full_name")),
        describe="owner/name.",
        fields=("repository.full_name",),
    ),
    "github.actor": Derived(
        compute=reading.actor, describe="Account that acted.", fields=("sender.login", "pusher.name")
    ),
    "github.files": Derived(
        compute=reading.files,
        describe="Files that the push adds, changes or removes, each once.",
        fields=("commits.added", "commits.modified", "commits.removed"),
        witnesses=("commits",),
    ),
    "github.branch": Derived(
        compute=reading.branch, describe="Branch that was pushed to, or that a run is of.", fields=("ref",)
    ),
    "github.is_default_branch": Derived(
        compute=reading.is_default_branch,
        describe="Was the default branch pushed to.",
        fields=("ref", "repository.default_branch"),
        witnesses=("default_branch",),
    ),
    "github.authors": Derived(
        compute=reading.authors,
        describe="Mail addresses of the authors and committers, as they claim.",
        fields=("commits.author.email", "commits.committer.email"),
        witnesses=("commits",),
    ),
    "github.from_fork": Derived(
        compute=reading.from_fork,
        describe="Does the code of a run or a pull request come from another repository.",
        fields=("workflow_run.head_repository", "pull_request.head.repo"),
        witnesses=("workflow_run", "pull_request"),
    ),
}

PLUGIN = Source(
    title="GitHub webhooks",
    vendor_page="https://docs.github.com/webhooks/webhook-events-and-payloads (read 2026-11-24)",
    enable="Add a webhook to the organisation, with a secret, for pushes, pull requests, workflow runs and jobs.",
    silent_gaps=(
        "A push of more than 2,048 commits lists only these, and a commit lists no more than 3,000 files.",
        "Author and committer are what the client claims; only the sender was authenticated.",
        "Kinds whose body has no time of its own (member, public, ...) are quarantined: the audit log has them.",
        "Deliveries that failed are not repeated by GitHub.",
    ),
    logsources=(LogSource(product="github", service="webhook"),),
    order=180,
    recognise=recognise,
    canonical=canonical,
    is_canonical=is_canonical,
    head=tuple(dict.fromkeys(("repository.full_name", *SHAPE, *UID))),
    dispatch=("action", "ref"),
    uid=uid,
    time=time,
    uid_fields=UID,
    uid_gaps=True,
    time_fields=TIME,
    time_only_with=dict.fromkeys(_PUSHED, "ref"),
    time_numbers=True,
    shape=("repository.full_name", *reading.MARKS),
    ocsf=columns.PROJECTION,
    columns=columns.STRUCTURE,
    lateness=timedelta(hours=24),
    examples=EXAMPLES,
    fields=FIELDS,
    derived=DERIVED,
    aliases=ALIASES,
)
