"""Request logs of our own making: let through, stopped by Cloud Armor, and a call of a Cloud Run service."""

from __future__ import annotations

from typing import Any

from stratagem.sources._contract import Example
from stratagem.sources._samples import dump, lines

_PROJECT = "example-prod"


def _request(number: int, method: str, url: str, status: int, **members: Any) -> dict[str, Any]:
    return {
        "insertId": f"1a2b3c4d5e{number}",
        "logName": f"projects/{_PROJECT}/logs/requests",
        "timestamp": f"2026-11-20T10:00:{number:02}.425712Z",
        "receiveTimestamp": f"2026-11-20T10:00:{number:02}.925712Z",
        "severity": "INFO" if status < 400 else "WARNING",
        "trace": f"projects/{_PROJECT}/traces/0123456789abcdef0123456789abcdef",
        "resource": {
            "type": "http_load_balancer",
            "labels": {
                "project_id": _PROJECT,
                "backend_service_name": "shop",
                "forwarding_rule_name": "shop-https",
                "url_map_name": "shop",
                "target_proxy_name": "shop",
                "zone": "global",
            },
        },
        "httpRequest": {
            "requestMethod": method,
            "requestUrl": url,
            "requestSize": "77",
            "status": status,
            "responseSize": "211",
            "userAgent": "curl/8.5.0",
            "remoteIp": "203.0.113.7",
            "serverIp": "10.0.1.20",
            "latency": "0.048180s",
        },
        "jsonPayload": {
            "@type": "type.googleapis.com/google.cloud.loadbalancing.type.LoadBalancerLogEntry",
            "statusDetails": "response_sent_by_backend",
        },
        **members,
    }


GET = _request(1, "GET", "https://shop.example.com/items?q=1", 200)
ARMOR = _request(2, "POST", "https://shop.example.com:8443/login", 403)
ARMOR["jsonPayload"] |= {
    "statusDetails": "denied_by_security_policy",
    "enforcedSecurityPolicy": {
        "name": "shop-waf",
        "outcome": "DENY",
        "configuredAction": "DENY",
        "priority": 1000,
        "preconfiguredExprIds": ["owasp-crs-v030301-id942140-sqli"],
    },
}
RUN = _request(3, "GET", "https://api-abcdef-ew.a.run.example.com/", 200)
RUN |= {
    "logName": f"projects/{_PROJECT}/logs/run.googleapis.com%2Frequests",
    "resource": {
        "type": "cloud_run_revision",
        "labels": {"project_id": _PROJECT, "service_name": "api", "location": "europe-west1"},
    },
}

RECORDS = {"get": GET, "cloud_armor": ARMOR, "cloud_run": RUN}
"""Name -> canonical record."""

_LOWER = {key.lower(): value for key, value in GET.items()} | {"timestamp": "2026-11-20 10:00:01.425712"}

EXAMPLES = (
    Example(name="sink_lines", raw=lines(RECORDS.values()), records=len(RECORDS)),
    Example(name="lower_case_keys", raw=dump(_LOWER)),
)
