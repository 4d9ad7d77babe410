"""Microsoft Graph activity: every request to Microsoft Graph, reads too; the only log of directory reads in Entra.

The canonical shape is the diagnostic record; Log Analytics rows are brought to it. SigmaHQ has no logsource for this
log: rules say `product: azure`, `service: microsoftgraphactivitylogs`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from stratagem.sources import _azure
from stratagem.sources._contract import Derived, Labels, LogSource, Native, Source
from stratagem.sources._text import at, first_text, text
from stratagem.sources.graph_activity import caller, columns, request
from stratagem.sources.graph_activity.examples import EXAMPLES
from stratagem.sources.graph_activity.fields import ALIASES, FIELDS, SHAPE

CATEGORY = "MicrosoftGraphActivityLogs"


def recognise(record: Native) -> bool:
    """The category, or a Log Analytics row of that table."""
    if _azure.category_of(record) == CATEGORY.lower():
        return True
    return record.get("Type") == CATEGORY and "RequestUri" in record


def is_canonical(head: Native) -> bool:
    """The category around an object `properties` with the method in it."""
    return head.get("category") == CATEGORY and isinstance(at(head, "properties", "requestMethod"), str)


def canonical(record: Native) -> tuple[Native, Labels]:
    """The diagnostic record. Raises Malformed where `properties` is text that is no object."""
    if is_canonical(record):
        return record, _azure.labels(record)
    made = _azure.diagnostic(record, SHAPE)
    made["category"] = CATEGORY
    _azure.put_default(made, "time", at(made, "properties", "timeGenerated"))
    return made, _azure.labels(made)


def uid(head: Native) -> str | None:
    return text(at(head, "properties", "requestId"))


def time(head: Native) -> str | None:
    return first_text(head.get("time"), at(head, "properties", "timeGenerated"))


def _part(name: str) -> Callable[[Native], str | None]:
    """A derived field that is one part of the request."""

    def compute(record: Native) -> str | None:
        parts = request.request(record)
        return None if parts is None else text(getattr(parts, name))

    return compute


def _words(name: str) -> Callable[[Native], list[str] | None]:
    def compute(record: Native) -> list[str] | None:
        return caller.words(record, name)

    return compute


_URI: dict[str, Any] = {"fields": ("properties.requestUri",)}

DERIVED = {
    "outcome": Derived(
        compute=caller.outcome,
        describe="success (below 400), denied (401, 403), failure or unknown.",
        fields=("properties.responseStatusCode", "resultSignature"),
    ),
    "graph.path": Derived(
        compute=_part("path"),
        describe="Path without version, doubled slashes and trailing slash; /users('x') is /users/x.",
        **_URI,
    ),
    "graph.template": Derived(
        compute=_part("template"), describe="The path with ids replaced: /groups/{id}/members.", **_URI
    ),
    "graph.version": Derived(compute=_part("version"), describe="v1.0 or beta.", **_URI),
    "graph.host": Derived(compute=_part("host"), describe="Host of the request.", **_URI),
    "graph.query": Derived(compute=_part("query"), describe="The query, decoded: $top=999&$select=id.", **_URI),
    "graph.collection": Derived(
        compute=request.collection,
        describe="What is asked for: users, groups, group_members, member_of, directory_roles, role_management, ...",
        **_URI,
    ),
    "graph.page_size": Derived(compute=request.page_size, describe="$top of the query.", **_URI),
    "graph.is_next_page": Derived(
        compute=request.is_next_page,
        describe="The request goes on with a listing ($skiptoken, $skip).",
        fields=("properties.requestUri",),
    ),
    "graph.actor": Derived(
        compute=caller.actor,
        describe="Object id of the user, else of the service principal.",
        fields=("properties.userId", "properties.servicePrincipalId", "properties.appId"),
    ),
    "graph.actor_kind": Derived(
        compute=caller.actor_kind,
        describe="user (delegated), application (app-only) or unknown.",
        fields=("properties.userId", "properties.servicePrincipalId"),
    ),
    "graph.session": Derived(
        compute=caller.session, describe="Session id (sessionId or c_Sid).", fields=("properties",)
    ),
    "graph.auth_method": Derived(
        compute=caller.auth_method,
        describe="public, secret or certificate.",
        fields=("properties.clientAuthMethod",),
    ),
    "graph.scopes": Derived(
        compute=_words("scopes"), describe="Delegated permissions as a list.", fields=("properties.scopes",)
    ),
    "graph.roles": Derived(
        compute=_words("roles"), describe="Application permissions as a list.", fields=("properties.roles",)
    ),
    "graph.wids": Derived(
        compute=_words("wids"),
        describe="Directory roles of the user as a list of template ids.",
        fields=("properties.wids",),
    ),
}

PLUGIN = Source(
    title="Microsoft Graph activity",
    vendor_page="https://learn.microsoft.com/graph/microsoft-graph-activity-logs-overview (read 2026-11-22)",
    enable="Add a tenant diagnostic setting that sends MicrosoftGraphActivityLogs to an event hub (P1 or P2).",
    silent_gaps=(
        "Off until a diagnostic setting names it; nothing else logs reads of the directory.",
        "Requests to graph.windows.net, Exchange Web Services, SharePoint REST and ARM are not here.",
        "There is no user name: join userId with the sign-in log.",
    ),
    logsources=(
        LogSource(product="azure", service="microsoftgraphactivitylogs"),
        LogSource(product="azure", service="graphactivity"),
    ),
    order=90,
    recognise=recognise,
    canonical=canonical,
    is_canonical=is_canonical,
    head=(
        "category",
        "resultSignature",
        "time",
        "properties.requestId",
        "properties.requestMethod",
        "properties.timeGenerated",
    ),
    dispatch=("properties.requestMethod", "resultSignature"),
    uid=uid,
    time=time,
    uid_fields=("properties.requestId",),
    time_fields=("time", "properties.timeGenerated"),
    shape=("category",),
    labels=_azure.labels,
    label_fields=_azure.LABEL_FIELDS,
    ocsf=columns.PROJECTION,
    columns=columns.STRUCTURE,
    lateness=timedelta(hours=2),
    shared=frozenset(
        {
            "callerIpAddress",
            "category",
            "properties.appId",
            "properties.ipAddress",
            "properties.requestMethod",
            "properties.servicePrincipalId",
            "properties.signInActivityId",
            "properties.userAgent",
            "properties.userId",
            "resultSignature",
            "tenantId",
        }
    ),
    examples=EXAMPLES,
    fields=FIELDS,
    derived=DERIVED,
    aliases=ALIASES,
)
