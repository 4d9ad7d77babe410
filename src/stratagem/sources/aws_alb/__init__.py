"""AWS Elastic Load Balancing access logs: requests to application and classic load balancers, and TLS connections to
network load balancers.

The canonical shape is a JSON object with the columns by AWS's names for Athena; text lines and exports come to it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from stratagem.sources._contract import Derived, Labels, LogSource, Malformed, Native, Source
from stratagem.sources._http import host_of, outcome, path_of, query_of
from stratagem.sources._network import whole
from stratagem.sources._text import joined, text
from stratagem.sources.aws_alb import columns
from stratagem.sources.aws_alb.examples import EXAMPLES
from stratagem.sources.aws_alb.fields import ALIASES, FIELDS, KIND, KINDS, NUMBERS
from stratagem.sources.aws_alb.layout import layout

UID = ("trace_id", "time", "client_ip", "client_port", "request_url")


def recognise(record: Native) -> bool:
    """The mark of a canonical record, or the columns that only such a row of Athena has together."""
    if record.get(KIND) == KINDS:
        return True
    return "elb" in record and "elb_status_code" in record and ("request_url" in record or "request_verb" in record)


def is_canonical(head: Native) -> bool:
    return head.get(KIND) == KINDS and isinstance(head.get("elb"), str)


def canonical(record: Native) -> tuple[Native, Labels]:
    """The record under AWS's names. Raises Malformed where a number is none, or no load balancer is named."""
    if is_canonical(record):
        return record, labels(record)
    if not isinstance(record.get("elb"), str):
        raise Malformed("elb is missing")
    made: dict[str, Any] = {KIND: KINDS}
    for name, value in record.items():
        if name == KIND or value is None or value in ("-", ""):
            continue
        if name in NUMBERS:
            number = whole(value)
            if number is None:
                raise Malformed(f"{name} is no whole number")
            made[name] = number
        else:
            made[name] = value
    return made, labels(made)


def labels(record: Native) -> Labels:
    """The account and region of the target group, or of the certificate."""
    for name in ("target_group_arn", "chosen_cert_arn"):
        parts = (text(record.get(name)) or "").split(":")
        if len(parts) > 5 and parts[0] == "arn":
            return Labels(account=parts[4] or None, region=parts[3] or None)
    return Labels()


def uid(head: Native) -> str | None:
    return joined(head, UID)


def time(head: Native) -> str | None:
    return text(head.get("time"))


_URL = ("request_url",)

DERIVED = {
    "outcome": Derived(
        compute=lambda record: outcome(record.get("elb_status_code")),
        describe="success (below 400), denied (401, 403), failure or unknown.",
        fields=("elb_status_code",),
    ),
    "http.path": Derived(
        compute=lambda record: path_of(record.get("request_url")), describe="Path of the URL.", fields=_URL
    ),
    "http.query": Derived(
        compute=lambda record: query_of(record.get("request_url")), describe="Query of the URL.", fields=_URL
    ),
    "http.host": Derived(
        compute=lambda record: host_of(record.get("request_url")),
        describe="Host of the URL, without port.",
        fields=_URL,
    ),
}

PLUGIN = Source(
    title="AWS Elastic Load Balancing access logs",
    vendor_page="https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html",
    enable="Turn on access logs for each load balancer, to a bucket that Elastic Load Balancing may write to.",
    silent_gaps=(
        "Off until enabled, for each load balancer; delivery is best effort, every 5 minutes.",
        "Requests that are malformed have no request line; health checks are not logged.",
        "Account and region stand in the name of the file, and here only where a target group or certificate is named.",
        "Behind CloudFront the client is CloudFront: X-Forwarded-For is not logged.",
    ),
    logsources=(
        LogSource(product="aws", service="alb"),
        LogSource(product="aws", service="elb"),
        LogSource(product="aws", service="alb", category="webserver"),
    ),
    order=196,
    recognise=recognise,
    canonical=canonical,
    is_canonical=is_canonical,
    head=(KIND, "elb", "request_verb", *UID),
    dispatch=("request_verb", "elb"),
    uid=uid,
    time=time,
    uid_fields=UID,
    uid_gaps=True,
    time_fields=("time",),
    shape=(KIND,),
    labels=labels,
    label_fields=("target_group_arn", "chosen_cert_arn"),
    ocsf=columns.PROJECTION,
    columns=columns.STRUCTURE,
    lateness=timedelta(hours=1),
    shared=frozenset({"client_ip", "domain_name", "request_verb", "user_agent"}),
    examples=EXAMPLES,
    fields=FIELDS,
    derived=DERIVED,
    aliases=ALIASES,
    layout=layout,
)
