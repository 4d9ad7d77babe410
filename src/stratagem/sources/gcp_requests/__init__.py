"""Google Cloud request logs: of HTTP load balancers with Cloud Armor and Identity-Aware Proxy, and of Cloud Run.

The canonical shape is the LogEntry as Cloud Logging writes it; keys in lower case and times of BigQuery come to it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from stratagem.sources import _google
from stratagem.sources._contract import Derived, Labels, LogSource, Malformed, Native, Source
from stratagem.sources._http import host_of, outcome, path_of, query_of
from stratagem.sources._text import at, first_text, text
from stratagem.sources.gcp_requests import columns
from stratagem.sources.gcp_requests.examples import EXAMPLES
from stratagem.sources.gcp_requests.fields import ALIASES, FIELDS

BALANCERS = frozenset({"http_load_balancer", "http_external_regional_lb_rule", "internal_http_lb_rule"})
OTHERS = frozenset({"cloud_run_revision", "gae_app", "api"})
"""Types of resource whose requests are read."""


def recognise(record: Native) -> bool:
    """A request to a resource of one of the types."""
    if "httpRequest" not in record and "httprequest" not in record:
        return False
    return _is_of(at(record, "resource", "type"), record.get("logName", record.get("logname")))


def _is_of(kind: Any, log: Any) -> bool:
    """Load balancers log nothing but requests; the others have a log of that name beside more."""
    return isinstance(kind, str) and (kind in BALANCERS or (kind in OTHERS and _is_log(log)))


def _is_log(name: Any) -> bool:
    return isinstance(name, str) and name.endswith(("/requests", "%2Frequests", "%2Frequest_log"))


def is_canonical(head: Native) -> bool:
    """A log of requests of a resource, with the method."""
    if not _is_of(at(head, "resource", "type"), head.get("logName")):
        return False
    return isinstance(at(head, "httpRequest", "requestMethod"), str)


def canonical(record: Native) -> tuple[Native, Labels]:
    """The LogEntry. Raises Malformed where the request has no method."""
    made = record if is_canonical(record) else _google.entry_of(record)
    if not is_canonical(made):
        raise Malformed("httpRequest has no requestMethod")
    return made, labels(made)


def labels(record: Native) -> Labels:
    told = at(record, "resource", "labels")
    region = first_text(at(told, "location"), at(told, "zone"))
    return Labels(account=text(at(told, "project_id")), region=None if region == "global" else region)


def uid(head: Native) -> str | None:
    return text(head.get("insertId"))


def time(head: Native) -> str | None:
    return text(head.get("timestamp"))


def _of_url(part: Any) -> Any:
    return lambda record: part(at(record, "httpRequest", "requestUrl"))


_URL = ("httpRequest.requestUrl",)

DERIVED = {
    "outcome": Derived(
        compute=lambda record: outcome(at(record, "httpRequest", "status")),
        describe="success (below 400), denied (401, 403), failure or unknown.",
        fields=("httpRequest.status",),
    ),
    "http.path": Derived(compute=_of_url(path_of), describe="Path of the URL.", fields=_URL),
    "http.query": Derived(compute=_of_url(query_of), describe="Query of the URL.", fields=_URL),
    "http.host": Derived(compute=_of_url(host_of), describe="Host of the URL, without port.", fields=_URL),
}

PLUGIN = Source(
    title="Google Cloud request logs",
    vendor_page="https://cloud.google.com/load-balancing/docs/https/https-logging-monitoring",
    enable=(
        "Turn on logging, with a sample rate of 1, for each backend service; Cloud Run logs requests by itself. Export "
        "them with a log sink."
    ),
    silent_gaps=(
        "Logging is off for a backend service until enabled, and its sample rate drops the rest without a trace.",
        "The default sink keeps these logs for 30 days.",
        "Requests that Identity-Aware Proxy or Cloud Armor stop have no latency of a backend.",
    ),
    logsources=(
        LogSource(product="gcp", service="http_load_balancer"),
        LogSource(product="gcp", service="requests"),
        LogSource(product="gcp", service="http_load_balancer", category="webserver"),
    ),
    order=86,
    recognise=recognise,
    canonical=canonical,
    is_canonical=is_canonical,
    head=("httpRequest.requestMethod", "resource.type", "logName", "insertId", "timestamp"),
    dispatch=("httpRequest.requestMethod", "resource.type"),
    uid=uid,
    time=time,
    uid_fields=("insertId",),
    time_fields=("timestamp",),
    shape=("logName",),
    labels=labels,
    label_fields=("resource.labels.project_id", "resource.labels.location", "resource.labels.zone"),
    ocsf=columns.PROJECTION,
    columns=columns.STRUCTURE,
    lateness=timedelta(hours=1),
    shared=frozenset({"httpRequest.remoteIp", "httpRequest.requestMethod", "httpRequest.userAgent", "resource.type"}),
    examples=EXAMPLES,
    fields=FIELDS,
    derived=DERIVED,
    aliases=ALIASES,
)
