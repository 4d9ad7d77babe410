"""The company's own registry: pipelines push, nodes and the scanner pull."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import timedelta

from stratagem.emulate._record import Teller, Told
from stratagem.emulate.estate.calendar import Day, how_often
from stratagem.emulate.estate.cast import REGISTRY, Cast
from stratagem.emulate.estate.life._contract import Life
from stratagem.emulate.estate.life.cluster_machinery import is_released, version


def _day(cast: Cast, day: Day, teller: Teller, chance: random.Random) -> Iterator[Told]:
    for workload in cast.clusters[0].workloads:
        repository = f"{workload.namespace}/{workload.name}"
        if is_released(workload, day):
            pushed = {
                "username": f"robot${workload.namespace}+ci",
                "resource": f"{repository}:1.8.{version(workload, day)}",
            }
            moment = day.between(chance, 7.5, 16.5)
            yield teller.tell("harbor_audit/artifact_created", REGISTRY, moment, pushed)
            scanned = {"username": "robot$scanner", "resource": f"{repository}:1.8.{version(workload, day)}"}
            yield teller.tell("harbor_audit/pull_by_robot", REGISTRY, moment + timedelta(minutes=2), scanned)
        for _ in range(how_often(chance, 1.5)):
            image = workload.image(version(workload, day)).removeprefix(f"{REGISTRY}/")
            pulled = {"username": "robot$nodes", "resource": image}
            yield teller.tell("harbor_audit/pull_by_robot", REGISTRY, day.any_time(chance), pulled)
    for _ in range(how_often(chance, 0.1 if day.is_weekend else 1.0)):
        who = chance.choice(cast.of_role("developer") or cast.people)
        moment = day.working(chance)
        yield teller.tell(
            "harbor_audit/sign_in_failed", REGISTRY, moment, {"username": who.login, "resource": who.login}
        )


PLUGIN = Life(
    describe=(
        "Releases push images into the registry, the scanner and the nodes pull them, people mistype passwords. "
        "Tempting: a release day pushes dozens of images within hours."
    ),
    day=_day,
)
