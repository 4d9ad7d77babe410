"""Google Workspace audit: admin, login, user accounts, tokens, groups, drive and the other applications.

The canonical shape is the activity of the Reports API (`variants.py` brings the others to it). The same event can come
from two applications, and stays two events: rules ask for one application.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from stratagem.sources._contract import Derived, Labels, LogSource, Native, Source
from stratagem.sources._text import at, at_path, text
from stratagem.sources.google_workspace import activity, columns, variants
from stratagem.sources.google_workspace.examples import EXAMPLES
from stratagem.sources.google_workspace.fields import ALIASES, FIELDS

UID = ("id.time", "id.uniqueQualifier", "id.applicationName")


def recognise(record: Native) -> bool:
    """An activity, flattened or not, a row of the BigQuery export, or a LogEntry of Workspace's services."""
    return variants.is_activity(record) or variants.is_row(record) or variants.is_log_entry(record)


def is_canonical(head: Native) -> bool:
    """An activity of the Reports API; a name at the top is a flattened event's."""
    if head.get("kind") != variants.KIND or not isinstance(at(head, "id", "applicationName"), str):
        return False
    return "name" not in head and "type" not in head


def canonical(record: Native) -> tuple[Native, Labels]:
    """The activity of the Reports API. Raises Malformed where there is none."""
    made = record if is_canonical(record) else variants.activity(record)
    return made, Labels(tenant=text(at(made, "id", "customerId")))


def uid(head: Native) -> str | None:
    parts = [text(at_path(head, path)) for path in UID]
    return "/".join(part for part in parts if part) if all(parts) else None


def time(head: Native) -> str | None:
    return text(at(head, "id", "time"))


def _only(*applications: str) -> Callable[[Native], bool]:
    return lambda record: activity.application(record) in applications


APPLICATIONS = {
    "admin": ("admin",),
    "login": ("login",),
    "user_accounts": ("user_accounts",),
    "token": ("token",),
    "groups": ("groups", "groups_enterprise"),
    "saml": ("saml",),
    "drive": ("drive",),
}
"""Service of a Sigma logsource -> the applications that it means."""

LOGSOURCES = (
    LogSource(product="google_workspace", service="audit"),
    *(
        LogSource(product=product, service=service, only=_only(*applications))
        for name, applications in APPLICATIONS.items()
        for product, service in (("gcp", f"google_workspace.{name}"), ("google_workspace", name))
    ),
)

_EVENTS = ("events",)
_ACTOR = ("actor",)
_APPLICATION = ("id.applicationName",)

DERIVED = {
    "outcome": Derived(
        compute=activity.outcome,
        describe="success or failure of a login; unknown for everything else, because the log does not tell.",
        fields=("id.applicationName", "events"),
    ),
    "workspace.application": Derived(
        compute=activity.application, describe="The application: admin, login, token, ...", fields=_APPLICATION
    ),
    "workspace.service": Derived(
        compute=activity.service,
        describe="The service under whose name Cloud Logging has the application: admin.googleapis.com.",
        fields=_APPLICATION,
    ),
    "workspace.events": Derived(
        compute=activity.events,
        describe="Events with type, name and parameters as one object, parameter names in lower case.",
        fields=_EVENTS,
    ),
    "workspace.event_names": Derived(
        compute=activity.names, describe="Names of the activity's events.", fields=_EVENTS
    ),
    "workspace.parameters": Derived(
        compute=activity.parameters,
        describe="Parameters of each event as one object, names in lower case: workspace.parameters.api_name.",
        fields=_EVENTS,
    ),
    "workspace.actor": Derived(
        compute=activity.actor, describe="Address of who acted, else the profile id or a key.", fields=_ACTOR
    ),
    "workspace.actor_kind": Derived(
        compute=activity.actor_kind, describe="user, application or unknown.", fields=_ACTOR
    ),
    "workspace.client_ip": Derived(
        compute=activity.client_ip, describe="Client's address, where the event has one.", fields=("ipAddress",)
    ),
    "workspace.target_user": Derived(
        compute=activity.target_user, describe="Address of the user that it was done to.", fields=_EVENTS
    ),
    "workspace.group": Derived(compute=activity.group, describe="Address of the group.", fields=_EVENTS),
    "workspace.scopes": Derived(
        compute=activity.scopes, describe="OAuth scopes of a token event.", fields=_EVENTS, witnesses=("scope",)
    ),
}

PLUGIN = Source(
    title="Google Workspace audit",
    vendor_page="https://developers.google.com/admin-sdk/reports/v1/reference/activities (read 2026-11-24)",
    enable=(
        "Always on, kept for 180 days. Poll the Reports API for each application with hours of overlap, share the log "
        "with Google Cloud, or turn the BigQuery export on."
    ),
    silent_gaps=(
        "There is no outcome but a login's, and no user agent.",
        "The address is missing for licence events and for many group events.",
        "Reads of the directory through the API are not logged; only the token log shows which client called what.",
        "Drive and Gmail events depend on the edition.",
        "Events can come hours late, and in rare cases not at all.",
        "The same change comes from two applications (admin and groups_enterprise, login and user_accounts).",
    ),
    logsources=LOGSOURCES,
    order=35,
    recognise=recognise,
    canonical=canonical,
    is_canonical=is_canonical,
    head=("kind", "name", "type", *UID, "actor.email"),
    dispatch=("id.applicationName",),
    uid=uid,
    time=time,
    uid_fields=UID,
    time_fields=("id.time",),
    shape=("kind", "name", "type"),
    ocsf=columns.PROJECTION,
    columns=columns.STRUCTURE,
    lateness=timedelta(hours=24),
    examples=EXAMPLES,
    fields=FIELDS,
    derived=DERIVED,
    aliases=ALIASES,
)
