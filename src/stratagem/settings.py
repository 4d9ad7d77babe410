"""Settings: what a user may fix once instead of typing it each time.

Looked for in this order: flag, environment (`STRATAGEM_FAIL_ON`), the workspace's `stratagem.toml`,
the user's `config.toml`, the default. A key that no setting has is an error that names the valid ones.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import timedelta
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from typing import Any

from stratagem.errors import UsageError
from stratagem.strategy.model import LEVELS

WORKSPACE_FILE = "stratagem.toml"
PREFIX = "STRATAGEM_"
FORMATS = ("table", "ndjson", "json", "csv", "md", "junit", "sarif")

Reader = Callable[[object, Path], Any]
"""Takes the value as written (text from a flag or the environment, a TOML value from a file) and the folder
that relative paths start from. Raises ValueError with what it wants instead."""


def _text(value: object, base: Path) -> str:
    if not isinstance(value, str):
        raise ValueError("text")
    return value


def _path(value: object, base: Path) -> Path:
    if not isinstance(value, str | Path) or not str(value):
        raise ValueError("a path")
    return base / Path(value).expanduser()


def _place(value: object, base: Path) -> str:
    """A folder or a URI: what has a scheme stays as it is, else it is a path."""
    text = _text(value, base)
    return text if "://" in text else str(_path(text, base))


def _version(value: object, base: Path) -> str:
    """A version's number (TOML reads 18.1 as one), or the path of a file."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    text = str(value) if is_number else _text(value, base)
    return str(_path(text, base)) if text.endswith(".json") else text


def _flag(value: object, base: Path) -> bool:
    words = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in words:
        return words[value.lower()]
    raise ValueError("true or false")


def _names(value: object, base: Path) -> tuple[str, ...]:
    """A TOML array of texts, or text with commas between."""
    found = value.split(",") if isinstance(value, str) else value
    if not isinstance(found, list) or not all(isinstance(one, str) and one.strip() for one in found):
        raise ValueError("a list of names")
    return tuple(one.strip() for one in found)


def _count(value: object, base: Path) -> int:
    digits = isinstance(value, str) and value.isdecimal()
    if isinstance(value, bool) or not (isinstance(value, int) or digits) or int(str(value)) < 1:
        raise ValueError("a whole number from 1 up")
    return int(str(value))


def _days(value: object, base: Path) -> timedelta:
    found = re.fullmatch(r"([1-9]\d{0,4})(d|w)", value) if isinstance(value, str) else None
    if found is None:
        raise ValueError("days or weeks: 90d or 12w")
    return timedelta(days=int(found[1]) * (7 if found[2] == "w" else 1))


def _one_of(choices: tuple[str, ...]) -> Reader:
    def read(value: object, base: Path) -> str:
        if value not in choices:
            raise ValueError(f"one of {', '.join(choices)}")
        return str(value)

    return read


def _about(read: Reader, describe: str) -> Mapping[str, Any]:
    return {"read": read, "help": describe}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Every setting with its value; `origins` says where each one that is not a default came from."""

    format: str | None = field(
        default=None,
        metadata=_about(
            _one_of(FORMATS),
            "How results are written. Unset: a table on a terminal, NDJSON into a pipe or file.",
        ),
    )
    strategies: Path | None = field(
        default=None,
        metadata=_about(
            _path,
            "The folder of strategies that run. Unset: the workspace's, else the packaged library.",
        ),
    )
    rules: Path | None = field(
        default=None, metadata=_about(_path, "A folder of plain Sigma rules to run as they are.")
    )
    lake: str | None = field(
        default=None, metadata=_about(_place, "Folder or URI of the Delta lake that keeps the events.")
    )
    fail_on: str | None = field(
        default=None,
        metadata=_about(_one_of(LEVELS), "Exit with 1 when a finding has this level or a higher one."),
    )
    strict: bool = field(
        default=False,
        metadata=_about(_flag, "Exit with 2 when a rule was rejected, or a record or file was quarantined."),
    )
    horizon: timedelta | None = field(
        default=None,
        metadata=_about(
            _days,
            "How far back a run into a lake may change findings: 90d. Older ones stand, and what was observed "
            "longer ago than they need is dropped. Unset: everything is kept.",
        ),
    )
    workers: int | None = field(
        default=None, metadata=_about(_count, "Worker processes. Unset: as many as there are cores.")
    )
    quiet: bool = field(
        default=False, metadata=_about(_flag, "Leave out progress, summary and hints on standard error.")
    )
    attack_version: str = field(
        default="18.1",
        metadata=_about(
            _version, "The ATT&CK version: 18.1, 19, or the path of a table that `stratagem attack refresh` wrote."
        ),
    )
    owner: str = field(default="", metadata=_about(_text, "Who owns the strategies that `stratagem new` starts."))
    emulations: Path | None = field(
        default=None,
        metadata=_about(
            _path, "The folder of emulation runs and their records. Unset: emulations/ in the workspace, else here."
        ),
    )
    lab_kubernetes: tuple[str, ...] = field(
        default=(),
        metadata=_about(_names, "Kubeconfig contexts that `stratagem emulate --live` may touch; none else."),
    )
    lab_aws: tuple[str, ...] = field(
        default=(), metadata=_about(_names, "AWS account numbers that `stratagem emulate --live` may touch; none else.")
    )
    lab_azure: tuple[str, ...] = field(
        default=(),
        metadata=_about(_names, "TENANT/SUBSCRIPTION that `stratagem emulate --live` may touch; none else."),
    )
    lab_gcp: tuple[str, ...] = field(
        default=(),
        metadata=_about(_names, "Google Cloud projects that `stratagem emulate --live` may touch; none else."),
    )
    origins: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One setting as the reference page and `stratagem settings` show it."""

    name: str
    default: Any
    help: str
    read: Reader

    @property
    def variable(self) -> str:
        """The environment variable that sets it."""
        return PREFIX + self.name.upper()


SETTINGS: tuple[Setting, ...] = tuple(
    Setting(name=item.name, default=item.default, help=item.metadata["help"], read=item.metadata["read"])
    for item in fields(Settings)
    if item.metadata
)
_BY_NAME = {setting.name: setting for setting in SETTINGS}


def find_workspace(start: Path) -> Path | None:
    """The nearest folder, from `start` upwards, that holds a stratagem.toml."""
    return next((folder for folder in (start, *start.parents) if (folder / WORKSPACE_FILE).is_file()), None)


def user_file(environ: Mapping[str, str] = os.environ) -> Path:
    """Where the user's own settings are: $XDG_CONFIG_HOME/stratagem/config.toml."""
    home = environ.get("XDG_CONFIG_HOME") or str(Path("~/.config").expanduser())
    return Path(home) / "stratagem" / "config.toml"


def load(
    *,
    flags: Mapping[str, object] | None = None,
    environ: Mapping[str, str] = os.environ,
    workspace: Path | None = None,
    user: Path | None = None,
    cwd: Path | None = None,
) -> Settings:
    """Settings from every place. Flags that are None were not given.

    Raises UsageError with every unknown key and unusable value, each with its place and what would do.
    """
    here = cwd or Path()
    values: dict[str, Any] = {}
    origins: dict[str, str] = {}
    wrong: list[str] = []
    for origin, base, given in _layers(flags or {}, environ, workspace, user, here, wrong):
        for name, value in given.items():
            where = origin(name)
            try:
                values[name] = _BY_NAME[name].read(value, base)
                origins[name] = where
            except ValueError as error:
                wrong.append(f"{where}: {value!r} does not work for {name}. Give {error}.")
    if wrong:
        raise UsageError("\n".join(wrong))
    return Settings(**values, origins=origins)


def _layers(
    flags: Mapping[str, object],
    environ: Mapping[str, str],
    workspace: Path | None,
    user: Path | None,
    here: Path,
    wrong: list[str],
) -> Iterator[tuple[Callable[[str], str], Path, Mapping[str, object]]]:
    """(where it is said, folder of relative paths, values), the weakest first."""
    for file in (user, workspace / WORKSPACE_FILE if workspace else None):
        if file is not None and file.is_file():
            yield partial("{}: {}".format, file), file.parent, _read_file(file, wrong)
    in_environment = {item.name: environ[item.variable] for item in SETTINGS if environ.get(item.variable)}
    yield lambda name: _BY_NAME[name].variable, here, in_environment
    yield (
        lambda name: "--" + name.replace("_", "-"),
        here,
        {name: value for name, value in flags.items() if value is not None},
    )


def _read_file(file: Path, wrong: list[str]) -> Mapping[str, object]:
    try:
        text = file.read_text(encoding="utf-8")
        data = tomllib.loads(text)
    except (OSError, ValueError) as error:
        wrong.append(f"{file}: cannot be read as TOML: {error}")
        return {}
    for key in data.keys() - _BY_NAME.keys():
        wrong.append(f"{file}:{_line_of(text, key)}: unknown key {key!r}.{suggest(key)}")
    return {key: value for key, value in data.items() if key in _BY_NAME}


def _line_of(text: str, key: str) -> int:
    pattern = re.compile(rf"""^\s*\[*\s*["']?{re.escape(key)}\b""")
    return next((number for number, line in enumerate(text.splitlines(), 1) if pattern.match(line)), 1)


def suggest(key: str) -> str:
    """What a wrong key may have meant, and the valid ones."""
    close = get_close_matches(key, _BY_NAME, n=1)
    meant = f" Did you mean {close[0]!r}?" if close else ""
    return f"{meant} Valid keys: {', '.join(_BY_NAME)}."


def misspelt_variables(environ: Mapping[str, str] = os.environ) -> tuple[str, ...]:
    """Notes on environment variables that look like a mistyped setting.

    They are no errors: beside a service of that name, Kubernetes gives pods STRATAGEM_SERVICE_HOST and more.
    """
    variables = [item.variable for item in SETTINGS]
    unknown = sorted(name for name in environ if name.startswith(PREFIX) and name not in variables)
    close = ((name, get_close_matches(name, variables, n=1, cutoff=0.88)) for name in unknown)
    return tuple(f"{name} is no setting. Did you mean {match[0]}?" for name, match in close if match)
