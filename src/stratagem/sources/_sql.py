"""Pieces of projections that several sources write alike."""

from __future__ import annotations

NOTHING = "NULL::VARCHAR"

CLUSTER_SCOPE = (
    "CASE WHEN label_cluster IS NULL THEN 'unknown' WHEN label_account IS NULL OR contains(label_cluster, '/') "
    "THEN label_cluster ELSE label_account || '/' || label_cluster END"
)
"""The scope of a Kubernetes identity: the cluster's full name; a short name (EKS) is told apart by the account."""


def resource(
    *,
    name: str,
    kind: str,
    uid: str = NOTHING,
    namespace: str = NOTHING,
    region: str = NOTHING,
    version: str = NOTHING,
    group: str = NOTHING,
    owner: str = NOTHING,
    owner_uid: str = NOTHING,
) -> str:
    """One element of the `resources` column. Every argument is a SQL expression; `kind` is its type."""
    return (
        f"{{'uid': {uid}, 'name': {name}, 'type': {kind}, 'namespace': {namespace}, 'region': {region}, "
        f"'version': {version}, 'group': {{'name': {group}, 'uid': {NOTHING}}}, "
        f"'owner': {{'uid': {owner_uid}, 'name': {owner}}}}}"
    )


def resources(*elements: tuple[str, str]) -> str:
    """The `resources` column: each (condition, `resource(...)`) whose condition holds; null where none does."""
    each = ", ".join(f"CASE WHEN {condition} THEN {element} END" for condition, element in elements)
    return f"nullif(list_filter([{each}], lambda each: each IS NOT NULL), [])"


def last_part(path: str) -> str:
    """The name at the end of a path."""
    return f"nullif(regexp_extract({path}, '[^/]*$'), '')"


def without_port(text: str) -> str:
    """An address without its port or brackets: `192.0.2.1:5678`, `[2001:db8::1]:443`; other text as it is."""
    bracketed = f"regexp_replace({text}, '^\\[(.*)\\](:[0-9]+)?$', '\\1')"
    return f"regexp_replace({bracketed}, '^([0-9.]+):[0-9]+$', '\\1')"


def filled(*texts: str) -> str:
    """The first of these that is neither null nor empty."""
    parts = [f"nullif({text}, '')" for text in texts]
    return f"coalesce({', '.join(parts)})" if len(parts) > 1 else parts[0]
