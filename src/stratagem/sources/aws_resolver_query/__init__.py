"""Amazon Route 53 Resolver query logs: the DNS questions of a VPC, which flow logs never hold."""

from __future__ import annotations

from datetime import timedelta

from stratagem.sources._contract import Derived, Labels, LogSource, Native, Source
from stratagem.sources._text import at, joined, objects, text
from stratagem.sources.aws_resolver_query import columns
from stratagem.sources.aws_resolver_query.examples import EXAMPLES
from stratagem.sources.aws_resolver_query.fields import ALIASES, FIELDS

_IDS = ("query_timestamp", "srcaddr", "srcport", "query_name", "query_type", "srcids.instance")


def recognise(record: Native) -> bool:
    """A question with its time, in a VPC or by an address in one."""
    asks = "query_name" in record or "query_type" in record
    return asks and "query_timestamp" in record and ("vpc_id" in record or "srcaddr" in record)


def is_canonical(head: Native) -> bool:
    return all(isinstance(head.get(name), str) for name in ("query_type", "rcode", "vpc_id"))


def canonical(record: Native) -> tuple[Native, Labels]:
    """The record as it is."""
    return record, Labels(account=text(record.get("account_id")), region=text(record.get("region")))


def uid(head: Native) -> str | None:
    """Queries have no id; who asked what and when tells them apart."""
    return joined(head, _IDS)


def time(head: Native) -> str | None:
    return text(head.get("query_timestamp"))


def name(record: Native) -> str | None:
    """The name without its last dot, in lower case."""
    return (text(record.get("query_name")) or "").rstrip(".").lower() or None


def answers(record: Native) -> list[str] | None:
    """What the answers say: addresses, names, texts."""
    found = [text(each.get("Rdata", each.get("rdata"))) for each in objects(record.get("answers"))]
    return [one for one in found if one] or None


def labels_of_name(record: Native) -> int | None:
    """Length of the longest label: data that leaves by DNS makes long ones."""
    found = name(record)
    return max(map(len, found.split("."))) if found else None


def outcome(record: Native) -> str:
    """`denied` where DNS Firewall blocked, `success` with an answer, else `failure`."""
    if record.get("firewall_rule_action") == "BLOCK":
        return "denied"
    code = text(record.get("rcode"))
    return "unknown" if code is None else "success" if code == "NOERROR" else "failure"


DERIVED = {
    "outcome": Derived(
        compute=outcome,
        describe="success (NOERROR), denied (blocked by DNS Firewall), failure or unknown.",
        fields=("rcode", "firewall_rule_action"),
    ),
    "dns.name": Derived(compute=name, describe="The name without its last dot, in lower case.", fields=("query_name",)),
    "dns.answers": Derived(compute=answers, describe="What the answers say.", fields=("answers",)),
    "dns.longest_label": Derived(
        compute=labels_of_name, describe="Characters of the name's longest label.", fields=("query_name",)
    ),
    "dns.instance": Derived(
        compute=lambda record: text(at(record, "srcids", "instance")),
        describe="Instance that asked.",
        fields=("srcids.instance",),
        witnesses=("srcids",),
    ),
}

PLUGIN = Source(
    title="Amazon Route 53 Resolver query logs",
    vendor_page="https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-query-logs-format.html"
    " (read 2026-11-24)",
    enable="Create a Resolver query logging configuration for each VPC that delivers to S3 or CloudWatch Logs.",
    silent_gaps=(
        "Off until created, for each VPC.",
        "Answers from the resolver's cache are not logged: a name shows once in its time to live.",
        "Queries to other resolvers, and DNS over HTTPS, are not here.",
        "Pods that ask through a cluster's DNS server show as that server.",
    ),
    logsources=(LogSource(product="aws", service="route53_resolver"), LogSource(product="aws", category="dns")),
    order=190,
    recognise=recognise,
    canonical=canonical,
    is_canonical=is_canonical,
    head=("rcode", "vpc_id", *_IDS),
    dispatch=("query_type", "rcode"),
    uid=uid,
    time=time,
    uid_fields=_IDS,
    uid_gaps=True,
    time_fields=("query_timestamp",),
    shape=("vpc_id",),
    ocsf=columns.PROJECTION,
    columns=columns.STRUCTURE,
    lateness=timedelta(minutes=30),
    examples=EXAMPLES,
    fields=FIELDS,
    derived=DERIVED,
    aliases=ALIASES,
)
