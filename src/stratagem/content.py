"""Where packaged strategies and playbooks are: beside the package in a wheel, at the project's top in a checkout."""

from __future__ import annotations

from pathlib import Path

from stratagem.errors import UsageError


def folder(name: str) -> Path:
    """The folder of packaged content called `name` (`strategies`, `playbooks`)."""
    package = Path(__file__).parent
    for place in (package / "content" / name, package.parent.parent / name):
        if place.is_dir():
            return place
    raise UsageError(f"the packaged {name} are missing from this installation. Install stratagem again.")
