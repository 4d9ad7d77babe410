"""GitLab request logs: of the web interface (production_json.log) and of the API (api_json.log) of one's own GitLab.

Both are one request a record. The API's log writes who asked under keys with dots (`meta.user`).
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from stratagem.sources._contract import NO_LABELS, Derived, Labels, LogSource, Malformed, Native, Source
from stratagem.sources._http import outcome
from stratagem.sources._text import first_text, joined, objects, text
from stratagem.sources.gitlab_requests import columns
from stratagem.sources.gitlab_requests.examples import EXAMPLES
from stratagem.sources.gitlab_requests.fields import ALIASES, FIELDS

UID = ("correlation_id", "time", "method", "path")


def recognise(record: Native) -> bool:
    """A method with Rails' controller and action, or with a route of GitLab's API."""
    return is_canonical(record)


def is_canonical(head: Native) -> bool:
    if not isinstance(head.get("method"), str):
        return False
    route = head.get("route")
    if isinstance(route, str) and route.startswith("/api/"):
        return True
    if not isinstance(head.get("format"), str):
        return False
    cached = isinstance(head.get("etag_route"), str)  # answered before a controller was asked
    return cached or all(isinstance(head.get(name), str) for name in ("controller", "action"))


def canonical(record: Native) -> tuple[Native, Labels]:
    """The record as it is. Raises Malformed where it is no request."""
    if not is_canonical(record):
        raise Malformed("method, or controller and route, are missing")
    return record, NO_LABELS


def uid(head: Native) -> str | None:
    """The correlation id is that of all records that one request leads to."""
    return joined(head, UID)


def time(head: Native) -> str | None:
    return text(head.get("time"))


def user(record: Native) -> str | None:
    """Who asked: the web's `username`, the API's `meta.user`."""
    return first_text(record.get("username"), record.get("meta.user"), record.get("meta.username"))


def params(record: Native) -> list[str] | None:
    """The request's parameters as `name=value`; values that are objects stand as they are written in Python."""
    told = [f"{each.get('key')}={each.get('value')}" for each in objects(record.get("params"))]
    return told or None


DERIVED = {
    "outcome": Derived(
        compute=lambda record: outcome(record.get("status")),
        describe="success (below 400), denied (401, 403), failure or unknown.",
        fields=("status",),
    ),
    "gitlab.user": Derived(
        compute=user, describe="Who asked, of either log.", fields=("username", "meta.user", "meta.username")
    ),
    "gitlab.params": Derived(
        compute=params, describe="The request's parameters as name=value.", fields=("params",), witnesses=("params",)
    ),
    "gitlab.operation": Derived(
        compute=lambda record: first_text(record.get("route"), _action(record), record.get("etag_route")),
        describe="Route of the API, controller#action, or the route of a cached answer.",
        fields=("route", "controller", "action", "etag_route"),
    ),
}


def _action(record: Native) -> Any:
    controller, action = text(record.get("controller")), text(record.get("action"))
    return f"{controller}#{action}" if controller and action else None


PLUGIN = Source(
    title="GitLab request logs",
    vendor_page="https://docs.gitlab.com/administration/logs/",
    enable="Ship production_json.log and api_json.log of each Rails node (on Kubernetes: the webservice pods' output).",
    silent_gaps=(
        "GitLab.com has no request logs for its customers.",
        "Git over SSH is in gitlab-shell's log; these have its internal calls alone.",
        "Behind a proxy that is not trusted remote_ip is the proxy's.",
        "Secrets among the parameters are [FILTERED]; parameters of Git itself are absent.",
    ),
    logsources=(
        LogSource(product="gitlab", service="production"),
        LogSource(product="gitlab", service="api"),
        LogSource(product="gitlab", service="production", category="webserver"),
    ),
    order=224,
    recognise=recognise,
    canonical=canonical,
    is_canonical=is_canonical,
    head=("method", "controller", "action", "format", "route", "etag_route", "correlation_id", "time", "path"),
    dispatch=("controller", "action", "route", "method"),
    uid=uid,
    time=time,
    uid_fields=UID,
    uid_gaps=True,
    time_fields=("time",),
    shape=("format", "etag_route"),
    labels=lambda _: NO_LABELS,
    ocsf=columns.PROJECTION,
    columns=columns.STRUCTURE,
    lateness=timedelta(hours=1),
    shared=frozenset({"action", "controller", "method", "remote_ip", "route", "ua"}),
    examples=EXAMPLES,
    fields=FIELDS,
    derived=DERIVED,
    aliases=ALIASES,
)
