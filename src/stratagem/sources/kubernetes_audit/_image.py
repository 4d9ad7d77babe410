"""Container image references: `[registry[:port]/]repository[:tag][@digest]`.

The grammar is that of the Go module github.com/distribution/reference, which container runtimes use.
"""

from __future__ import annotations

from dataclasses import dataclass

DEFAULT_REGISTRY = "docker.io"
_DOCKER_HUB = frozenset({"index.docker.io", "registry-1.docker.io", "registry.hub.docker.com"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """The parts of a reference, with the defaults that a container runtime fills in."""

    registry: str
    repository: str
    tag: str | None
    digest: str | None


def parse(reference: str) -> Image | None:
    """The parts of a reference; None for text that is none (empty, or with spaces)."""
    reference = reference.strip().removeprefix("docker://")
    if not reference or any(character.isspace() for character in reference):
        return None
    name, _, digest = reference.partition("@")
    head, slash, rest = name.partition("/")
    if slash and ("." in head or ":" in head or head == "localhost"):
        registry, path = head.lower(), rest
    else:
        registry, path = DEFAULT_REGISTRY, name
    registry = DEFAULT_REGISTRY if registry in _DOCKER_HUB else registry
    repository, _, tag = path.partition(":")
    if registry == DEFAULT_REGISTRY and repository and "/" not in repository:
        repository = f"library/{repository}"
    if not repository:
        return None
    return Image(
        registry=registry,
        repository=repository,
        tag=tag or (None if digest else "latest"),
        digest=digest or None,
    )
