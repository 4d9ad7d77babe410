"""Artifact Registry's part of Cloud Audit: which image was pulled, pushed, tagged or deleted.

Data-plane methods are named after the protocol (`Docker-GetManifest`); the image stands in the resource's name
(`…/repositories/R/packages/P/versions/sha256:…`) or in the request's path (`/v2/PROJECT/R/P/manifests/1.4.2`).
Source: the service catalogue of googleapis/google-cloudevents (json/audit), read 2026-11-24.
"""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import unquote

from stratagem.sources._contract import Native
from stratagem.sources._text import at, first_text, text
from stratagem.sources.gcp_audit.request import payload

SERVICE = "artifactregistry.googleapis.com"
ACTIONS = {
    "docker-getmanifest": "pull",
    "docker-headmanifest": "pull",
    "docker-serveblob": "pull_layer",
    "docker-getblob": "pull_layer",
    "docker-headblob": "pull_layer",
    "docker-putmanifest": "push",
    "docker-createonpush": "create_repository",
    "docker-startupload": "push_layer",
    "docker-finishupload": "push_layer",
    "docker-uploadblob": "push_layer",
    "docker-deletemanifest": "delete",
    "docker-deletetag": "untag",
    "docker-gettags": "list",
    "docker-catalog": "list",
    "createtag": "tag",
    "updatetag": "tag",
    "deletetag": "untag",
    "deleteversion": "delete",
    "deletepackage": "delete",
    "deleterepository": "delete_repository",
    "createrepository": "create_repository",
    "updaterepository": "update_repository",
    "setiampolicy": "set_policy",
    "listrepositories": "list",
    "listpackages": "list",
    "listdockerimages": "list",
    "listtags": "list",
    "listversions": "list",
}
"""Last word of the method, lower case -> what it does."""
_REPOSITORY = re.compile(r"projects/([^/]+)/locations/([^/]+)/repositories/([^/]+)(?:/(.+))?$")
_PACKAGE = re.compile(r"^packages/([^/]+)(?:/(versions|tags)/([^/]+))?$")
_IMAGE = re.compile(r"^dockerImages/(.+?)(?:@(sha256:[0-9a-f]+))?$")
_PATH = re.compile(r"/v2/([^/]+)/([^/]+)/(.+)/(?:manifests|blobs|tags)/([^/?#]+)")


class Repository(NamedTuple):
    """A repository; `below` is what the resource's name has behind it."""

    project: str
    location: str
    name: str
    below: str


def action(record: Native) -> str | None:
    """`pull`, `push`, `delete`, `tag`, `list`, …; None for other services and methods."""
    said = payload(record)
    if said.get("serviceName") != SERVICE:
        return None
    return ACTIONS.get((text(said.get("methodName")) or "").rpartition(".")[2].lower())


def repository(record: Native) -> Repository | None:
    """The repository that the resource's name is in."""
    said = payload(record)
    if said.get("serviceName") != SERVICE:
        return None
    found = _REPOSITORY.search(text(said.get("resourceName")) or "")
    return Repository(found[1], found[2], found[3], unquote(found[4] or "")) if found else None


def reference(record: Native) -> str | None:
    """The image as one would pull it: `europe-docker.pkg.dev/project/repository/web:1.4.2`."""
    found = repository(record)
    image, version = _image(record, found.below if found else "")
    if found is None or image is None:
        return None
    mark = "@" if version and version.startswith("sha256:") else ":"
    return f"{found.location}-docker.pkg.dev/{found.project}/{found.name}/{image}" + (
        f"{mark}{version}" if version else ""
    )


def _image(record: Native, below: str) -> tuple[str | None, str | None]:
    """The image's name in its repository, and its tag or digest."""
    if package := _PACKAGE.match(below):
        return unquote(package[1]), package[3]
    if docker := _IMAGE.match(below):
        return docker[1], docker[2]
    said = payload(record)
    path = first_text(at(said, "request", "requestUrl"), at(said, "request", "requestUri"), at(said, "request", "path"))
    found = _PATH.search(path or "")
    if found is None:
        return None, None
    return found[3], None if "/blobs/" in found[0] or found[4] == "list" else unquote(found[4])
