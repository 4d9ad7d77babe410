"""Raw log -> canonical native record -> OCSF event. One file (or folder) a source; `_contract.py` says how."""

from __future__ import annotations

from stratagem.registry import Registry
from stratagem.sources._contract import Source

SOURCES: Registry[Source] = Registry(__name__, Source, besides=("declare", "identify", "unwrap"))
"""Every source by id: the name that `--source` takes."""
