"""The fields of a request log in words, and the names of web server rules."""

from __future__ import annotations

from stratagem.sources._http import webserver

FIELDS = {
    "insertId": "Id of the entry.",
    "timestamp": "When the request came.",
    "receiveTimestamp": "When Cloud Logging got the entry.",
    "logName": "Log of the project.",
    "severity": "INFO, WARNING or ERROR, by the status.",
    "trace": "Trace.",
    "spanId": "Span.",
    "resource.type": "http_load_balancer, cloud_run_revision, ...",
    "resource.labels.project_id": "Project.",
    "resource.labels.backend_service_name": "Backend service.",
    "resource.labels.forwarding_rule_name": "Forwarding rule.",
    "resource.labels.url_map_name": "URL map.",
    "resource.labels.target_proxy_name": "Target proxy.",
    "resource.labels.zone": "Zone, or global.",
    "resource.labels.location": "Region of a Cloud Run service.",
    "resource.labels.service_name": "Cloud Run service.",
    "httpRequest.requestMethod": "Method.",
    "httpRequest.requestUrl": "URL: scheme, host, path and query.",
    "httpRequest.status": "Status.",
    "httpRequest.requestSize": "Bytes of the request, a number or text.",
    "httpRequest.responseSize": "Bytes of the response, a number or text.",
    "httpRequest.userAgent": "User agent.",
    "httpRequest.remoteIp": "Client's address.",
    "httpRequest.serverIp": "Address of the backend.",
    "httpRequest.referer": "Referer.",
    "httpRequest.latency": "Seconds until the response, with an s.",
    "httpRequest.protocol": "Protocol.",
    "httpRequest.cacheHit": "Did the cache answer.",
    "jsonPayload.statusDetails": "Why the balancer answered so: handled_by_identity_aware_proxy, ...",
    "jsonPayload.remoteIp": "Client's address.",
    "jsonPayload.backendTargetProjectNumber": "Project of the backend.",
    "jsonPayload.proxyStatus": "Error of an internal or regional balancer.",
    "jsonPayload.enforcedSecurityPolicy.name": "Cloud Armor's policy.",
    "jsonPayload.enforcedSecurityPolicy.outcome": "ACCEPT or DENY.",
    "jsonPayload.enforcedSecurityPolicy.configuredAction": "ALLOW, DENY, THROTTLE, ...",
    "jsonPayload.enforcedSecurityPolicy.priority": "Rule of the policy.",
    "jsonPayload.enforcedSecurityPolicy.preconfiguredExprIds": "WAF rules that matched.",
    "jsonPayload.previewSecurityPolicy.outcome": "What a rule in preview would have done.",
    "jsonPayload.previewSecurityPolicy.preconfiguredExprIds": "WAF rules that matched in preview.",
}

ALIASES = {path.lower(): (path,) for path in FIELDS if path != path.lower()} | dict(
    webserver(
        method=("httpRequest.requestMethod",),
        uri=("httpRequest.requestUrl",),
        path=("http.path",),
        query=("http.query",),
        status=("httpRequest.status",),
        agent=("httpRequest.userAgent",),
        client=("httpRequest.remoteIp",),
        host=("http.host",),
        referrer=("httpRequest.referer",),
        size=("httpRequest.responseSize",),
    )
)
