"""Exchange Online message trace: what became of every message, for each of its recipients.

The canonical shape is the record of the reporting web service and Get-MessageTrace; the Graph API's comes to it.
"""

from __future__ import annotations

from datetime import timedelta

from stratagem.sources._contract import NO_LABELS, Derived, Labels, LogSource, Malformed, Native, Source
from stratagem.sources._text import joined, text
from stratagem.sources.m365_messagetrace import columns
from stratagem.sources.m365_messagetrace.examples import EXAMPLES
from stratagem.sources.m365_messagetrace.fields import ALIASES, FIELDS, GRAPH

UID = ("MessageTraceId", "RecipientAddress", "Status")


def recognise(record: Native) -> bool:
    """A trace's id with sender and recipient, or the Graph API's members of the same meaning."""
    return is_canonical(record) or {"senderAddress", "recipientAddress", "receivedDateTime", "status"} <= record.keys()


def is_canonical(head: Native) -> bool:
    return all(isinstance(head.get(name), str) for name in ("Status", "MessageTraceId", "RecipientAddress"))


def canonical(record: Native) -> tuple[Native, Labels]:
    """The record under the web service's names. Raises Malformed where it has no id, recipient or status."""
    if is_canonical(record):
        return record, NO_LABELS
    made = {GRAPH.get(name, name): value for name, value in record.items()}
    status = text(made.get("Status"))
    if status:
        made["Status"] = status[:1].upper() + status[1:]
    if not is_canonical(made):
        raise Malformed("MessageTraceId, RecipientAddress or Status is missing")
    return made, NO_LABELS


def uid(head: Native) -> str | None:
    """The trace's id with recipient and status: the same message is told again as its status changes."""
    return joined(head, UID)


def time(head: Native) -> str | None:
    return text(head.get("Received"))


_OUTCOMES = {
    "Delivered": "success",
    "Expanded": "success",
    "Resolved": "success",
    "Failed": "failure",
    "FilteredAsSpam": "denied",
    "Quarantined": "denied",
}


def outcome(record: Native) -> str:
    """What filters kept back is denied; Pending, GettingStatus and None are unknown."""
    return _OUTCOMES.get(text(record.get("Status")) or "", "unknown")


def _domain(member: str) -> Derived:
    def compute(record: Native) -> str | None:
        return (text(record.get(member)) or "").rpartition("@")[2].lower() or None

    return Derived(compute=compute, describe=f"Domain of {member}, lower case.", fields=(member,))


DERIVED = {
    "outcome": Derived(
        compute=outcome, describe="success, denied (kept back by a filter), failure or unknown.", fields=("Status",)
    ),
    "mail.sender_domain": _domain("SenderAddress"),
    "mail.recipient_domain": _domain("RecipientAddress"),
}

PLUGIN = Source(
    title="Exchange Online message trace",
    vendor_page="https://learn.microsoft.com/graph/api/resources/exchangemessagetrace",
    enable=(
        "Poll the message trace of the Graph API, or Get-MessageTraceV2, with a reader of reports; nothing needs to be "
        "switched on."
    ),
    silent_gaps=(
        "Records may come a day late, and go after 90 days; an answer holds at most a page of them.",
        "The sender is what the envelope says, and may be forged.",
        "FromIP is empty for mail inside the organisation.",
        "Neither attachments nor links are told; Defender's EmailEvents has them.",
    ),
    logsources=(
        LogSource(product="m365", service="messagetrace"),
        LogSource(product="m365", service="exchange_messagetrace"),
    ),
    order=76,
    recognise=recognise,
    canonical=canonical,
    is_canonical=is_canonical,
    head=("Received", *UID),
    dispatch=("Status",),
    uid=uid,
    time=time,
    uid_fields=UID,
    ocsf=columns.PROJECTION,
    columns=columns.STRUCTURE,
    lateness=timedelta(days=1),
    shared=frozenset({"FromIP", "MessageId", "RecipientAddress", "SenderAddress", "Status"}),
    examples=EXAMPLES,
    fields=FIELDS,
    derived=DERIVED,
    aliases=ALIASES,
)
