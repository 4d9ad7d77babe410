"""A lab's tool, how it is recognised as a lab, and how telemetry is tied to a run.

Drop a module into this folder that exports `PLUGIN = Sandbox(...)`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

Ask = Callable[[Sequence[str]], str]
"""Runs a read-only command of the tool and gives its output. Raises CommandFailed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sandbox:
    """Guards the commands of one tool. Functions are plain; only `where` asks the tool."""

    tool: str
    """The executable, looked for on PATH."""
    setting: str
    """The setting that lists the targets which may be touched."""
    target: str
    """What a target is, for people: "kubeconfig context"."""
    where: Callable[[Ask], str]
    """The target that commands would go to now."""
    bind: Callable[[tuple[str, ...], str], tuple[str, ...]]
    """A command's arguments, pinned to a target, so that it goes nowhere else whatever is switched meanwhile."""
    marks: Callable[[str], Mapping[str, str]]
    """Environment variables by which the tool puts the run's marker into what the provider logs."""
    absent: tuple[str, ...]
    """Of these one stands in the tool's error where what should be removed is not there."""
    tie: str
    """Where the marker shows up in the telemetry, for people."""
    words: Mapping[str, str] = field(default_factory=dict)
    """Names in braces that commands of this tool may use, beside the run and what the user gives."""
