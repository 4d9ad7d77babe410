"""AWS VPC flow logs: one record for each direction of a connection at a network interface, in an interval.

The canonical shape is a JSON object with the columns by AWS's names (`pkt-srcaddr`): numbers as numbers, and columns
without a value left out. Text with or without a header, CSV rows and the spellings of exports are brought to it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from stratagem.sources._contract import NO_LABELS, Derived, Labels, LogSource, Malformed, Native, Source
from stratagem.sources._network import protocol_number, whole
from stratagem.sources._text import text
from stratagem.sources.aws_vpcflow import columns
from stratagem.sources.aws_vpcflow.examples import EXAMPLES
from stratagem.sources.aws_vpcflow.fields import ALIASES, FIELDS, KIND, KINDS, NUMBERS, known_name
from stratagem.sources.aws_vpcflow.layout import layout

_ADDRESSES = ("srcaddr", "srcAddr", "dstaddr", "dstAddr", "pkt_srcaddr", "pktSrcAddr")
_INTERFACES = ("interface_id", "interfaceId", "interface-id")
_STATUSES = ("log_status", "logStatus", "log-status", "status")


def recognise(record: Native) -> bool:
    """The mark of a canonical record, both addresses in AWS's spelling, or an interface with the log's status."""
    if record.get(KIND) == KINDS:
        return True
    addresses = sum(name in record for name in _ADDRESSES)
    if addresses > 1:
        return "flowlog" not in str(record.get("operationName", "")).lower()
    return any(name in record for name in _INTERFACES) and any(name in record for name in _STATUSES)


def is_canonical(head: Native) -> bool:
    return head.get(KIND) == KINDS


def canonical(record: Native) -> tuple[Native, Labels]:
    """The record under AWS's names. Raises Malformed where a number is none."""
    if is_canonical(record):
        return record, labels(record)
    made: dict[str, Any] = {KIND: KINDS}
    for key, value in record.items():
        name = known_name(key) or key
        if value is None or value in ("-", ""):
            continue
        if name in NUMBERS:
            number = protocol_number(value) if name == "protocol" else whole(value)
            if number is None:
                raise Malformed(f"{name} is no whole number")
            made[name] = number
        else:
            made[name] = value
    return made, labels(made)


def labels(record: Native) -> Labels:
    account, region = text(record.get("account-id")), text(record.get("region"))
    account = None if account == "unknown" else account
    return Labels(account=account, region=region) if account or region else NO_LABELS


def uid(_head: Native) -> str | None:
    """Flow records have no id."""
    return None


def time(head: Native) -> str | int | float | None:
    """When the interval began; where the format has no `start`, when it ended."""
    found = head["start"] if head.get("start") is not None else head.get("end")
    return found if isinstance(found, str | int | float) else None


def outcome(record: Native) -> str:
    """`success` for accepted traffic, `denied` for rejected, `unknown` where nothing passed or nothing is said."""
    return {"ACCEPT": "success", "REJECT": "denied"}.get(str(record.get("action")), "unknown")


def is_reply(record: Native) -> bool | None:
    """Does the record show the answering side of a TCP connection: SYN and ACK? None where flags do not tell."""
    flags = record.get("tcp-flags")
    if not isinstance(flags, int) or not flags & 2:
        return None
    return bool(flags & 16)


def duration(record: Native) -> int | None:
    """Seconds between the first and the last packet of the interval."""
    start, end = record.get("start"), record.get("end")
    return end - start if isinstance(start, int) and isinstance(end, int) else None


def source_address(record: Native) -> str | None:
    return text(record.get("pkt-srcaddr")) or text(record.get("srcaddr"))


def destination_address(record: Native) -> str | None:
    return text(record.get("pkt-dstaddr")) or text(record.get("dstaddr"))


DERIVED = {
    "outcome": Derived(
        compute=outcome, describe="success (ACCEPT), denied (REJECT) or unknown.", fields=("action", "log-status")
    ),
    "flow.source": Derived(
        compute=source_address,
        describe="Address that the traffic comes from: the packet's own where the log has it.",
        fields=("pkt-srcaddr", "srcaddr"),
        witnesses=("srcaddr",),
    ),
    "flow.destination": Derived(
        compute=destination_address,
        describe="Address that the traffic goes to: the packet's own where the log has it.",
        fields=("pkt-dstaddr", "dstaddr"),
        witnesses=("dstaddr",),
    ),
    "flow.seconds": Derived(
        compute=duration, describe="Seconds between first and last packet of the interval.", fields=("start", "end")
    ),
    "flow.is_reply": Derived(
        compute=is_reply,
        describe="SYN and ACK were seen: the source is the server. Null where the flags do not tell.",
        fields=("tcp-flags",),
        witnesses=("tcp-flags",),
    ),
}

PLUGIN = Source(
    title="AWS VPC flow logs",
    vendor_page="https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html (read 2026-11-24)",
    enable=(
        "Create a flow log on the VPC that delivers to S3 with a custom format of all columns and an interval of one "
        "minute; the default format has neither direction, flags nor the packet's own addresses."
    ),
    silent_gaps=(
        "Off until created, for each VPC, subnet or interface.",
        "Traffic to the Amazon DNS resolver, instance metadata, DHCP, NTP and traffic mirrors is never recorded.",
        "Pods of one node never cross an interface; pods behind the node's address show only in pkt-srcaddr.",
        "SKIPDATA records mean that flows were lost; they carry no addresses.",
        "The default format does not tell who opened a connection.",
    ),
    logsources=(LogSource(product="aws", service="vpcflow"),),
    order=200,
    recognise=recognise,
    canonical=canonical,
    is_canonical=is_canonical,
    head=(KIND, "action", "log-status", "start", "end"),
    dispatch=("action", "log-status"),
    uid=uid,
    time=time,
    time_fields=("start", "end"),
    time_numbers=True,
    shape=(KIND,),
    ocsf=columns.PROJECTION,
    columns=columns.STRUCTURE,
    lateness=timedelta(minutes=30),
    examples=EXAMPLES,
    fields=FIELDS,
    derived=DERIVED,
    aliases=ALIASES,
    layout=layout,
)
