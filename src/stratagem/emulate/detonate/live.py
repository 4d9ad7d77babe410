"""Live detonation: real commands against a lab that the settings allow, everything recorded before it is done."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path

from stratagem.emulate.detonate import command, journal
from stratagem.emulate.detonate.command import CommandFailed, Done
from stratagem.emulate.detonate.journal import CLEAN, COLD, DETONATED, FAILED, REVERTED, WARM, Journal, Left
from stratagem.emulate.detonate.sandboxes import SANDBOXES
from stratagem.emulate.detonate.sandboxes._contract import Sandbox
from stratagem.emulate.techniques import TECHNIQUES
from stratagem.emulate.techniques._contract import Command, Live
from stratagem.errors import UsageError

ASKING_SECONDS = 30.0
REMOVING_SECONDS = 180.0
"""How long the removal of one thing may take: deleting a namespace waits for what is in it."""


def begin(home: Path, technique: str, allowed: Sequence[str], given: Mapping[str, str]) -> Journal:
    """A new live run, once the target is known to be a lab.

    Raises UsageError for a technique without commands, a value that is missing, and a target that is not allowed.
    """
    live = _live(technique)
    missing = [f"--set {name}=VALUE ({what})" for name, what in live.needs.items() if not given.get(name)]
    unknown = [name for name in given if name not in live.needs]
    if missing or unknown:
        wants = "; ".join(missing) or f"it takes no {', '.join(unknown)}"
        raise UsageError(f"{technique}: {wants}.")
    target = guard(SANDBOXES[live.sandbox], allowed)
    return journal.begin(
        home, technique, "live", sandbox=live.sandbox, target=target, given=dict(given), marker="the run's id"
    )


def guard(sandbox: Sandbox, allowed: Sequence[str]) -> str:
    """The target that commands go to now, if it is on the allow-list. Raises UsageError."""
    if not allowed:
        raise UsageError(
            f"no {sandbox.target} is allowed. Live detonation touches only a lab that you name: set "
            f'{sandbox.setting} = ["..."] in stratagem.toml.'
        )

    def ask(argv: Sequence[str]) -> str:
        done = command.run(sandbox.tool, argv, timeout=ASKING_SECONDS)
        if done.code != 0:
            raise CommandFailed(f"{sandbox.tool} does not say where it would go: {done.errors.strip()}")
        return done.output

    target = sandbox.where(ask)
    if target not in allowed:
        listed = ", ".join(allowed)
        raise UsageError(
            f"{sandbox.tool} would go to {sandbox.target} {target!r}, which is no lab: "
            f"{sandbox.setting} allows {listed}."
        )
    return target


def warmup(run: Journal, allowed: Sequence[str]) -> None:
    """Make what the attack needs."""
    if run.state in (COLD, FAILED):
        _phase(run, "warmup", _live(run.head["technique"]).warmup, allowed)
        run.append("state", state=WARM)


def detonate(run: Journal, allowed: Sequence[str]) -> None:
    """Do it. A cold run is warmed up first; one that was detonated must be reverted before."""
    if run.must_warm_up():
        warmup(run, allowed)
    run.append("state", state=DETONATED)  # Before the first command: from here on findings may follow.
    _phase(run, "detonate", _live(run.head["technique"]).detonate, allowed)


def revert(run: Journal, allowed: Sequence[str]) -> tuple[str, ...]:
    """Remove what the detonation made; names of what was removed. Raises CommandFailed with all that stays."""
    gone = _remove(run, ("detonate",), allowed)
    run.append("state", state=REVERTED)
    return gone


def cleanup(run: Journal, allowed: Sequence[str]) -> tuple[str, ...]:
    """Remove everything that the record says was made, the latest first. It may be called again after a failure."""
    gone = _remove(run, (), allowed)
    run.append("state", state=CLEAN)
    return gone


def _live(technique: str) -> Live:
    live = TECHNIQUES[technique].live
    if live is None:
        raise UsageError(f"{technique} has no commands for a lab. Detonate it offline: leave out --live.")
    return live


def _phase(run: Journal, phase: str, commands: Sequence[Command], allowed: Sequence[str]) -> None:
    sandbox = _same(run, allowed)
    words = _words(run, sandbox)
    for one in commands:
        for thing in one.makes:
            run.makes(phase, _filled(thing.name, words), thing.remove, thing.find)
        done = _run(run, sandbox, one.line, stdin=one.stdin, timeout=one.timeout_seconds)
        typed = _filled(one.line, words)
        run.append("ran", phase=phase, line=typed, code=done.code, errors=done.errors[:400])
        if done.code is None or (done.code != 0 and not one.may_fail):
            run.append("state", state=FAILED)
            raise CommandFailed(
                f"{typed}: {done.errors.strip() or f'ended with {done.code}'}. "
                f"Remove what was made: stratagem emulate cleanup {run.run}"
            )


def _remove(run: Journal, phases: Sequence[str], allowed: Sequence[str]) -> tuple[str, ...]:
    sandbox = _same(run, allowed)
    gone, stay = [], []
    for thing in run.left(phases):
        if wrong := _gone(run, sandbox, thing):
            stay.append(f"{thing.name} ({wrong})")
        else:
            run.append("removed", number=thing.number, name=thing.name)
            gone.append(thing.name)
    if stay:
        raise CommandFailed(f"run {run.run}: still there: {'; '.join(stay)}. Try again, or remove it by hand.")
    return tuple(gone)


def _gone(run: Journal, sandbox: Sandbox, thing: Left) -> str:
    """Remove it; empty, or what went wrong."""
    found: list[str] = [""]
    if thing.find:
        done = _run(run, sandbox, thing.find, timeout=REMOVING_SECONDS)
        found = done.output.split()
        if done.code != 0:
            return done.errors.strip()[-300:]
    for one in found:
        done = _run(run, sandbox, thing.remove, {"found": one}, timeout=REMOVING_SECONDS)
        if done.code != 0 and not any(text in done.errors for text in sandbox.absent):
            return done.errors.strip()[-300:] or f"ended with {done.code}"
    return ""


def _same(run: Journal, allowed: Sequence[str]) -> Sandbox:
    """The run's sandbox, if its tool still goes where the run began. Raises UsageError."""
    sandbox, begun = SANDBOXES[run.head["sandbox"]], run.head["target"]
    now = guard(sandbox, allowed)
    if now != begun:
        raise UsageError(f"run {run.run} began in {begun}, and {sandbox.tool} would now go to {now}. Switch back.")
    return sandbox


def _run(
    run: Journal,
    sandbox: Sandbox,
    line: str,
    more: Mapping[str, str] | None = None,
    *,
    stdin: str = "",
    timeout: float,
) -> Done:
    words = {**_words(run, sandbox), **(more or {})}
    # Split first and filled then: no value can become two words or another option.
    argv = tuple(_filled(word, words) for word in shlex.split(line)[1:])
    return command.run(
        sandbox.tool,
        sandbox.bind(argv, run.head["target"]),
        stdin=_filled(stdin, words),
        environment=sandbox.marks(run.run),
        timeout=timeout,
    )


def _words(run: Journal, sandbox: Sandbox) -> Mapping[str, str]:
    return {**sandbox.words, **run.head["given"], "run": run.run}


def _filled(text: str, words: Mapping[str, str]) -> str:
    # Only known names: JSON and JSONPath have braces of their own.
    for name, value in words.items():
        text = text.replace("{" + name + "}", value)
    return text
