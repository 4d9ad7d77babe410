"""Plugin folders: a folder that holds `_contract.py` accepts new files, and nothing else is edited.

The file (or folder) name is the plugin's id; the module exports one frozen `PLUGIN`.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Generic, TypeVar

from stratagem.errors import UsageError

T = TypeVar("T")


class Registry(Mapping[str, T], Generic[T]):
    """The plugins of one package, by id, imported on first use.

    Ids are the names of the package's modules that neither begin with an underscore nor are named in `besides`.
    Looking up an unknown id raises UsageError and lists the ids there are.
    """

    def __init__(self, package: str, kind: type[T], *, besides: tuple[str, ...] = ()) -> None:
        self._package = package
        self._kind = kind
        self._besides = besides
        self._loaded: dict[str, T] = {}
        self._declared: frozenset[str] = frozenset()
        self.revision = 0
        """Goes up whenever a plugin is declared or withdrawn: what is remembered of plugins goes by it."""

    @property
    def ids(self) -> tuple[str, ...]:
        """Every plugin's id, sorted, without importing any."""
        return tuple(sorted({*self.packaged, *self._declared})) if self._declared else self.packaged

    @cached_property
    def packaged(self) -> tuple[str, ...]:
        """The ids that the package's own modules have, sorted."""
        package = importlib.import_module(self._package)
        names = (module.name for module in pkgutil.iter_modules(package.__path__))
        return tuple(sorted(name for name in names if not name.startswith("_") and name not in self._besides))

    def declare(self, plugin_id: str, plugin: T) -> None:
        """Add a plugin that no module holds, or replace one that was declared. Raises UsageError for a packaged id."""
        if plugin_id in self.packaged:
            raise UsageError(f"{plugin_id!r} is packaged with stratagem. Choose another name.")
        self._loaded[plugin_id] = plugin
        self._declared |= {plugin_id}
        self.revision += 1

    def withdraw(self, plugin_id: str) -> None:
        """Forget a plugin that was declared; one that was not is left alone."""
        if plugin_id in self._declared:
            self._declared -= {plugin_id}
            del self._loaded[plugin_id]
            self.revision += 1

    def __getitem__(self, plugin_id: str) -> T:
        if plugin_id not in self._loaded:
            if plugin_id not in self.ids:
                folder = self._package.rpartition(".")[2]
                raise UsageError(f"no {plugin_id!r} in {folder}. There are: {', '.join(self.ids)}")
            plugin = importlib.import_module(f"{self._package}.{plugin_id}").PLUGIN
            if not isinstance(plugin, self._kind):
                raise TypeError(f"{self._package}.{plugin_id}.PLUGIN is not a {self._kind.__name__}")
            self._loaded[plugin_id] = plugin
        return self._loaded[plugin_id]

    def __contains__(self, plugin_id: object) -> bool:
        return plugin_id in self.ids

    def __iter__(self) -> Iterator[str]:
        return iter(self.ids)

    def __len__(self) -> int:
        return len(self.ids)
