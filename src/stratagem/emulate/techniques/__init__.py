"""Attacks that can be emulated: one file a technique."""

from __future__ import annotations

from stratagem.emulate.techniques._contract import Technique
from stratagem.registry import Registry

TECHNIQUES: Registry[Technique] = Registry(__name__, Technique)
"""Every technique, by name."""
