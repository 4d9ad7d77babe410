"""What is normal: one file a kind."""

from __future__ import annotations

from stratagem.baselines._contract import Kind
from stratagem.registry import Registry

KINDS: Registry[Kind] = Registry(__name__, Kind)
"""Every kind of baseline, by the word that a `baseline` block has under `kind`."""
