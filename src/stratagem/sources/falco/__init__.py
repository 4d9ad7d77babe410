"""Falco alerts: what a rule of Falco found in system calls, in the Kubernetes audit log or in a plugin's events.

The canonical shape is the object that `json_output` writes to a file, to standard output and to HTTP; falcosidekick
passes it on with a `uuid` of its own. The gRPC output's JSON has camelCase and capitals and is brought to it.
`output_fields` is flat: its keys hold dots (`proc.name`), and only what the rule's output names is there.
Source: https://falco.org/docs/concepts/outputs/formatting/, read 2026-11-24.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from stratagem.sources import _image
from stratagem.sources._contract import NO_LABELS, Derived, Labels, LogSource, Native, Source
from stratagem.sources._text import joined
from stratagem.sources.falco import columns, reading
from stratagem.sources.falco.examples import EXAMPLES
from stratagem.sources.falco.fields import ALIASES, FIELDS

UID = ("time", "hostname", "source", "rule", "output")
_WORDS = {word.lower(): word for word in reading.PRIORITIES} | {"info": "Informational"}


def recognise(record: Native) -> bool:
    """A rule, one of Falco's eight priorities, a time, and what the rule says."""
    priority = record.get("priority")
    return (
        isinstance(record.get("rule"), str)
        and isinstance(priority, str)
        and priority.lower() in _WORDS
        and record.get("time") is not None
        and "action" not in record
    )


def is_canonical(head: Native) -> bool:
    """The priority in Falco's own spelling."""
    return isinstance(head.get("rule"), str) and head.get("priority") in reading.PRIORITIES and "action" not in head


def canonical(record: Native) -> tuple[Native, Labels]:
    """The record as `json_output` writes it."""
    if is_canonical(record):
        return record, NO_LABELS
    made: dict[str, Any] = {name: value for name, value in record.items() if name != "outputFields"}
    if "outputFields" in record:
        made.setdefault("output_fields", record["outputFields"])
    priority = made.get("priority")
    if isinstance(priority, str):
        made["priority"] = _WORDS.get(priority.lower(), priority)
    return made, NO_LABELS


def uid(head: Native) -> str | None:
    """Time, host, rule and text: falcosidekick's `uuid` is another on each way that an alert takes."""
    return joined(head, UID)


def time(head: Native) -> Any:
    return head.get("time")


DERIVED = {
    "falco.severity": Derived(
        compute=reading.severity,
        describe="The priority as a number: 0 debug, 1 informational, 2 notice, ... 7 emergency.",
        fields=("priority",),
    ),
    "falco.in_container": Derived(
        compute=reading.in_container,
        describe="Did it happen in a container; absent where the alert does not tell.",
        fields=("output_fields.container.id",),
        witnesses=("container.id",),
    ),
    "falco.drops": Derived(
        compute=reading.drops,
        describe="How many system calls Falco lost, in its own alert about that: a blind moment.",
        fields=("rule", "output_fields.n_drops"),
        witnesses=("n_drops",),
    ),
    "falco.techniques": Derived(
        compute=reading.techniques, describe="ATT&CK techniques among the tags, upper case.", fields=("tags",)
    ),
    "falco.pod": Derived(
        compute=reading.pod,
        describe="namespace/name of the pod.",
        fields=("output_fields.k8s.ns.name", "output_fields.k8s.pod.name"),
        witnesses=("k8s.pod.name",),
    ),
    "falco.image": Derived(
        compute=reading.image,
        describe="Reference of the container's image, put together from its parts.",
        fields=("output_fields.container.image", "output_fields.container.image.repository"),
        witnesses=("container.image",),
    ),
    **_image.derived(reading.image, ("output_fields.container.image", "output_fields.container.image.repository")),
}

PLUGIN = Source(
    title="Falco",
    vendor_page="https://falco.org/docs/concepts/outputs/formatting/ (read 2026-11-24)",
    enable=(
        "Set json_output: true, and file_output, stdout_output or http_output in falco.yaml; or let falcosidekick "
        "forward alerts."
    ),
    silent_gaps=(
        "Only what Falco's own rules find is here, with only the fields that each rule's output names.",
        "Under load the kernel drops events; Falco says so in alerts of its own (falco.drops), which rules can read.",
        "Below the priority that falco.yaml sets, and beyond its rate limit, alerts are not written.",
        "A node without the sensor, or one where it was stopped, is silent.",
        "An alert names no cluster: bind a label to the input.",
        "Users are those of the operating system in the container, not who asked for the container.",
    ),
    logsources=(
        LogSource(product="falco"),
        LogSource(product="linux", service="falco", category="process_creation", only=reading.is_exec),
    ),
    order=150,
    recognise=recognise,
    canonical=canonical,
    is_canonical=is_canonical,
    head=("rule", "priority", "source", "hostname", "time", "output", "action"),
    dispatch=("rule", "source"),
    uid=uid,
    time=time,
    uid_fields=UID,
    uid_gaps=True,
    time_fields=("time",),
    time_numbers=True,
    shape=("priority", "action"),
    labels=lambda _: NO_LABELS,
    ocsf=columns.PROJECTION,
    columns=columns.STRUCTURE,
    lateness=timedelta(minutes=10),
    examples=EXAMPLES,
    fields=FIELDS,
    derived=DERIVED,
    aliases=ALIASES,
)
