"""The fields of GitLab's audit events in words."""

from __future__ import annotations

FIELDS = {
    "id": "Id, of API and stream.",
    "created_at": "When it happened, of API and stream.",
    "time": "When it happened, of the file.",
    "author_id": "Number of who acted; -1 for nobody signed in, -2 for a deploy token.",
    "author_name": "Name of who acted.",
    "entity_type": "Project, Group, User or Gitlab::Audit::InstanceScope.",
    "entity_id": "Its number.",
    "entity_path": "Its full path.",
    "event_type": "Name of the event, of the stream.",
    "event_name": "Name of the event, of the API.",
    "change": "What was changed, of the file.",
    "from": "Value before.",
    "to": "Value after.",
    "target_type": "Type of what was acted on.",
    "target_id": "Its number.",
    "target_details": "Its name.",
    "ip_address": "Client's address.",
    "correlation_id": "Ties what one request did together.",
    "details": "The same and more, of API and stream.",
    "details.event_name": "Name of the event.",
    "details.author_class": "User, DeployToken, Ci::Runner, ...",
    "details.custom_message": "The event in words.",
    "details.change": "What was changed.",
    "details.from": "Value before.",
    "details.to": "Value after.",
    "details.target_details": "Name of what was acted on.",
    "details.entity_path": "Full path.",
    "details.ip_address": "Client's address.",
}

ALIASES: dict[str, tuple[str, ...]] = {
    "action": ("gitlab.event",),
    "actor": ("gitlab.author",),
    "event_name": ("details.event_name",),
    "entity_path": ("details.entity_path",),
    "ip_address": ("details.ip_address",),
    "author_name": ("gitlab.author",),
}
