"""History -> suggestions. The connection has the view `events` (a lake's)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from stratagem.context.known import Context
from stratagem.context.suggest import egress, history, identities, images, people
from stratagem.context.suggest.history import Profile, Span
from stratagem.context.suggest.proposal import Suggestions
from stratagem.context.suggest.regular import MIN_HISTORY_DAYS


def suggest(connection: Any, context: Context, *, with_people: bool = False) -> Suggestions:
    """What the context does not say yet and history shows, with evidence; nothing where history is too short."""
    whole = history.span(connection)
    if whole is None:
        return Suggestions(notes=("there is no event with a principal.",))
    told = f"history: {whole.events:,} events from {whole.first:%Y-%m-%d} to {whole.last:%Y-%m-%d}"
    if whole.days < MIN_HISTORY_DAYS:
        short = f"{whole.days} days show nothing usual; {MIN_HISTORY_DAYS} are needed. Give more history."
        return Suggestions(notes=(f"{told}.", short))
    profiles = history.profiles(connection)
    proposals, left, classes = identities.of_classes(profiles, whole, context)
    known = {profile.principal: context.actor(profile.principal, whole.last).actor_class for profile in profiles}
    classes |= {principal: name for principal, name in known.items() if name != "unknown"}
    for more in (
        people.joined(profiles, whole, context) if with_people else ([], []),
        images.of_registries(images.registries(connection), whole, context, classes),
        egress.of_egress(history.addresses(connection), whole, context, classes, _actors(profiles, whole, context)),
    ):
        proposals += more[0]
        left += more[1]
    return Suggestions(proposals=tuple(proposals), left_out=tuple(left), notes=(f"{told}.",))


def _actors(profiles: Sequence[Profile], whole: Span, context: Context) -> Mapping[str, str]:
    """Principal -> who that is: the context's actor, else the person by mail address, else itself."""
    found = {}
    for profile in profiles:
        actor = context.actor(profile.principal, whole.last).name
        found[profile.principal] = people.mail_of(profile) or actor if actor == profile.principal else actor
    return found
