"""What is measured: each case is one program on one input, named as the table names it."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bench import contenders
from bench.data import DataSet
from bench.rounds import Case

TENZIR = ("tenzir count", "tenzir count, parallel", "tenzir findings")


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """Everything that cases read, made beforehand."""

    full: DataSet
    tiny: DataSet
    large: DataSet | None
    small: Path
    small_events: int
    public: Path
    """The public CloudTrail rules."""
    fifty: Path
    thousand: Path
    work: Path
    """Where programs run and leave their output."""


def timed(inputs: Inputs) -> list[Case]:
    """The cases of every round: the two programs first, then what stratagem does beyond."""
    make = _Maker(inputs)
    return [*make.tenzir(), *make.stratagem()]


def once(inputs: Inputs) -> list[Case]:
    """Cases that need a state of their own (an empty cache) or a very large input."""
    return list(_Maker(inputs).special())


@dataclass(frozen=True, slots=True)
class _Maker:
    inputs: Inputs

    def tenzir(self) -> Iterator[Case]:
        if contenders.tenzir_version() is None:
            return
        out = self.inputs.work / "tenzir.ndjson"
        parallel = ("--parallelism=max",)
        yield self._tenzir("tenzir count", "Tenzir, rules, findings counted", contenders.COUNT)
        yield self._tenzir("tenzir count, parallel", "Tenzir with --parallelism=max, same", contenders.COUNT, parallel)
        yield self._tenzir("tenzir findings", "Tenzir, rules, findings written", contenders.to_file(out), out=out)
        yield self._tenzir("tenzir tiny", "Tenzir, tiny input", contenders.COUNT, data=self.inputs.tiny)

    def stratagem(self) -> Iterator[Case]:
        full, tiny, make = self.inputs.full, self.inputs.tiny, self._stratagem
        public = self.inputs.public
        yield make("rules", "stratagem, rules, findings written", full.ndjson, full, rules=public, tiny="rules tiny")
        yield make("gzip", "the same on gzip Records[]", full.gzip, full, rules=public, tiny="rules tiny")
        yield self._lake("lake", "stratagem, packaged strategies, OCSF into a lake", full, tiny="lake tiny")
        for name, folder in (("50 rules", self.inputs.fifty), ("1,000 rules", self.inputs.thousand)):
            yield make(name, f"stratagem, {name} of our own", full.ndjson, full, rules=folder, tiny=f"{name} tiny")
            yield make(f"{name} tiny", f"{name} on the tiny input", tiny.ndjson, tiny, rules=folder)
        yield make("rules tiny", "stratagem, rules, tiny input", tiny.ndjson, tiny, rules=public)
        yield self._lake("lake tiny", "stratagem, lake, tiny input", tiny)
        small, count = self.inputs.small, self.inputs.small_events
        yield make("first finding", "one small file, packaged strategies", small, count, least=1)
        yield make("first finding, rules", "one small file, rules", small, count, rules=public, least=1)

    def special(self) -> Iterator[Case]:
        tiny, full, large = self.inputs.tiny, self.inputs.full, self.inputs.large
        thousand = self.inputs.thousand
        cold = partial(self._stratagem, rules=thousand, cache=self.inputs.work / "cold")
        yield cold("1,000 rules, cold", "1,000 rules read and compiled anew, tiny input", tiny.ndjson, tiny)
        yield cold("1,000 rules, cold, full", "1,000 rules read and compiled anew, full input", full.ndjson, full)
        if large:
            public = self.inputs.public
            yield self._stratagem("rules, large", "stratagem, rules, large input", large.ndjson, large, rules=public)

    def _tenzir(
        self,
        name: str,
        title: str,
        then: str,
        options: tuple[str, ...] = (),
        *,
        data: DataSet | None = None,
        out: Path | None = None,
    ) -> Case:
        on = data or self.inputs.full
        return Case(
            name=name,
            title=title,
            command=contenders.tenzir(on.ndjson, self.inputs.public, then=then, options=options),
            events=on.records,
            findings=(lambda _: _lines(out)) if out else counted,
            prepare=partial(_remove, out) if out else lambda: None,
            env=contenders.environment(self.inputs.work / "cache"),
            tiny="" if data else "tenzir tiny",
        )

    def _stratagem(
        self,
        name: str,
        title: str,
        path: Path,
        events: DataSet | int,
        *,
        rules: Path | None = None,
        lake: Path | None = None,
        tiny: str = "",
        cache: Path | None = None,
        least: int = 0,
    ) -> Case:
        stem = self.inputs.work / re.sub(r"\W+", "_", name)
        findings, summary = stem.with_suffix(".ndjson"), stem.with_suffix(".json")
        expected = events if isinstance(events, int) else events.records

        def clean() -> None:
            for left in (findings, summary, lake, cache):
                _remove(left)

        return Case(
            name=name,
            title=title,
            command=contenders.stratagem(path, findings=findings, summary=summary, rules=rules, lake=lake),
            events=expected,
            findings=lambda _: checked(summary, expected, lake, least),
            prepare=clean,
            env=contenders.environment(cache or self.inputs.work / "cache"),
            tiny=tiny,
        )

    def _lake(self, name: str, title: str, data: DataSet, tiny: str = "") -> Case:
        return self._stratagem(name, title, data.ndjson, data, lake=self.inputs.work / "lake", tiny=tiny)


def counted(output: str) -> int:
    """The count that Tenzir prints."""
    found = re.search(r"count: ([0-9]+)", output)
    if not found:
        raise ValueError(f"no count in the output: {output[:200]!r}")
    return int(found[1])


def checked(summary: Path, events: int, lake: Path | None = None, least: int = 0) -> int:
    """The number of findings, once the summary accounts for every event and the lake holds data."""
    told = json.loads(summary.read_bytes())
    if told["events"]["total"] != events or told["quarantined"]["count"]:
        raise ValueError(f"read {told['events']['total']:,} of {events:,} events, quarantined {told['quarantined']}")
    if lake and not any(lake.rglob("*.parquet")):
        raise ValueError("nothing was written into the lake")
    if told["findings"]["total"] < least:
        raise ValueError("no finding")
    return int(told["findings"]["total"])


def _lines(path: Path | None) -> int:
    assert path is not None
    with path.open("rb") as file:
        return sum(chunk.count(b"\n") for chunk in iter(partial(file.read, 1 << 20), b""))


def _remove(path: Path | None) -> None:
    if path is None:
        return
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
