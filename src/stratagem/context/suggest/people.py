"""Principals that are one person, by the mail address that each provider itself vouches for."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from stratagem.context.known import Context
from stratagem.context.suggest.history import Profile, Span
from stratagem.context.suggest.identities import evidence
from stratagem.context.suggest.proposal import LeftOut, Proposal, scalar
from stratagem.context.suggest.regular import MIN_DAYS

_MAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")


def mail_of(profile: Profile) -> str | None:
    """The address that the provider vouches for; None where there is none, or a caller could have chosen it.

    Identity Center sets the name of its sessions, Entra and Google say who signed in, the API server takes the name
    from its identity provider. A caller of AssumeRole chooses its session's name, so that a role with a name proves
    nothing.
    """
    if profile.provider == "aws":
        text = profile.durable.removeprefix("sso/") if profile.durable.startswith("sso/") else ""
    elif profile.provider == "entra":
        text = profile.names[0] if len(profile.names) == 1 else ""
    elif profile.provider in ("kubernetes", "gcp", "google"):
        text = profile.durable
    else:
        text = ""
    is_person = _MAIL.fullmatch(text) is not None and not text.endswith(".gserviceaccount.com")
    return text.lower() if is_person else None


def joined(profiles: Iterable[Profile], whole: Span, context: Context) -> tuple[list[Proposal], list[LeftOut]]:
    """One actor for each address that several principals have, of those that are there on enough days."""
    by_mail: dict[str, list[Profile]] = defaultdict(list)
    left: list[LeftOut] = []
    for profile in profiles:
        mail = mail_of(profile)
        if mail is None or any(whole.last in name.valid for name in context.names_of(profile.principal)):
            continue
        if len(profile.days) < MIN_DAYS or profile.scope in ("", "unknown"):
            few = f"seen on {len(profile.days)} of {whole.days} days; {MIN_DAYS} are needed"
            reason = few if len(profile.days) < MIN_DAYS else "its cluster, account or tenant is not known"
            left.append(LeftOut(title=f"person {mail}", name=profile.principal, reason=reason))
            continue
        by_mail[mail].append(profile)
    proposals = [_proposal(mail, found, whole) for mail, found in sorted(by_mail.items()) if len(found) > 1]
    return proposals, left


def _proposal(mail: str, profiles: list[Profile], whole: Span) -> Proposal:
    principals = sorted(profile.principal for profile in profiles)
    return Proposal(
        kind="person",
        file="identities.yml",
        key="identities",
        title=f"human {mail}",
        entry=(
            f"- actor: {scalar(mail)}",
            "  class: human",
            "  names:",
            *(f"    - {scalar(principal)}" for principal in principals),
        ),
        evidence=("each provider vouches for this address itself", *evidence(profiles, whole)[:1]),
        names=tuple(principals),
    )
