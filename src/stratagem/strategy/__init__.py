"""Markdown ADS <-> Strategy; overlays, import, and the lint checks."""
