"""The ordinary life of the reference estate: one file a part of it."""

from __future__ import annotations

from stratagem.emulate.estate.life._contract import Life
from stratagem.registry import Registry

LIVES: Registry[Life] = Registry(__name__, Life)
"""Every part of the estate's life, by name."""
