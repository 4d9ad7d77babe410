"""Who called a Google API, from where, and on whose behalf."""

from __future__ import annotations

import re

from stratagem.sources import _google
from stratagem.sources._contract import Native
from stratagem.sources._text import address, at, first_text, objects, text

AGENTS = ("gcp-sa-", "compute-system", "container-engine-robot", "cloudservices", "gcf-admin-robot", "serverless-robot")
"""How the domain or name of an account begins that Google itself runs for a project."""
_WORKLOAD = re.compile(r"\[([^/\]]+/[^/\]]+)\]|/subject/ns/([^/]+)/sa/([^/]+)")
_COMMAND = re.compile(r"\bcommand/(gcloud[\w.-]*)")


def actor(record: Native) -> str | None:
    """The caller's address in lower case, else its subject (a workload); None where Google left it out."""
    info = at(record, "protoPayload", "authenticationInfo")
    email = text(at(info, "principalEmail"))
    return email.lower() if email else _google.bare_subject(text(at(info, "principalSubject")))


def actor_kind(record: Native) -> str:
    """`user`, `service_account`, `service_agent` (Google's own), `workload` or `unknown`."""
    who = actor(record)
    if who is None:
        return "unknown"
    if who.startswith("principal") or "[" in who:
        return "workload"
    name, _, domain = who.partition("@")
    if not domain.endswith("gserviceaccount.com"):
        return "service_agent" if domain == "google.com" and name.startswith("system") else "user"
    return "service_agent" if domain.startswith(AGENTS) or name.startswith(AGENTS) else "service_account"


def workload(record: Native) -> str | None:
    """`namespace/serviceaccount` of the Kubernetes workload behind the call."""
    info = at(record, "protoPayload", "authenticationInfo")
    names = (text(at(info, "principalSubject")), text(at(info, "principalEmail")))
    for name in (*names, *delegation_subjects(record)):
        found = _WORKLOAD.search(name) if name else None
        if found:
            return found[1] or f"{found[2]}/{found[3]}"
    return None


def _delegations(record: Native) -> list[Native]:
    return list(objects(at(record, "protoPayload", "authenticationInfo", "serviceAccountDelegationInfo")))


def delegation_subjects(record: Native) -> list[str]:
    """Subjects of the delegation's steps."""
    return [subject for step in _delegations(record) if (subject := text(step.get("principalSubject")))]


def delegation(record: Native) -> list[str] | None:
    """Who acted through the account, the first first."""
    names = (
        first_text(
            at(step, "firstPartyPrincipal", "principalEmail"),
            at(step, "thirdPartyPrincipal", "principalEmail"),
            _google.bare_subject(text(step.get("principalSubject"))),
        )
        for step in _delegations(record)
    )
    return [name.lower() if "@" in name else name for name in names if name] or None


def key(record: Native) -> str | None:
    """Id of the service account key that was used."""
    said = text(at(record, "protoPayload", "authenticationInfo", "serviceAccountKeyName"))
    return text(said.rpartition("/")[2]) if said else None


def caller_ip(record: Native) -> str | None:
    return text(at(record, "protoPayload", "requestMetadata", "callerIp"))


def client_ip(record: Native) -> str | None:
    """The caller's address; None for `private` and `gce-internal-ip`."""
    return address(caller_ip(record))


def is_internal(record: Native) -> bool:
    """Did the call come from inside Google's network, without a public address?"""
    return caller_ip(record) in ("private", "gce-internal-ip")


def user_agent(record: Native) -> str | None:
    return text(at(record, "protoPayload", "requestMetadata", "callerSuppliedUserAgent"))


def command(record: Native) -> str | None:
    """The gcloud command: `gcloud.compute.instances.list`."""
    found = _COMMAND.search(user_agent(record) or "")
    return found[1] if found else None
