"""A workspace that does nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from stratagem.detect.model import Finding
from stratagem.errors import Problem
from tests.unit.cli import samples


class FakeWorkspace:
    """Answers with what a test put in, and remembers what it was asked."""

    def __init__(self) -> None:
        self.findings: Sequence[Finding] = (samples.finding(),)
        self.summary: Mapping[str, Any] = samples.summary()
        self.problems: Sequence[Problem] = ()
        self.quarantined: Sequence[Any] = ()
        self.tests: Sequence[Any] = ()
        self.step: Any = None
        self.files: Sequence[Any] = ()
        self.draft: Any = SimpleNamespace(id="report", markdown="# Draft\n", notes=("the goal is missing",))
        self.learned: Sequence[Any] = ()
        self.changes: Sequence[Any] = ()
        self.asked: dict[str, Any] = {}

    def run(self, paths: Sequence[str], **options: Any) -> Any:
        self.asked = {"paths": paths, **options}
        return SimpleNamespace(
            findings=self.findings, summary=self.summary, problems=self.problems, quarantined=self.quarantined
        )

    def lint(self, paths: Any) -> Any:
        self.asked = {"paths": paths}
        return self.problems

    def test(self, paths: Any) -> Any:
        self.asked = {"paths": paths}
        return self.tests

    def explain(self, analytic: str, event: str, **folders: Any) -> Any:
        self.asked = {"analytic": analytic, "event": event, **folders}
        return self.step

    def identify(self, paths: Any) -> Any:
        return iter(self.files)

    def import_file(self, path: Path) -> Any:
        return self.draft

    def new(self, strategy_id: str, area: str, *, owner: str) -> Path:
        return Path("strategies") / area / f"{strategy_id}.md"

    def baselines(self, analytic: str, paths: Any, **options: Any) -> Any:
        self.asked = {"analytic": analytic, "paths": paths, **options}
        return self.learned

    def baseline_diff(self, before: Path, after: Path | None, **options: Any) -> Any:
        self.asked = {"before": before, "after": after, **options}
        return self.changes

    def accept(self, analytic: str, key: Sequence[str], **options: Any) -> Any:
        self.asked = {"analytic": analytic, "key": key, **options}
        return Path("baselines/unusual_pods.yml"), "- accept: registries\n"

    def reset_baseline(self, analytic: str, key: Sequence[str] | None, **options: Any) -> Any:
        self.asked = {"analytic": analytic, "key": key, **options}
        return Path("baselines/unusual_pods.yml"), "- reset: registries\n"
