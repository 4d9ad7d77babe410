"""Who may import whom, what plugin folders promise, and what must stay cheap to load."""

from __future__ import annotations

import ast
import dataclasses
import importlib
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from stratagem.registry import Registry

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "src" / "stratagem"

ORDER = (
    "errors",
    "registry",
    "window",
    "clock",
    "places",
    "complaints",
    "arrays",
    "sqltext",
    "cache",
    "relation",
    "quantity",
    "content",
    "facts",
    "attack",
    "sources",
    "ingest",
    "context",
    "rules",
    "baselines",
    "emulate",
    "strategy",
    "settings",
    "skeleton",
    "library",
    "detect.model",
    "emulate.detonate",
    "emulate.estate",
    "events",
    "lake",
    "detect",
    "engines",
    "detect.run",
    "learned",
    "proving",
    "mutation",
    "evasion",
    "scores",
    "forecast",
    "health",
    "coverage",
    "quiet",
    "emulator",
    "workspace",
    "cli",
    "__main__",
)
"""A module may import from its own line and from the lines above. The longest name that fits a module is its line."""

HEAVY = ("sigma", "deltalake", "duckdb", "pyarrow", "pandas", "requests", "urllib3", "http.client", "socket", "ssl")


def _modules() -> dict[str, Path]:
    files = sorted(PACKAGE.rglob("*.py"))
    return {_name(file): file for file in files if "bases" not in file.parent.name}


def _name(file: Path) -> str:
    parts = file.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = _modules()


def _line(module: str) -> int | None:
    fitting = [name for name in ORDER if module == name or module.startswith(f"{name}.")]
    return ORDER.index(max(fitting, key=len)) if fitting else None


@cache
def _imports(file: Path) -> tuple[tuple[int, str], ...]:
    """(line number, imported module) for every import, those inside functions too."""
    return tuple(_imported(ast.parse(file.read_text(encoding="utf-8"))))


def _imported(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                is_module = inner.removeprefix("stratagem.") in MODULES
                yield node.lineno, inner if is_module else node.module


@pytest.mark.parametrize("module", [name for name in MODULES if name])
def test_every_module_has_a_line_in_the_order(module: str) -> None:
    assert _line(module) is not None, f"add {module.partition('.')[0]!r} to ORDER"


@pytest.mark.parametrize("module", [name for name in MODULES if name])
def test_modules_import_only_from_the_lines_above(module: str) -> None:
    here = _line(module)
    assert here is not None
    wrong = [
        f"{MODULES[module]}:{number}: {module} imports {target}"
        for number, target in _imports(MODULES[module])
        if target.startswith("stratagem.") and (_line(target.removeprefix("stratagem.")) or 0) > here
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    ("library", "home"),
    [("sigma", "rules"), ("deltalake", "lake"), ("typer", "cli"), ("rich", "cli"), ("hyperscan", "rules")],
)
def test_a_library_is_imported_in_one_place(library: str, home: str) -> None:
    users = {
        name.partition(".")[0]
        for name, file in MODULES.items()
        for _, target in _imports(file)
        if target.partition(".")[0] == library
    }
    assert users <= {home}


def _plugin_folders() -> list[str]:
    return sorted(_name(file.parent / "__init__.py") for file in PACKAGE.rglob("_contract.py"))


@pytest.mark.parametrize("folder", _plugin_folders())
def test_a_folder_with_a_contract_has_one_registry_of_frozen_plugins(folder: str) -> None:
    package = importlib.import_module(f"stratagem.{folder}")
    (registry,) = [value for value in vars(package).values() if isinstance(value, Registry)]
    assert registry.ids, f"{folder} has no plugin"
    for plugin_id in registry:
        plugin = registry[plugin_id]
        assert dataclasses.is_dataclass(plugin)
        assert plugin.__dataclass_params__.frozen, f"{folder}.{plugin_id}.PLUGIN is not frozen"


def _loaded_by(statement: str) -> set[str]:
    """The modules that a fresh interpreter has loaded after `statement`."""
    code = f"import sys; {statement}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_compile_is_pure() -> None:
    loaded = _loaded_by("import stratagem.detect.compile")
    assert not loaded & set(HEAVY)
    assert not {name for name in loaded if name.startswith(("stratagem.engines", "stratagem.lake"))}


def test_the_command_line_starts_without_what_only_some_commands_need() -> None:
    loaded = _loaded_by("import stratagem.cli.app")
    assert not loaded & {"sigma", "deltalake", "duckdb", "pyarrow", "numpy", "rich", "hyperscan", "jsonschema", "yaml"}


def test_importing_the_cli_package_loads_nothing_else_of_ours() -> None:
    assert {name for name in _loaded_by("import stratagem.cli") if name.startswith("stratagem.")} == {"stratagem.cli"}
