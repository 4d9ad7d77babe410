"""The files that a new workspace starts with."""

from __future__ import annotations

from pathlib import Path

from stratagem.context.example import FILES as CONTEXT
from stratagem.errors import UsageError
from stratagem.settings import SETTINGS, WORKSPACE_FILE

README = """\
# Detections

Strategies of our own, in the ADS format, run by stratagem.

| folder | holds |
|---|---|
| `strategies/AREA/` | one Markdown file for each strategy; the file name is its id |
| `sources/` | logs that stratagem does not know: `ID.yml` |
| `ingest.yml` | what is dropped before it is stored or matched; without it, nothing |
| `overlays/` | what we change in packaged strategies: `ID.yml` |
| `baselines/` | what we accepted and reset of what baselines learned: `ID.yml` |
| `context/` | what logs do not know: estate, identities, networks, architecture, changes, lists |
| `context/lists/` | values that rules use through `|expand`: `NAME.yml` |

Start a strategy with `stratagem new AREA/NAME`, check it with `stratagem lint`, prove it with `stratagem test`.
As long as `strategies/` is empty, the packaged strategies run.
"""

LIST = """\
# Rules reach these values as `field|expand: '%example_registries%'`: the file's name is the list's.
# An entry may be a plain value. Owner and reason tell the next reader why it is here.
# `valid_from`, `valid_to` and `expires` (its last day) say for events of which time it counts.
values:
  - value: registry.example.com/*
    owner: platform-engineering
    reason: our own registry
    expires: 2027-12-31
"""

IGNORED = """\
# Evidence and results do not belong into this repository.
*.ndjson
/evidence/
/lake/
"""


def lay_out(folder: Path) -> tuple[Path, ...]:
    """Write a new workspace into `folder` and return its files.

    Raises UsageError, and writes nothing, when one of them exists.
    """
    files = {folder / name: text for name, text in _files().items()}
    taken = [str(file) for file in files if file.exists()]
    if taken:
        raise UsageError(f"{', '.join(taken)} exists and is left as it is. Choose an empty folder.")
    try:
        for file, text in files.items():
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{error.filename} cannot be written: {error.strerror}.") from error
    return tuple(files)


def _files() -> dict[str, str]:
    return {
        WORKSPACE_FILE: _settings(),
        "README.md": README,
        ".gitignore": IGNORED,
        "strategies/.gitkeep": "",
        "overlays/.gitkeep": "",
        "baselines/.gitkeep": "",
        **{f"context/{name}": text for name, text in CONTEXT.items()},
        "context/lists/example_registries.yml": LIST,
    }


def _settings() -> str:
    """Every setting, commented out, with what it means."""
    lines = ["# Settings of this workspace. Flags and STRATAGEM_ variables win over them: see `stratagem settings`."]
    for setting in SETTINGS:
        lines += ["", f"# {setting.help}", f"# {setting.name} = {_example(setting.name, setting.default)}"]
    return "\n".join(lines) + "\n"


def _example(name: str, default: object) -> str:
    examples = {
        "format": '"table"',
        "strategies": '"strategies"',
        "rules": '"sigma"',
        "lake": '"lake"',
        "fail_on": '"high"',
        "workers": "2",
        "owner": '"detection-engineering"',
        "horizon": '"90d"',
        "emulations": '"emulations"',
        "lab_kubernetes": '["kind-lab"]',
        "lab_aws": '["111122223333"]',
        "lab_azure": '["7b1f2c3d-4e5a-4b6c-8d7e-9f0a1b2c3d4e/5b000000-0000-4000-8000-000000000001"]',
        "lab_gcp": '["example-lab"]',
    }
    return examples.get(name, str(default).lower())
