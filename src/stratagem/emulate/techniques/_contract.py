"""What an emulated technique says. Drop a module into this folder that exports `PLUGIN = Technique(...)`.

Both kinds are here: `events` are the telemetry that the attack leaves (offline), `live` the commands for a lab.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from stratagem.emulate.happening import Habit, History, ScenarioEvent

__all__ = ["Command", "Expected", "Habit", "History", "Live", "ScenarioEvent", "Technique", "Thing"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """A finding that must follow: which strategy reports, and whom or what it names."""

    strategy: str
    rule: str | None = None
    """The rule, correlation or baseline within the strategy; None: any of them."""
    entity: str = ""
    """A part of the finding's principal, key or title. For offline runs; a live run's is its marker."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """Something that a command makes or changes, and how it goes away again.

    `remove` is tried also where the thing was never made, because cleaning up after a crash tries everything.
    """

    name: str
    remove: str
    find: str = ""
    """A command that prints what `remove` takes as `{found}`, one a line; nothing printed is gone already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A command as somebody would type it: `kubectl get secrets -A`. No shell reads it; quotes keep words together.

    In every text `{run}` is the run's marker, short and fit for names, `{NAME}` what the user gave for it, and the
    sandbox has words of its own.
    """

    line: str
    stdin: str = ""
    makes: tuple[Thing, ...] = ()
    """Recorded before the command runs, so that a crash between the two loses nothing."""
    may_fail: bool = False
    """The attempt is what leaves the trace; that it is refused is no error."""
    timeout_seconds: float = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """Real commands against a lab. `warmup` makes what the attack needs, `detonate` is the attack itself.

    What `detonate` made is removed by a revert, all that both made by a cleanup, the latest first.
    """

    sandbox: str
    """The plugin of `emulate/detonate/sandboxes` that guards and runs the commands."""
    detonate: tuple[Command, ...]
    warmup: tuple[Command, ...] = ()
    needs: Mapping[str, str] = field(default_factory=dict)
    """Names that the user gives values for (`--set NAME=VALUE`), and what each is."""
    cost: str = "none"
    """What it costs in money or trouble, for people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Technique:
    """One attack, small enough that one finding proves it."""

    title: str
    attack: tuple[str, ...]
    platform: str
    """kubernetes, aws, azure, entra, m365, gcp, workspace, registry, cicd, runtime or network."""
    describe: str
    """What an attacker does and why, in a sentence or two."""
    expected: tuple[Expected, ...]
    events: tuple[ScenarioEvent, ...]
    """The telemetry that it leaves, in the words of scenarios: a base, and what differs."""
    history: History | None = None
    """What must have happened before, for strategies that learn."""
    identities: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Actor -> principals, where the strategy needs to know who is who."""
    live: Live | None = None
    unseen: str = ""
    """Where nothing is expected: why no log shows it."""
    source: str = ""
    """Where the commands come from: a public page, a tool's documentation."""

    @property
    def kinds(self) -> tuple[str, ...]:
        """offline, and live where it has commands."""
        return ("offline", "live") if self.live else ("offline",)
