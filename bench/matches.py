"""Do Tenzir and stratagem find the same? Matches as (rule id, event id), and every difference by rule."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench import contenders
from bench.process import run
from stratagem.sources._json import encode

Match = tuple[str, str]
"""Rule id and event id."""
_TIMEOUT = 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What one of the two finds for a rule and the other does not, with one event as an example."""

    rule: str
    title: str
    only_tenzir: int
    only_stratagem: int
    example_tenzir: str | None
    example_stratagem: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Both sets of matches over one input."""

    input: str
    records: int
    tenzir: int
    stratagem: int
    both: int
    differences: tuple[Difference, ...]

    @property
    def equal(self) -> bool:
        return not self.differences


def compare(name: str, path: Path, records: int, rules: Path, folder: Path) -> Comparison:
    """Run both over the lines of `path`. Raises RuntimeError with the program's words where one fails."""
    theirs = set(tenzir_matches(path, rules, folder))
    ours = set(stratagem_matches(path, rules, folder))
    return Comparison(
        input=name,
        records=records,
        tenzir=len(theirs),
        stratagem=len(ours),
        both=len(theirs & ours),
        differences=tuple(differences(theirs, ours, _titles(rules))),
    )


def differences(theirs: set[Match], ours: set[Match], titles: Mapping[str, str]) -> Iterator[Difference]:
    """By rule, in the order of their ids."""
    lost, gained = _by_rule(theirs - ours), _by_rule(ours - theirs)
    for rule in sorted({*lost, *gained}):
        yield Difference(
            rule=rule,
            title=titles.get(rule, ""),
            only_tenzir=len(lost[rule]),
            only_stratagem=len(gained[rule]),
            example_tenzir=min(lost[rule], default=None),
            example_stratagem=min(gained[rule], default=None),
        )


def write_plain(records: Iterable[Mapping[str, Any]], path: Path) -> int:
    """Records as lines, whole or not, each with its number as event id so that both programs name it alike."""
    count = 0
    with path.open("wb") as file:
        for count, record in enumerate(records, 1):
            file.write(encode({**record, "eventID": f"record-{count}"}) + b"\n")
    return count


def tenzir_matches(path: Path, rules: Path, folder: Path) -> Iterator[Match]:
    found = folder / "tenzir_matches.ndjson"
    found.unlink(missing_ok=True)
    _run(contenders.tenzir(path, rules, then=f"{contenders.PAIRS} | {contenders.to_file(found)}"), folder)
    if found.exists():
        for row in _rows(found):
            yield str(row["rule"]), str(row["event"])


def stratagem_matches(path: Path, rules: Path, folder: Path) -> Iterator[Match]:
    found = folder / "stratagem_matches.ndjson"
    _run(contenders.stratagem(path, findings=found, summary=folder / "summary.json", rules=rules), folder)
    for row in _rows(found):
        yield row["finding_info"]["analytic"]["uid"], row["evidences"][0]["uid"]


def _run(command: tuple[str, ...], folder: Path) -> None:
    used = run(command, env=contenders.environment(folder / "cache"), folder=folder, timeout=_TIMEOUT)
    if used.code:
        raise RuntimeError(f"{Path(command[0]).name} ended with {used.code}: {used.errors.strip()[-500:]}")


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open("rb") as file:
        for line in file:
            yield json.loads(line)


def _by_rule(matches: Iterable[Match]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for rule, event in matches:
        found[rule].append(event)
    return found


def _titles(rules: Path) -> dict[str, str]:
    from stratagem.rules.load import load_folder

    return {rule.uid: rule.title for rule in load_folder([rules], {}).rules}
