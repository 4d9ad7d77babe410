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
    version: str = NOTHING,
    owner: str = NOTHING,
) -> str:
    """One element of the `resources` column. Every argument is a SQL expression; `kind` is its type."""
    return (
        f"{{'uid': {uid}, 'name': {name}, 'type': {kind}, 'namespace': {namespace}, 'region': {NOTHING}, "
        f"'version': {version}, 'group': {{'name': {NOTHING}, 'uid': {NOTHING}}}, "
        f"'owner': {{'uid': {NOTHING}, 'name': {owner}}}}}"
    )


def resources(*elements: tuple[str, str]) -> str:
    """The `resources` column: each (condition, `resource(...)`) whose condition holds; null where none does."""
    each = ", ".join(f"CASE WHEN {condition} THEN {element} END" for condition, element in elements)
    return f"nullif(list_filter([{each}], lambda each: each IS NOT NULL), [])"


def last_part(path: str) -> str:
    """The name at the end of a path."""
    return f"nullif(regexp_extract({path}, '[^/]*$'), '')"
