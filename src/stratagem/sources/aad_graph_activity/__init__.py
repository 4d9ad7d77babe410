"""Azure AD Graph activity: requests to graph.windows.net, the API before Microsoft Graph, which old tools still read.

The canonical shape is the diagnostic record; Log Analytics rows are brought to it. Derived fields are those of
Microsoft Graph activity, so that one condition serves both logs.
"""

from __future__ import annotations

from datetime import timedelta

from stratagem.sources import _azure
from stratagem.sources._contract import Labels, LogSource, Native, Source
from stratagem.sources._text import at, first_text, text
from stratagem.sources.aad_graph_activity.examples import EXAMPLES
from stratagem.sources.aad_graph_activity.fields import ALIASES, FIELDS, SHAPE
from stratagem.sources.graph_activity import DERIVED, columns

CATEGORY = SHAPE.category
TABLE = "aadgraphactivitylogs"


def recognise(record: Native) -> bool:
    """The category, or a Log Analytics row of the table."""
    return _azure.category_of(record) == CATEGORY.lower() or _azure.table_of(record) == TABLE


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


PLUGIN = Source(
    title="Azure AD Graph activity",
    vendor_page=(
        "https://learn.microsoft.com/azure/azure-monitor/reference/tables/aadgraphactivitylogs (read 2026-11-24)"
    ),
    enable=(
        "Add a tenant diagnostic setting that sends AzureADGraphActivityLogs to an event hub or a storage account "
        "(P1 or P2)."
    ),
    silent_gaps=(
        "Off until a diagnostic setting names it; Microsoft Graph activity has none of these requests.",
        "A tool may send every read as POST to $batch, with the user agent of a Windows component: the method and the "
        "agent prove nothing.",
        "There is no user name: join userId with the sign-in log.",
    ),
    logsources=(
        LogSource(product="azure", service="aadgraphactivitylogs"),
        LogSource(product="azure", service="azureadgraphactivitylogs"),
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
    # SignInActivityId may carry the padding of base64 that the sign-in's uniqueTokenIdentifier lacks.
    ocsf=columns.projection("Azure AD Graph", "graph.windows.net", f"rtrim({columns.SIGN_IN}, '=')"),
    columns=columns.STRUCTURE,
    lateness=timedelta(hours=2),
    examples=EXAMPLES,
    fields=FIELDS,
    derived=DERIVED,
    aliases=ALIASES,
)
