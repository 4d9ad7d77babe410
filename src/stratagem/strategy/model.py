"""A strategy after reading: the nine ADS sections with their blocks, every part with its line.

Nothing here reads a file. `parse.py` makes these from Markdown and reports problems beside them, so a broken
document still gives a Strategy that the lint checks can work on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from stratagem.baselines._contract import Baseline
from stratagem.emulate.happening import Habit as Habit
from stratagem.emulate.happening import History as History
from stratagem.emulate.happening import ScenarioEvent as ScenarioEvent
from stratagem.rules.correlation import Correlation
from stratagem.rules.model import Filter, Node, Rejection, Rule

SECTIONS = (
    "Goal",
    "Categorization",
    "Strategy Abstract",
    "Technical Context",
    "Blind Spots and Assumptions",
    "False Positives",
    "Validation",
    "Priority",
    "Response",
)
"""The nine ADS headings, in Palantir's order."""

OPTIONAL_SECTIONS = ("Additional Resources",)

STATUSES = ("draft", "shadow", "live")
LEVELS = ("informational", "low", "medium", "high", "critical")
"""Sigma's levels, low to high; `risk_only` stands below them in a priority block."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A fenced code block of a known kind (`sigma`, `filter`, `scenario`, `telemetry`, `priority`, `playbook`, ...).

    `data` is the YAML value; `lines` gives the document line of a path inside it ("detection.selection" -> 31).
    """

    kind: str
    language: str
    text: str
    data: Any
    line: int
    """The document line of the block's first content line."""
    section: str
    lines: Mapping[str, int] = field(default_factory=dict)

    def line_of(self, path: str) -> int:
        """The document line of `path`, or of its closest parent that is known, or of the block."""
        while path:
            if path in self.lines:
                return self.lines[path]
            path = path.rpartition(".")[0]
        return self.line


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeFence:
    """A fenced block of no kind of ours: shown to people, read by the command checks."""

    language: str
    text: str
    line: int
    section: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One heading of level 2 and what stands under it. `text` is the Markdown as written, without the heading."""

    title: str
    text: str
    line: int
    blocks: tuple[Block, ...] = ()
    fences: tuple[CodeFence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A statement about behaviour that runs: these events give a finding, stay silent, or are (so far) missed."""

    name: str
    expect: str
    events: tuple[ScenarioEvent, ...]
    rule: str | None = None
    """The rule's `name` within the document; None is any of them."""
    level: str | None = None
    """For `expect: finding`: the level that the priority block must give."""
    near_miss_of: str | None = None
    """For `expect: silent`: the positive scenario that this one almost is."""
    why: str = ""
    live: str = ""
    """The command that causes it for real."""
    emulate: str | None = None
    """The technique of `stratagem emulate` that causes it."""
    history: History | None = None
    identities: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Actor -> its principals, as `context/identities.yml` would have them."""
    context: Mapping[str, Any] = field(default_factory=dict)
    """Documents as the files of `context/` hold them, by name; see `stratagem.context.inline`."""
    until: str | None = None
    """How long after the start all events have arrived; None: a day after the last event."""
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PriorityLevel:
    """A level and when it holds; the first that holds wins. `when` None always holds."""

    level: str
    when: Node | None = None
    because: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Priority:
    """How much an alert matters: its title with {fields}, level criteria, key and budget."""

    title: str
    levels: tuple[PriorityLevel, ...]
    key: tuple[str, ...] = ()
    budget_per_day: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Telemetry:
    """A source that the strategy needs, and the level of detail; checked against what arrives."""

    source: str
    level: str | None = None
    why: str = ""
    enable: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Playbook:
    """The shared playbook that a strategy uses, and its own additions."""

    use: str | None = None
    questions: tuple[Mapping[str, Any], ...] = ()
    evidence: tuple[Mapping[str, Any], ...] = ()
    steps: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Strategy:
    """One ADS document. `id` is the file name without its ending; `area` the folder."""

    id: str
    area: str
    file: str
    title: str
    status: str = "draft"
    owner: str = ""
    attack: tuple[str, ...] = ()
    attack_version: str | None = None
    """None: the workspace's version."""
    severity: str = "medium"
    sections: Mapping[str, Section] = field(default_factory=dict)
    """By title as in SECTIONS (aliases such as "Validation (Adversary Emulation)" resolved), in document order."""
    unknown_sections: tuple[Section, ...] = ()
    front_matter: Mapping[str, Any] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()
    correlations: tuple[Correlation, ...] = ()
    baselines: tuple[Baseline, ...] = ()
    rejected: tuple[Rejection, ...] = ()
    filters: tuple[Filter, ...] = ()
    scenarios: tuple[Scenario, ...] = ()
    priority: Priority | None = None
    telemetry: tuple[Telemetry, ...] = ()
    playbook: Playbook | None = None
    blocks: tuple[Block, ...] = ()
    text: str = ""
    """The whole document as read."""
