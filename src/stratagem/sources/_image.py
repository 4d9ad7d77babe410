"""Container image references: `[registry[:port]/]repository[:tag][@digest]`.

The grammar is that of the Go module github.com/distribution/reference, which container runtimes use.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from stratagem.sources._contract import Derived, Native

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


def derived(reference: Callable[[Native], str | None], fields: tuple[str, ...]) -> dict[str, Derived]:
    """`image.registry`, `.repository`, `.tag` and `.digest` of a source whose records name one image.

    `reference` gives the image's reference, `fields` are the canonical paths that it reads.
    """

    def part(read: Callable[[Image], str | None]) -> Callable[[Native], str | None]:
        def compute(record: Native) -> str | None:
            found = reference(record)
            image = parse(found) if found else None
            return read(image) if image else None

        return compute

    words = {
        "registry": (part(lambda image: image.registry), "Registry of the image; docker.io if none is named."),
        "repository": (part(lambda image: image.repository), "Repository of the image (library/nginx)."),
        "tag": (part(lambda image: image.tag), "Tag of the image; latest if neither tag nor digest is named."),
        "digest": (part(lambda image: image.digest), "Digest of the image."),
    }
    return {
        f"image.{name}": Derived(compute=compute, describe=describe, fields=fields)
        for name, (compute, describe) in words.items()
    }
