"""stratagem: Alerting & Detection Strategies as code, for cloud and container environments."""

from __future__ import annotations

__version__ = "0.1.0"
