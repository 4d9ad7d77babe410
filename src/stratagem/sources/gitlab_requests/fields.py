"""The fields of the request logs in words, and the names of web server rules."""

from __future__ import annotations

from stratagem.sources._http import webserver

FIELDS = {
    "method": "Method.",
    "path": "Path.",
    "format": "html, json, ...",
    "controller": "Controller of the web interface.",
    "action": "Its action.",
    "route": "Route of the API: /api/:version/projects.",
    "etag_route": "Route of an answer from the cache, which no controller gave.",
    "status": "Status.",
    "params": "Parameters: list of key and value.",
    "params.key": "Name of a parameter.",
    "params.value": "Value of a parameter.",
    "host": "Host that was asked.",
    "remote_ip": "Client's address.",
    "ua": "User agent.",
    "user_id": "Number of the user.",
    "username": "Name of the user.",
    "meta.user": "Name of the user.",
    "meta.user_id": "Number of the user.",
    "meta.project": "Project.",
    "meta.root_namespace": "Group at the root.",
    "meta.caller_id": "Route or controller.",
    "meta.remote_ip": "Client's address.",
    "meta.client_id": "User or address that limits count.",
    "token_type": "Kind of token: PersonalAccessToken, ...",
    "token_id": "Number of the token.",
    "correlation_id": "Ties the records of one request together.",
    "time": "When the response went out.",
    "severity": "INFO, ERROR, ...",
    "duration_s": "Seconds.",
    "queue_duration_s": "Seconds in the queue.",
    "exception.class": "Exception.",
    "exception.message": "Its message.",
    "location": "Where a redirect leads.",
}

ALIASES = {
    "user": ("gitlab.user",),
    "user_agent": ("ua",),
    **webserver(
        method=("method",),
        uri=("path",),
        path=("path",),
        status=("status",),
        agent=("ua",),
        client=("remote_ip",),
        host=("host",),
    ),
}
