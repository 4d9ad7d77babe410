"""The packages that a strategy tells people to install, by package manager."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from stratagem.strategy.checks._commands import Command, commands
from stratagem.strategy.model import Strategy


@dataclass(frozen=True, slots=True, kw_only=True)
class Install:
    """A package that a command installs. `pinned`: with a version or hash in the command."""

    manager: str
    package: str
    pinned: bool
    command: Command


_MANAGERS = {
    "pip": ("pip", "install"),
    "pip3": ("pip", "install"),
    "pipx": ("pip", "install"),
    "uv": ("pip", "install"),
    "npm": ("npm", "install"),
    "yarn": ("npm", "add"),
    "go": ("go", "install"),
    "gem": ("gem", "install"),
    "cargo": ("cargo", "install"),
    "apt": ("apt", "install"),
    "apt-get": ("apt", "install"),
    "brew": ("brew", "install"),
    "install-module": ("psgallery", ""),
    "install-psresource": ("psgallery", ""),
}
_TAKES_VALUE = frozenset(
    {
        "-r",
        "--requirement",
        "-c",
        "--constraint",
        "-i",
        "--index-url",
        "--extra-index-url",
        "-t",
        "--target",
        "-e",
        "--editable",
    }
    | {"--version", "--root", "-requiredversion", "-scope", "-repository", "-minimumversion", "-proxy", "-v"}
)


def installs(strategy: Strategy) -> Iterator[Install]:
    """Every package that a command installs, whichever way it stands in the document."""
    for command in commands(strategy):
        words = list(command.words)
        if words[:3] and words[0].lower() in ("python", "python3", "py") and words[1:3] == ["-m", "pip"]:
            words = words[2:]
        if not words or words[0].lower() not in _MANAGERS:
            continue
        manager, verb = _MANAGERS[words[0].lower()]
        rest = words[1:]
        if verb:
            if words[0].lower() == "npm" and rest[:1] in (["i"], ["add"]):
                rest[0] = verb
            if verb not in rest[:3]:
                continue
            rest = rest[rest.index(verb) + 1 :]
        yield from _packages(manager, rest, command)


def _packages(manager: str, words: list[str], command: Command) -> Iterator[Install]:
    hashed = any(word.startswith("--hash") or word.lower() == "-requiredversion" for word in words)
    skip = False
    for word in words:
        if skip or word.startswith("-"):
            skip = not skip and word.lower() in _TAKES_VALUE
            continue
        if word.startswith((".", "/", "<", "$", "http://", "https://", "git+", "~")) or word.endswith((".whl", ".txt")):
            continue
        name = re.split(r"[=<>!~\[;]|(?<=.)@", word)[0].strip("'\"")
        if name:
            yield Install(manager=manager, package=name, pinned=hashed or "==" in word, command=command)
