"""One chain across Entra, AWS and Kubernetes by one actor, in a month of logs that come late, mixed up and repeated."""

from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from stratagem.detect.history import tables
from stratagem.detect.model import Finding
from stratagem.emulate._delivery import deliver
from stratagem.emulate._record import Teller, Told
from stratagem.emulate.estate import hash_seed, one_day
from stratagem.emulate.estate.calendar import FIRST, Day
from stratagem.emulate.estate.cast import TENANT, Cast, Person, cast
from stratagem.emulate.estate.life._kubernetes import merged, person
from stratagem.events.query import connect
from stratagem.lake.store import Lake
from stratagem.workspace import Workspace

PAGE = """\
---
title: A stranger's sign-in ends in a namespace never used
status: shadow
owner: cloud-security
attack: [T1078.004, T1609]
severity: high
---

## Strategy Abstract

```yaml sigma
name: sign_in
logsource: {product: azure, service: signinlogs}
detection: {ok: {properties.status.errorCode: 0}, condition: ok}
```

```yaml sigma
name: assumed
logsource: {product: aws, service: cloudtrail}
detection: {role: {eventName: AssumeRoleWithWebIdentity, outcome: success}, condition: role}
```

```yaml sigma
name: session
logsource: {product: kubernetes, service: audit}
detection: {exec: {objectRef.subresource: exec, responseStatus.code: 101}, condition: exec}
```

```yaml baseline
name: new_place
kind: first_seen
rules: [sign_in]
entity: [actor]
value: [properties.ipAddress]
warm_up: 7d
min_observations: 3
```

```yaml baseline
name: new_namespace
kind: first_seen
rules: [session]
entity: [actor]
value: [objectRef.namespace]
warm_up: 7d
min_observations: 3
```

```yaml correlation
name: chain
correlation:
  type: temporal_ordered
  rules: [new_place, assumed, new_namespace]
  group-by: [actor]
  timespan: 6h
```
"""
DAYS = 28
ATTACK = FIRST + timedelta(days=24, hours=13)
ELSEWHERE = "203.0.113.99"
SUBJECT = "azure:dave"


def test_the_chain_is_found_however_the_logs_arrive(tmp_path: Path) -> None:
    who = cast(11, people=60, nodes=10)
    victim = who.of_role("developer")[0]
    logs = _month(tmp_path / "logs", who, victim)
    at_once = _workspace(tmp_path / "one", victim).run(logs, as_of=FIRST + timedelta(days=DAYS + 2), workers=1)
    (found,) = _chains(at_once.findings)
    assert found.key["actor"] == victim.login
    assert {evidence.source for evidence in found.evidences} == {"entra_signin", "aws_cloudtrail", "kubernetes_audit"}
    assert found.time.replace(microsecond=0) == ATTACK + timedelta(minutes=50)
    assert _piecewise(tmp_path / "many", logs, victim) == [found.uid]


def test_without_the_names_in_the_context_nothing_is_joined(tmp_path: Path) -> None:
    who = cast(11, people=60, nodes=10)
    victim = who.of_role("developer")[0]
    logs = _month(tmp_path / "logs", who, victim)
    workspace = _workspace(tmp_path / "one", victim)
    (tmp_path / "one" / "context" / "identities.yml").unlink()
    assert _chains(workspace.run(logs, as_of=FIRST + timedelta(days=DAYS + 2), workers=1).findings) == []


pytestmark = pytest.mark.long


def _chains(findings: Iterable[Finding]) -> list[Finding]:
    return [one for one in findings if one.rule_uid.endswith("#chain")]


def _workspace(root: Path, victim: Person) -> Workspace:
    (root / "strategies").mkdir(parents=True)
    (root / "strategies" / "stranger.md").write_text(PAGE, encoding="utf-8")
    (root / "context").mkdir()
    names = [
        f"entra:{TENANT}:{victim.uid}",
        f"kubernetes:111122223333/prod-eu:{victim.mail}",
        f"kubernetes:111122223333/prod-us:{victim.mail}",
        f"aws:111122223310:{SUBJECT}",
    ]
    text = f"identities:\n  - actor: {victim.login}\n    class: human\n    names:\n"
    text += "".join(f'      - "{name}"\n' for name in names)
    (root / "context" / "identities.yml").write_text(text, encoding="utf-8")
    return Workspace(root)


def _month(folder: Path, who: Cast, victim: Person) -> list[Path]:
    """28 ordinary days, with the victim's habits and one attack."""
    attack = _attack(who, victim)
    for number in range(DAYS):
        day = Day(number=number)
        told = [*one_day(who, day, ["aws_people", "cluster_people", "entra"]), *_habits(who, victim, day)]
        told += [one for one in attack if day.start <= one.time < day.start + timedelta(days=1)]
        deliver(folder, told, Teller(hash_seed(11, "delivery", number), FIRST))
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _habits(who: Cast, victim: Person, day: Day) -> list[Told]:
    """Signs in from the same place and looks into the team's own pods, every day."""
    teller = Teller(hash_seed(11, "habit", day.number), day.start)
    moment = day.start + timedelta(hours=9)
    return [
        _sign_in(teller, victim, victim.address, moment),
        _session(teller, who, victim, victim.team, moment + timedelta(hours=1)),
    ]


def _attack(who: Cast, victim: Person) -> list[Told]:
    teller = Teller(hash_seed(11, "attack"), ATTACK)
    assumed = {
        "userIdentity": {"principalId": SUBJECT, "userName": victim.mail},
        "recipientAccountId": "111122223310",
        "sourceIPAddress": ELSEWHERE,
    }
    return [
        _sign_in(teller, victim, ELSEWHERE, ATTACK),
        teller.tell(
            "aws_cloudtrail/assume_role_with_web_identity",
            "111122223310/eu-west-1",
            ATTACK + timedelta(minutes=20),
            assumed,
        ),
        _session(teller, who, victim, "payments-vault", ATTACK + timedelta(minutes=50)),
    ]


def _sign_in(teller: Teller, victim: Person, address: str, moment: datetime) -> Told:
    properties = {"userPrincipalName": victim.mail, "userId": victim.uid, "ipAddress": address}
    changes = {"callerIpAddress": address, "properties": properties, "tenantId": TENANT}
    return teller.tell("entra_signin/interactive_user", "SignInLogs", moment, changes)


def _session(teller: Teller, who: Cast, victim: Person, namespace: str, moment: datetime) -> Told:
    target = {
        "requestURI": f"/api/v1/namespaces/{namespace}/pods/web-0/exec?command=sh&container=web",
        "objectRef": {"namespace": namespace, "name": "web-0"},
    }
    cluster = who.clusters[sum(map(ord, victim.login)) % 2].name
    return teller.tell("kubernetes_audit/pod_exec_websocket", cluster, moment, merged(person(victim), target))


def _piecewise(root: Path, logs: list[Path], victim: Person) -> list[str]:
    """The current findings' ids after runs over parts of the files in any order, a third of them twice."""
    workspace, lake = _workspace(root, victim), str(root / "lake")
    chance = random.Random(5)
    order = [*logs, *chance.sample(logs, len(logs) // 3)]
    chance.shuffle(order)
    size = len(order) // 5 + 1
    for start in range(0, len(order), size):
        workspace.run(order[start : start + size], lake=lake, as_of=FIRST + timedelta(days=DAYS + 2), workers=1)
    return _current(lake)


def _current(lake: str) -> list[str]:
    """The findings of the chain that the lake holds as current."""
    _, found = tables(Lake(lake))
    rows = connect().execute(
        f"SELECT finding FROM ({found.select(connect(), found.files())}) WHERE analytic LIKE '%#chain' "
        "QUALIFY is_current AND row_number() OVER (PARTITION BY uid ORDER BY step DESC, is_current DESC) = 1"
    )
    return sorted(row[0] for row in rows.fetchall())
