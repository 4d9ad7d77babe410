"""Lint checks. One file a check; the file name is its code in lower case (`l_att_01`); `_contract.py` says how."""

from __future__ import annotations

from stratagem.registry import Registry
from stratagem.strategy.checks._contract import Check

CHECKS: Registry[Check] = Registry(__name__, Check)
"""Every lint check, by file name."""
