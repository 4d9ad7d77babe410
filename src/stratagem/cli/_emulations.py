"""What the emulation commands show: rows for machines, lines for people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from stratagem.cli.render._contract import Listing, Screen
from stratagem.cli.safe import printable

if TYPE_CHECKING:
    from stratagem.emulate.detonate.journal import Journal
    from stratagem.emulate.detonate.verify import Verified
    from stratagem.emulate.techniques._contract import Command, Technique


def techniques(found: Sequence[tuple[str, Technique]], platform: str | None) -> Listing:
    """A row a technique."""
    rows = [
        {
            "technique": name,
            "platform": one.platform,
            "kinds": list(one.kinds),
            "attack": list(one.attack),
            "finds": [expected.strategy for expected in one.expected],
            "title": one.title,
        }
        for name, one in found
        if platform in (None, one.platform)
    ]
    columns = ("technique", "platform", "kinds", "attack", "finds", "title")
    return Listing(name="techniques", columns=columns, rows=rows)


def technique(name: str) -> Listing:
    """Everything about one technique."""
    from stratagem.emulate.techniques import TECHNIQUES
    from stratagem.emulator import words

    one = TECHNIQUES[name]
    says: list[tuple[str, str]] = [
        ("title", one.title),
        ("describe", one.describe),
        ("platform", one.platform),
        ("attack", ", ".join(one.attack)),
        *(("finds", words(expected)) for expected in one.expected),
        *([("unseen", one.unseen)] if one.unseen else []),
        *(("event", f"{event.base}{f' x {event.repeat}' if event.repeat > 1 else ''}") for event in one.events),
    ]
    if one.history:
        says += [("history", f"{one.history.days} days, from {len(one.history.habits)} habits")]
    if one.live:
        says += [("sandbox", one.live.sandbox), ("cost", one.live.cost)]
        says += [("needs", f"--set {need}=VALUE: {what}") for need, what in one.live.needs.items()]
        says += [line for command in one.live.warmup for line in _command("warmup", command)]
        says += [line for command in one.live.detonate for line in _command("detonate", command)]
    if one.source:
        says.append(("source", one.source))
    rows = [{"what": what, "says": said} for what, said in says]

    def lines(screen: Screen) -> Iterator[str]:
        yield f"{name}\n"
        for what, said in says:
            yield f"  {what:<9} {printable(said)}\n"

    return Listing(name="technique", columns=("what", "says"), rows=rows, lines=lines)


def _command(phase: str, command: Command) -> Iterator[tuple[str, str]]:
    yield phase, command.line
    for thing in command.makes:
        yield "makes", f"{thing.name}; removed with: {thing.remove}"


def runs(found: Sequence[Journal]) -> Listing:
    """A row a run."""
    rows: list[dict[str, Any]] = [
        {
            "run": one.run,
            "technique": one.head["technique"],
            "kind": one.head["kind"],
            "state": one.state,
            "target": one.head.get("target", ""),
            "left": [thing.name for thing in one.left()],
            "folder": str(one.folder),
        }
        for one in found
    ]
    return Listing(name="runs", columns=("run", "technique", "kind", "state", "target", "left", "folder"), rows=rows)


def verified(found: Sequence[Verified]) -> Listing:
    """A row an expected finding."""
    rows = [
        {
            "passed": one.passed,
            "strategy": one.expected.strategy,
            "rule": one.expected.rule,
            "entity": one.expected.entity,
            "finding": one.finding.uid if one.finding else None,
            "time": one.finding.time.isoformat() if one.finding else None,
            "says": one.finding.title if one.finding else one.why,
        }
        for one in found
    ]
    columns = ("passed", "strategy", "rule", "time", "says")
    return Listing(name="verified", columns=columns, rows=rows)
