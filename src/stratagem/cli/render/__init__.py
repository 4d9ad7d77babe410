"""How results are written: one file a format, by the name that `--format` takes."""

from __future__ import annotations

from stratagem.cli.render._contract import Format
from stratagem.registry import Registry

FORMATS: Registry[Format] = Registry(__name__, Format)
"""Every format by its name."""
