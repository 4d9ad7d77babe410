"""HCP Terraform audit trail: tokens, workspaces, runs, variables, policies and teams of an organisation.

The canonical shape is an element of the answer's `data`.
Source: https://developer.hashicorp.com/terraform/cloud-docs/api-docs/audit-trails, read 2026-11-24.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from stratagem.sources._contract import NO_LABELS, Derived, Labels, LogSource, Native, Source
from stratagem.sources._text import at, first_text, text
from stratagem.sources.hcp_terraform_audit import columns
from stratagem.sources.hcp_terraform_audit.examples import EXAMPLES


def recognise(record: Native) -> bool:
    """An action on a type of resource, by an accessor or in an organisation."""
    auth = record.get("auth")
    return (
        is_canonical(record)
        and isinstance(auth, dict)
        and ("accessor_id" in auth or "organization_id" in auth)
        and record.get("timestamp") is not None
    )


def is_canonical(head: Native) -> bool:
    return (
        isinstance(at(head, "resource", "action"), str)
        and isinstance(at(head, "resource", "type"), str)
        and isinstance(at(head, "auth", "type"), str)
        and isinstance(at(head, "auth", "organization_id"), str)
    )


def canonical(record: Native) -> tuple[Native, Labels]:
    """The record as it is, with its organisation as the tenant."""
    organisation = text(at(record, "auth", "organization_id"))
    return record, Labels(tenant=organisation) if organisation else NO_LABELS


def uid(head: Native) -> str | None:
    return text(head.get("id"))


def time(head: Native) -> Any:
    return head.get("timestamp")


def actor(record: Native) -> str | None:
    return first_text(at(record, "auth", "accessor_id"), at(record, "auth", "description"))


def action(record: Native) -> str | None:
    kind, done = text(at(record, "resource", "type")), text(at(record, "resource", "action"))
    return f"{kind}.{done}" if kind and done else None


DERIVED = {
    "terraform.action": Derived(
        compute=action, describe="Type and action: workspace.destroy.", fields=("resource.type", "resource.action")
    ),
    "terraform.actor": Derived(
        compute=actor, describe="Id of who acted (user-…, team-…).", fields=("auth.accessor_id", "auth.description")
    ),
    "terraform.impersonator": Derived(
        compute=lambda record: text(at(record, "auth", "impersonator_id")),
        describe="Who acted as the actor.",
        fields=("auth.impersonator_id",),
        witnesses=("impersonator_id",),
    ),
}

FIELDS = {
    "id": "Id of the record.",
    "version": "Version of the format.",
    "type": "Resource.",
    "timestamp": "When it happened.",
    "auth.accessor_id": "Id of who acted.",
    "auth.description": "Name of who acted.",
    "auth.type": "Client, Impersonated or System.",
    "auth.impersonator_id": "Who acted as the accessor.",
    "auth.organization_id": "Organisation.",
    "request.id": "Id of the request.",
    "resource.id": "Id of what was acted on.",
    "resource.type": "authentication_token, workspace, run, var, team, policy, ...",
    "resource.action": "create, update, destroy, apply, read, ...",
    "resource.meta": "Details.",
}

PLUGIN = Source(
    title="HCP Terraform audit trail",
    vendor_page="https://developer.hashicorp.com/terraform/cloud-docs/api-docs/audit-trails (read 2026-11-24)",
    enable="Poll GET /api/v2/organization/audit-trail with an organization token (paid editions).",
    silent_gaps=(
        "The trail keeps 14 days and wants an organization token; Terraform Enterprise has none of it.",
        "Neither address, user agent nor outcome is told.",
        "What a plan or an apply changed is not told.",
    ),
    logsources=(LogSource(product="terraform", service="audit"),),
    order=230,
    recognise=recognise,
    canonical=canonical,
    is_canonical=is_canonical,
    head=("id", "timestamp", "resource.action", "resource.type", "auth.type", "auth.organization_id"),
    dispatch=("resource.action", "resource.type"),
    uid=uid,
    time=time,
    uid_fields=("id",),
    time_fields=("timestamp",),
    time_numbers=True,
    shape=("auth.type", "auth.organization_id"),
    ocsf=columns.PROJECTION,
    columns=columns.STRUCTURE,
    lateness=timedelta(hours=2),
    examples=EXAMPLES,
    fields=FIELDS,
    derived=DERIVED,
    aliases={"actor": ("auth.accessor_id",), "action": ("resource.action",)},
)
