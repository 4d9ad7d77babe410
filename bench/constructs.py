"""One Sigma construct at a time, on records of our own: what the specification wants, what each program does."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID, uuid5

from bench import contenders
from bench.docs import replaced
from bench.matches import Match, stratagem_matches, tenzir_matches
from bench.report import table

PAGE = Path(__file__).parent.parent / "docs" / "explain" / "compared-with-tenzir.md"
_SPACE = UUID("5a1d3f0e-7c1b-4a52-9d7e-0d3b1c5e8f21")


Judged = tuple[Mapping[str, Any], bool | None]
"""What a record adds to a plain one, and whether it matches by the specification; None where that says nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Construct:
    """A detection, and records with what the specification says of each."""

    name: str
    detection: Mapping[str, Any]
    records: Sequence[Judged]

    @property
    def rule(self) -> str:
        return str(uuid5(_SPACE, self.name))

    def event(self, number: int) -> str:
        return str(uuid5(_SPACE, f"{self.name} {number}"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Which records of a construct each side finds, by their number."""

    construct: Construct
    stratagem: frozenset[int]
    tenzir: frozenset[int] = field(default=frozenset())

    @property
    def wrong(self) -> tuple[int, ...]:
        """The records on which stratagem is not as the specification wants."""
        judged = enumerate(self.construct.records)
        return tuple(number for number, (_, wanted) in judged if wanted not in (None, number in self.stratagem))


def one_selection(name: str, selection: Any, *records: Judged) -> Construct:
    """A construct whose detection is one selection."""
    return Construct(name=name, detection={"selection": selection, "condition": "selection"}, records=records)


def ask(constructs: Sequence[Construct], folder: Path) -> list[Answer]:
    """Run both programs over all constructs at once."""
    rules, events = folder / "rules", folder / "events.ndjson"
    rules.mkdir()
    events.write_bytes(b"".join(json.dumps(record).encode() + b"\n" for record in _records(constructs)))
    for number, construct in enumerate(constructs):
        (rules / f"{number:03d}.yml").write_text(json.dumps(_rule(construct)), encoding="utf-8")
    ours = set(stratagem_matches(events, rules, folder))
    theirs = set(tenzir_matches(events, rules, folder)) if contenders.tenzir_version() else set()
    return [Answer(construct=one, stratagem=_found(one, ours), tenzir=_found(one, theirs)) for one in constructs]


def rows(answers: Sequence[Answer]) -> Iterator[tuple[str, ...]]:
    """One row for each record on which the two differ, or one of them from the specification."""
    for answer in answers:
        for number, (record, wanted) in enumerate(answer.construct.records):
            ours, theirs = number in answer.stratagem, number in answer.tenzir
            if ours != theirs or wanted not in (None, ours):
                detection = answer.construct.detection
                shown = detection["selection"] if len(detection) == 2 and "selection" in detection else detection
                yield (
                    answer.construct.name,
                    f"`{json.dumps(shown)}`",
                    f"`{json.dumps(record)}`",
                    *map(_word, (wanted, ours, theirs)),
                )


def _records(constructs: Sequence[Construct]) -> Iterator[dict[str, Any]]:
    for construct in constructs:
        for number, (record, _) in enumerate(construct.records):
            yield {
                "eventVersion": "1.08",
                "userIdentity": {"type": "IAMUser"},
                "eventTime": "2026-01-05T10:20:30Z",
                "eventSource": "iam.amazonaws.com",
                "eventName": "ListUsers",
                "eventID": construct.event(number),
                **record,
            }


def _rule(construct: Construct) -> dict[str, Any]:
    return {
        "title": construct.name,
        "id": construct.rule,
        "status": "test",
        "logsource": {"product": "aws", "service": "cloudtrail"},
        "detection": dict(construct.detection),
        "level": "low",
    }


def _found(construct: Construct, matches: set[Match]) -> frozenset[int]:
    numbers = range(len(construct.records))
    return frozenset(number for number in numbers if (construct.rule, construct.event(number)) in matches)


def _word(matches: bool | None) -> str:
    return "not said" if matches is None else "match" if matches else "no match"


def section(answers: Sequence[Answer]) -> str:
    """What the page says: how much was compared, and every difference."""
    records = sum(len(one.construct.records) for one in answers)
    found = list(rows(answers))
    head = ("construct", "test", "record", "specification", "stratagem", "Tenzir")
    return "\n".join(
        [
            f"Compared: {len(answers)} constructs on {records} records, with Tenzir {contenders.tenzir_version()}.",
            f"On {records - len(found)} records both do the same, as the specification wants where it says.",
            "",
            *table(head, found),
        ]
    )


def main(arguments: list[str]) -> int:
    """`python -m bench.constructs`, with `--write` to put the differences into the page; 1 where ours is wrong."""
    from bench.construct_list import CONSTRUCTS

    if contenders.tenzir_version() is None:
        print("Tenzir is not installed: pip install 'stratagem[bench]'", file=sys.stderr)
        return 3
    with TemporaryDirectory() as folder:
        answers = ask(CONSTRUCTS, Path(folder))
    shown = section(answers)
    if arguments == ["--write"]:
        PAGE.write_text(replaced(PAGE.read_text(encoding="utf-8"), shown), encoding="utf-8")
    print(shown)
    return int(any(one.wrong for one in answers))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
