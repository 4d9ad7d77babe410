"""People in the AWS accounts: through Identity Center, in the console and with the CLI."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import timedelta

from stratagem.emulate._record import Teller, Told
from stratagem.emulate.estate.calendar import Day, how_often
from stratagem.emulate.estate.cast import Cast, Person
from stratagem.emulate.estate.life._aws import role
from stratagem.emulate.estate.life._contract import Life

_CONSOLE = (
    ("iam.amazonaws.com", "ListRoles"),
    ("ec2.amazonaws.com", "DescribeInstances"),
    ("ec2.amazonaws.com", "DescribeVpcs"),
    ("s3.amazonaws.com", "ListBuckets"),
    ("ecs.amazonaws.com", "ListClusters"),
    ("ecs.amazonaws.com", "DescribeClusters"),
    ("cloudwatch.amazonaws.com", "DescribeAlarms"),
    ("logs.amazonaws.com", "DescribeLogGroups"),
    ("lambda.amazonaws.com", "ListFunctions20150331"),
    ("rds.amazonaws.com", "DescribeDBInstances"),
)
_PATH = "aws-reserved/sso.amazonaws.com/eu-west-1/"


def _day(cast: Cast, day: Day, teller: Teller, chance: random.Random) -> Iterator[Told]:
    usual = 0.1 if day.is_weekend else 1.0
    accounts = list(cast.accounts)
    for who in cast.of_role("developer", "platform", "oncall", "security"):
        own = accounts if who.role != "developer" else [accounts[3], accounts[sum(map(ord, who.team)) % 3]]
        for _ in range(how_often(chance, 0.5 * who.zeal * usual)):
            yield from _visit(who, chance.choice(own), day, teller, chance)
        for _ in range(how_often(chance, 0.4 * who.zeal * usual)):
            yield _call(who, chance.choice(own), day, teller, chance)


def _caller(who: Person, account: str, day: Day) -> dict[str, object]:
    """Identity Center names the person in the session, and the permission set in the role.

    The reorganisation gives one team's permission set another name.
    """
    team = "Checkout" if who.team == "shop" and day.is_reorganised else who.team.title()
    kind = "PlatformEngineer" if who.role in ("platform", "oncall") else f"{team}Developer"
    tail = f"{sum(map(ord, kind)):04x}" * 4
    return role(account, f"AWSReservedSSO_{kind}_{tail}", who.mail, who.address, path=_PATH)


def _visit(who: Person, account: str, day: Day, teller: Teller, chance: random.Random) -> Iterator[Told]:
    """The console reads a page's worth of things in a second or two."""
    begin = day.working(chance)
    for number, (service, call) in enumerate(chance.sample(_CONSOLE, chance.randint(2, 6))):
        changes = _caller(who, account, day) | {
            "eventSource": service,
            "eventName": call,
            "requestParameters": None,
        }
        moment = begin + timedelta(seconds=number * chance.uniform(0.1, 9))
        yield teller.tell("aws_cloudtrail/list_roles_console", f"{account}/us-east-1", moment, changes)


def _call(who: Person, account: str, day: Day, teller: Teller, chance: random.Random) -> Told:
    changes = _caller(who, account, day) | {"userAgent": "aws-cli/2.22.35 md/command#eks.describe-cluster"}
    return teller.tell("aws_cloudtrail/describe_cluster", f"{account}/eu-west-1", day.working(chance), changes)


PLUGIN = Life(
    describe=(
        "Developers and engineers sign in through Identity Center and look around in the console. Tempting: the "
        "console lists many services within seconds, and a reorganisation gives a team's role a new name."
    ),
    day=_day,
)
