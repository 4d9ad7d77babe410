"""What the request logs of all vendors share: methods, outcomes, the parts of a URL, the names of web server rules.

Sigma's category `webserver` names fields as W3C logs do.
Source: https://sigmahq.io/docs/basics/log-sources.html, read 2026-11-24.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_METHODS = ("CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT", "TRACE", "PATCH")
_CASES = " ".join(f"WHEN '{name}' THEN {number}" for number, name in enumerate(_METHODS, 1))


def activity(method: str) -> str:
    """SQL: the activity of OCSF HTTP Activity (4002) for a method in any case; 99 for any other."""
    return f"CASE WHEN {method} IS NULL THEN 0 ELSE CASE upper({method}) {_CASES} ELSE 99 END END"


def status_id(code: str) -> str:
    """SQL: 1 below 400, 2 from there on, 0 where there is no status."""
    return f"CASE WHEN {code} IS NULL THEN 0 WHEN {code} < 400 THEN 1 ELSE 2 END"


def status(code: str) -> str:
    """SQL: `success`, `denied` (401, 403), `failure` or `unknown`."""
    return (
        f"CASE WHEN {code} IS NULL THEN 'unknown' WHEN {code} < 400 THEN 'success' "
        f"WHEN {code} IN (401, 403) THEN 'denied' ELSE 'failure' END"
    )


_URL = "^(?:[A-Za-z]+://([^/?#:]*)[^/?#]*)?([^?#]*)(?:\\?([^#]*))?"


def url_path(url: str) -> str:
    """SQL: the path of a URL."""
    return f"nullif(regexp_extract({url}, '{_URL}', 2), '')"


def url_query(url: str) -> str:
    """SQL: what stands behind the first question mark of a URL."""
    return f"nullif(regexp_extract({url}, '{_URL}', 3), '')"


def url_host(url: str) -> str:
    """SQL: the host of a URL, in lower case and without port."""
    return f"nullif(lower(regexp_extract({url}, '{_URL}', 1)), '')"


def outcome(code: Any) -> str:
    """What `status` says, of a value: `success`, `denied`, `failure` or `unknown`."""
    if isinstance(code, bool) or not isinstance(code, int):
        return "unknown"
    return "success" if code < 400 else "denied" if code in (401, 403) else "failure"


def path_of(url: Any) -> str | None:
    """The path of a URL or request target, as the client wrote it."""
    return _parts(url)[1]


def query_of(url: Any) -> str | None:
    """What stands behind the first question mark."""
    return _parts(url)[2]


def host_of(url: Any) -> str | None:
    """The host of a URL, in lower case and without port; None of a bare path."""
    return _parts(url)[0]


def _parts(url: Any) -> tuple[str | None, str | None, str | None]:
    if not isinstance(url, str) or not url:
        return None, None, None
    rest, _, _ = url.partition("#")
    scheme, found, behind = rest.partition("://")
    authority = ""
    if found and scheme.isalpha():
        authority, slash, tail = behind.partition("/")
        authority, _, query = authority.partition("?")
        rest = slash + tail if slash else f"?{query}" if query else ""
    path, _, query = rest.partition("?")
    host = authority.rpartition("@")[2].lower()
    if host.startswith("["):
        host = host.partition("]")[0].lstrip("[")
    elif ":" in host:
        host = host.partition(":")[0]
    return host or None, path or None, query or None


def webserver(**fields: tuple[str, ...]) -> Mapping[str, tuple[str, ...]]:
    """The W3C names of web server rules -> fields of a log, for those of them that it has.

    Arguments: method, uri (path and query), path, query, status, agent, client, host, referrer, size.
    """
    names = {
        "method": ("cs-method",),
        "uri": ("cs-uri", "c-uri"),
        "path": ("cs-uri-stem", "c-uri-path", "c-uri-stem"),
        "query": ("cs-uri-query", "c-uri-query"),
        "status": ("sc-status",),
        "agent": ("cs-user-agent", "c-useragent"),
        "client": ("c-ip",),
        "host": ("cs-host",),
        "referrer": ("cs-referer", "cs-referrer"),
        "size": ("sc-bytes",),
    }
    return {name: paths for key, paths in fields.items() for name in names[key]}
