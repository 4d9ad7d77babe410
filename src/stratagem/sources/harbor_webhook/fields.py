"""The fields of Harbor's webhooks in words."""

from __future__ import annotations

FIELDS = {
    "type": "PUSH_ARTIFACT, PULL_ARTIFACT, DELETE_ARTIFACT, SCANNING_COMPLETED, QUOTA_EXCEED, ...",
    "occur_at": "When it happened, seconds since 1970.",
    "operator": "Who asked; auto for Harbor itself.",
    "event_data.resources.digest": "Digest.",
    "event_data.resources.tag": "Tag, or the digest of a pull by digest.",
    "event_data.resources.resource_url": "Reference of the artifact.",
    "event_data.resources.scan_overview": "What a scan found.",
    "event_data.repository.name": "Repository in its project.",
    "event_data.repository.namespace": "Project.",
    "event_data.repository.repo_full_name": "project/repository.",
    "event_data.repository.repo_type": "public or private.",
}

ALIASES: dict[str, tuple[str, ...]] = {
    "repository": ("event_data.repository.repo_full_name",),
    "actor": ("operator",),
    "actor.name": ("operator",),
}
