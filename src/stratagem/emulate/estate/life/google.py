"""The Google organisation: a data project with pipelines and analysts, and Workspace for a part of the company."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime

from stratagem.emulate._record import Changes, Teller, Told
from stratagem.emulate.estate.calendar import Day, how_often
from stratagem.emulate.estate.cast import CI_ADDRESSES, NODE_EGRESS, Cast, Person
from stratagem.emulate.estate.life._contract import Life
from stratagem.emulate.estate.life.cluster_machinery import is_released, version

PROJECT = "example-prod"
_AUDIT = "cloudaudit"


def _day(cast: Cast, day: Day, teller: Teller, chance: random.Random) -> Iterator[Told]:
    usual = 0.1 if day.is_weekend else 1.0
    yield from _pipelines(cast, day, teller, chance)
    for who in cast.of_role("developer", "platform"):
        if who.team in ("data", "ml"):
            for _ in range(how_often(chance, 0.5 * who.zeal * usual)):
                yield _job(who, day, teller, chance)
    for who in cast.people:
        for _ in range(how_often(chance, 0.06 * usual)):
            yield _shares(who, day, teller, chance)
        for _ in range(how_often(chance, 0.01 * usual)):
            yield _mistypes(who, day, teller, chance)
    for _ in range(how_often(chance, 1.5 * usual)):
        who = chance.choice(cast.of_role("platform", "security") or cast.people)
        yield _adds(who, chance.choice(cast.people), day, teller, chance)


def _pipelines(cast: Cast, day: Day, teller: Teller, chance: random.Random) -> Iterator[Told]:
    """A release mirrors its image into Artifact Registry; nodes pull it, and a federated pipeline reads its bucket."""
    for workload in cast.clusters[0].workloads:
        if workload.namespace in ("data", "ml") and is_released(workload, day):
            moment, address = day.between(chance, 7.5, 16.5), chance.choice(CI_ADDRESSES)
            name = f"projects/{PROJECT}/locations/europe/repositories/{workload.namespace}/packages/{workload.name}"
            digest = workload.image(version(workload, day)).partition("@")[2]
            changes = _called(address, {"resourceName": f"{name}/versions/{digest}"})
            yield teller.tell("gcp_audit/artifact_registry_push", _AUDIT, moment, changes)
    for _ in range(how_often(chance, 12)):
        changes = _called(chance.choice(NODE_EGRESS), {})
        yield teller.tell("gcp_audit/artifact_registry_pull", _AUDIT, day.any_time(chance), changes)
    for _ in range(how_often(chance, 8)):
        changes = _called(chance.choice(CI_ADDRESSES), {})
        yield teller.tell("gcp_audit/storage_objects_list_federated", _AUDIT, day.any_time(chance), changes)


def _called(address: str, payload: Changes) -> Changes:
    return {"protoPayload": {"requestMetadata": {"callerIp": address}, **payload}}


def _job(who: Person, day: Day, teller: Teller, chance: random.Random) -> Told:
    """An analyst lists the objects of a bucket."""
    payload = {
        "authenticationInfo": {"principalEmail": who.mail, "principalSubject": f"user:{who.mail}"},
        "resourceName": f"projects/_/buckets/example-{who.team}",
    }
    changes = _called(who.address, payload)
    return teller.tell("gcp_audit/storage_objects_list_federated", _AUDIT, day.working(chance), changes)


def _acted(who: Person, name: str, parameters: list[dict[str, object]], kind: str) -> Changes:
    return {
        "actor": {"callerType": "USER", "email": who.mail, "profileId": str(int(who.uid[:8], 16))},
        "ipAddress": who.address,
        "events": [{"type": kind, "name": name, "parameters": parameters}],
    }


def _shares(who: Person, day: Day, teller: Teller, chance: random.Random) -> Told:
    """A document is shared with a colleague, now and then with a supplier."""
    outside = chance.random() < 0.03
    document = f"1{chance.randrange(16**12):012x}"
    parameters: list[dict[str, object]] = [
        {"name": "primary_event", "boolValue": True},
        {"name": "visibility", "value": "shared_externally" if outside else "shared_internally"},
        {"name": "doc_id", "value": document},
        {"name": "doc_title", "value": f"{who.team} notes"},
        {"name": "doc_type", "value": "document"},
        {"name": "owner", "value": who.mail},
        {"name": "target_user", "value": "sales@example.net" if outside else "all@example.com"},
    ]
    changes = _acted(who, "change_user_access", parameters, "acl_change")
    return teller.tell("google_workspace/drive_change_user_access", "drive", day.working(chance), changes)


def _mistypes(who: Person, day: Day, teller: Teller, chance: random.Random) -> Told:
    """A wrong password in the morning."""
    changes = {"actor": {"callerType": "USER", "email": who.mail, "profileId": who.uid[:8]}, "ipAddress": who.address}
    moment: datetime = day.between(chance, 6.5, 9.5)
    return teller.tell("google_workspace/login_failure", "login", moment, changes)


def _adds(who: Person, member: Person, day: Day, teller: Teller, chance: random.Random) -> Told:
    """An administrator puts somebody into a group of a team."""
    parameters: list[dict[str, object]] = [
        {"name": "member_id", "value": member.mail},
        {"name": "group_id", "value": f"{member.team}-team@example.com"},
        {"name": "member_type", "value": "user"},
    ]
    changes = _acted(who, "add_member", parameters, "moderator_action")
    return teller.tell("google_workspace/add_group_member", "groups_enterprise", day.working(chance), changes)


PLUGIN = Life(
    describe=(
        "A data project of the Google organisation and Workspace: releases mirror images, nodes pull, analysts list "
        "buckets, people share documents and mistype passwords. Tempting: documents that go outside."
    ),
    day=_day,
)
