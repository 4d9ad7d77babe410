"""Labs that techniques may be detonated in: one file a tool."""

from __future__ import annotations

from stratagem.emulate.detonate.sandboxes._contract import Sandbox
from stratagem.registry import Registry

SANDBOXES: Registry[Sandbox] = Registry(__name__, Sandbox)
"""Every tool, by name."""
