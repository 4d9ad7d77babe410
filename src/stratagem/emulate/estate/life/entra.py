"""The Entra tenant: sign-ins of everybody, tokens, portal visits, provisioning, a rotation of secrets."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import timedelta

from stratagem.emulate._record import Teller, Told
from stratagem.emulate.estate.calendar import Day, how_often
from stratagem.emulate.estate.cast import TENANT, Cast, Person
from stratagem.emulate.estate.life._contract import Life

_GRAPH = "MicrosoftGraphActivityLogs"


def _day(cast: Cast, day: Day, teller: Teller, chance: random.Random) -> Iterator[Told]:
    usual = 0.08 if day.is_weekend else 1.0
    for who in cast.people:
        for _ in range(how_often(chance, 0.7 * usual)):
            yield _sign_in(who, "interactive_user", "SignInLogs", day, teller, chance)
        for _ in range(how_often(chance, 1.2 * usual)):
            yield _sign_in(who, "non_interactive_user", "NonInteractiveUserSignInLogs", day, teller, chance)
        for _ in range(how_often(chance, 0.8 * usual)):
            yield _reads(who, "me_member_of", None, day, teller, chance)
    for who in cast.of_role("platform", "security"):
        for _ in range(how_often(chance, 0.6 * usual)):
            begin = day.working(chance)
            paths = ["/v1.0/groups?$top=50", *(f"/v1.0/groups/{teller.uuid()}/members" for _ in range(3))]
            for number, path in enumerate(chance.sample(paths, chance.randint(1, len(paths)))):
                moment = begin + timedelta(seconds=20 * number)
                yield _reads(who, "list_groups_portal", path, day, teller, chance, moment)
    for _ in range(how_often(chance, 60)):
        moment = day.between(chance, 2.0, 2.3)
        yield teller.tell("graph_activity/provisioning_group_members", _GRAPH, moment)
    for base, home, mean in (
        ("entra_signin/service_principal", "ServicePrincipalSignInLogs", 40),
        ("entra_signin/managed_identity", "ManagedIdentitySignInLogs", 40),
        ("entra_audit/update_user_provisioning", "AuditLogs", 12),
        ("entra_audit/add_member_to_group", "AuditLogs", 4 * usual),
        ("entra_audit/update_application_secrets_rotation", "AuditLogs", 1 / 7),
    ):
        for _ in range(how_often(chance, mean)):
            yield teller.tell(base, home, day.any_time(chance))


def _sign_in(who: Person, base: str, home: str, day: Day, teller: Teller, chance: random.Random) -> Told:
    # One day in forty somebody works from elsewhere.
    address = who.address if chance.random() < 0.975 else f"203.0.113.{chance.randrange(1, 60)}"
    properties = {
        "userPrincipalName": who.mail,
        "userDisplayName": who.name,
        "userId": who.uid,
        "ipAddress": address,
    }
    changes = {"callerIpAddress": address, "identity": who.name, "properties": properties, "tenantId": TENANT}
    return teller.tell(f"entra_signin/{base}", home, day.working(chance), changes)


def _reads(
    who: Person, base: str, path: str | None, day: Day, teller: Teller, chance: random.Random, moment: object = None
) -> Told:
    properties = {"userId": who.uid, "UserPrincipalObjectID": who.uid, "ipAddress": who.address}
    if path is not None:
        properties["requestUri"] = f"https://graph.microsoft.com{path}"
    changes = {"callerIpAddress": who.address, "properties": properties}
    return teller.tell(f"graph_activity/{base}", _GRAPH, moment or day.working(chance), changes)  # type: ignore[arg-type]


PLUGIN = Life(
    describe=(
        "Everybody signs in, programs get tokens, administrators open groups in the portal, a provisioning service "
        "reads group members every night. Tempting: travel, and the nightly sweep over groups."
    ),
    day=_day,
)
