"""Azure flow logs of Network Watcher: VNet flow logs (version 4) and NSG flow logs (versions 1 and 2).

A record holds the flows of a minute as tuples of text, by rule. Each tuple is an event; the canonical shape is the
record's envelope with the rule and one `flow`, the tuple taken apart.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import lru_cache
from typing import Any

from stratagem.sources._contract import NO_LABELS, Derived, Labels, LogSource, Malformed, Native, Source
from stratagem.sources._text import at, first_text, objects, text, texts
from stratagem.sources.azure_flow import columns
from stratagem.sources.azure_flow.examples import EXAMPLES
from stratagem.sources.azure_flow.fields import ALIASES, FIELDS, NSG, VNET
from stratagem.sources.azure_flow.tuples import parsed

_CATEGORIES = {
    NSG.lower(): NSG,
    f"{NSG.lower()}s": NSG,
    VNET.lower(): VNET,
    f"{VNET.lower()}s": VNET,
}
"""Lower-case category or operation, in the singular and the plural that Azure writes -> category."""
_HOLDERS = ("flowRecords", "properties", "flow.0", "tuple", "flow")


def _category(record: Native) -> str | None:
    for name in ("category", "operationName"):
        said = record.get(name)
        if isinstance(said, str) and said.lower() in _CATEGORIES:
            return _CATEGORIES[said.lower()]
    return None


def recognise(record: Native) -> bool:
    """The category or operation of a flow log, with something that may hold flows."""
    return _category(record) is not None and any(name in record for name in _HOLDERS)


def is_canonical(head: Native) -> bool:
    """A category as Azure writes it, around one flow with its decision."""
    return head.get("category") in (NSG, VNET) and isinstance(at(head, "flow", "decision"), str)


def split(record: Native) -> Iterator[Native]:
    """Each tuple of a record with its envelope and rule; a record of one flow as it is."""
    if isinstance(record.get("flow"), dict) or "tuple" in record:
        yield record
        return
    around = {key: value for key, value in record.items() if key not in ("flowRecords", "properties")}
    for rule in _rules(record):
        tuples = rule.pop("flowTuples")
        for each in tuples:
            yield {**around, **rule, "tuple": each}
    for key in [key for key in around if key.startswith("flow.")]:  # a collector's flat form: flow.0, flow.1, …
        rest = {name: value for name, value in around.items() if not name.startswith("flow.")}
        yield {**rest, "tuple": around[key]}


def _rules(record: Native) -> Iterator[dict[str, Any]]:
    """(rule, its tuples, and what its group tells) of a VNet or NSG record."""
    for flow in objects(at(record, "flowRecords", "flows")):
        for group in objects(flow.get("flowGroups")):
            yield {"aclID": flow.get("aclID"), "rule": group.get("rule"), "flowTuples": texts(group.get("flowTuples"))}
    version = at(record, "properties", "Version")
    for flow in objects(at(record, "properties", "flows")):
        for group in objects(flow.get("flows")):
            told = {"flowLogVersion": version, "rule": flow.get("rule"), "flowTuples": texts(group.get("flowTuples"))}
            yield told | ({"macAddress": group["mac"]} if text(group.get("mac")) else {})


def canonical(record: Native) -> tuple[Native, Labels]:
    """One flow in its envelope. Raises Malformed where a tuple does not fit, or the record holds several."""
    if is_canonical(record):
        return record, labels(record)
    line = record.get("tuple")
    if not isinstance(line, str):
        raise Malformed("no flow tuple")
    made = {key: value for key, value in record.items() if value is not None}
    del made["tuple"]
    made["category"] = _category(record) or VNET
    made["flow"] = parsed(line)
    return made, labels(made)


def labels(record: Native) -> Labels:
    """The subscription, and the region that the network watcher's name tells."""
    resource = first_text(record.get("flowLogResourceID"), record.get("resourceId"), record.get("targetResourceID"))
    return _labels(resource) if resource else NO_LABELS


@lru_cache(maxsize=1024)
def _labels(resource: str) -> Labels:
    parts = resource.lower().strip("/").split("/")
    account = parts[1] if len(parts) > 1 and parts[0] == "subscriptions" else None
    watcher = next((part for part in parts if part.startswith("networkwatcher_")), "")
    region = watcher.partition("_")[2] or None
    return Labels(account=account, region=region) if account or region else NO_LABELS


def uid(_head: Native) -> str | None:
    """Flows have no id."""
    return None


def time(head: Native) -> str | int | float | None:
    """What the tuple begins with: milliseconds since 1970."""
    found = at(head, "flow", "time")
    return found if isinstance(found, str | int | float) else None


def outcome(record: Native) -> str:
    """`success` for allowed flows, `denied` for denied ones."""
    return {"Allowed": "success", "Denied": "denied"}.get(str(at(record, "flow", "decision")), "unknown")


def _flow(name: str) -> Any:
    return lambda record: text(at(record, "flow", name))


DERIVED = {
    "outcome": Derived(compute=outcome, describe="success (allowed), denied or unknown.", fields=("flow.decision",)),
    "flow.source": Derived(
        compute=_flow("sourceAddress"),
        describe="Address that opened the flow.",
        fields=("flow.sourceAddress",),
        witnesses=("sourceAddress",),
    ),
    "flow.destination": Derived(
        compute=_flow("destinationAddress"),
        describe="Address that the flow was opened to.",
        fields=("flow.destinationAddress",),
        witnesses=("destinationAddress",),
    ),
}


def _of(category: str) -> Any:
    return lambda record: record.get("category") == category


PLUGIN = Source(
    title="Azure flow logs",
    vendor_page="https://learn.microsoft.com/azure/network-watcher/vnet-flow-logs-overview (read 2026-11-24)",
    enable=(
        "In Network Watcher create a flow log for each virtual network that writes to a storage account; NSG flow logs "
        "can no longer be created and are being retired."
    ),
    silent_gaps=(
        "Off until created, for each virtual network.",
        "A blob of one hour grows each minute: read early it ends in the middle, and the rest comes later.",
        "Traffic of pods shows the node's address where the cluster's network plugin translates it.",
        "Counts are of the interval since the last record of the flow; those of Begin and Deny are empty or zero.",
    ),
    logsources=(
        LogSource(product="azure", service="vnetflow", only=_of(VNET)),
        LogSource(product="azure", service="nsgflow", only=_of(NSG)),
    ),
    order=45,
    recognise=recognise,
    canonical=canonical,
    is_canonical=is_canonical,
    head=("category", "flow.decision", "flow.state", "flow.time"),
    dispatch=("flow.decision", "flow.state"),
    uid=uid,
    time=time,
    time_fields=("flow.time",),
    time_numbers=True,
    shape=("category",),
    ocsf=columns.PROJECTION,
    columns=columns.STRUCTURE,
    lateness=timedelta(hours=2),
    examples=EXAMPLES,
    fields=FIELDS,
    derived=DERIVED,
    aliases=ALIASES,
    split=split,
)
