"""Kubernetes through kubectl: the context of the kubeconfig is the target."""

from __future__ import annotations

from collections.abc import Mapping

from stratagem.emulate.detonate.sandboxes._contract import Ask, Sandbox

_PAUSE = "registry.k8s.io/pause:3.9@sha256:7031c1b283388d2c2e09b57badb803c05ebed362dc88d84b480cc47f72a21097"
"""An image that does nothing, fixed by its digest."""
_BUSYBOX = "docker.io/library/busybox:1.37"
"""An image with a shell and tar, for what happens inside a container."""


def _where(ask: Ask) -> str:
    return ask(("config", "current-context")).strip()


def _bind(argv: tuple[str, ...], target: str) -> tuple[str, ...]:
    return (f"--context={target}", *argv)


def _marks(marker: str) -> Mapping[str, str]:
    return {}  # kubectl takes no user agent: the marker is in names, namespaces and selectors.


PLUGIN = Sandbox(
    tool="kubectl",
    setting="lab_kubernetes",
    target="kubeconfig context",
    where=_where,
    bind=_bind,
    marks=_marks,
    absent=("NotFound", "not found"),
    tie="names of namespaces and objects, and label selectors, in the request URI",
    words={"pause": _PAUSE, "busybox": _BUSYBOX},
)
