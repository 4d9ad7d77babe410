"""The fields of containerd's lines in words."""

from __future__ import annotations

FIELDS = {
    "time": "When the line was written.",
    "level": "debug, info, warning, error or fatal.",
    "msg": "The line.",
    "error": "What failed.",
    "engine": "containerd, dockerd, ...: of lines that came as text.",
    "node": "Host, of lines that came as text.",
}

ALIASES: dict[str, tuple[str, ...]] = {
    "message": ("msg",),
    "container.id": ("containerd.container",),
}
