"""The demo story: an attack across Entra, AWS and Kubernetes inside an ordinary day, written as log files.

Nothing is committed but the bases; the same seed writes the same bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from stratagem.emulate._attack import STARTED, STOPPED, attack
from stratagem.emulate._delivery import deliver
from stratagem.emulate._noise import day
from stratagem.emulate._record import Teller

DAY = datetime(2026, 3, 12, tzinfo=UTC)
"""A Thursday."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Planted:
    """A finding that a run over the story must report: which strategy, on which event, when."""

    time: datetime
    """Event time, cut to whole seconds."""
    strategy: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """What was written."""

    folder: Path
    events: int
    """Different events; some are delivered twice."""
    planted: tuple[Planted, ...]
    """Every finding that the packaged strategies must report, and no other, in order of time."""


def write_story(folder: Path, *, seed: int = 7) -> Story:
    """Write the story's logs below `folder`, in the shapes that AWS, Azure and Kubernetes deliver.

    `aws/` CloudTrail's S3 objects, `eks/` Firehose objects of the audit log group, `kubernetes/` the API server's own
    files, `entra/` diagnostic blobs and Event Hub captures, `m365/` Management Activity API blobs.
    """
    teller = Teller(seed, DAY)
    steps = tuple(attack(teller))
    first, last = teller.at(STOPPED), teller.at(STARTED)
    recorded = (one for one in day(teller) if one.source != "aws_cloudtrail" or not first < one.time < last)
    told = [*(one for one, _ in steps), *recorded]
    deliver(folder, told, teller)
    planted = (
        Planted(time=one.time.replace(microsecond=0), strategy=strategy, source=one.source)
        for one, strategies in steps
        for strategy in strategies
    )
    return Story(folder=folder, events=len(told), planted=tuple(sorted(planted)))
