"""The projection of records that are OCSF events already: each column is read from the path that it is named by.

Times may be milliseconds or, as `..._dt`, text. Paths that earlier versions had elsewhere are read from there too.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

import pyarrow as pa

from stratagem.events.columns import GIVEN_BY_PROJECTION, PATHS, arrow_type

_OURS = ("cluster", "account", "tenant", "region", "principal", "impersonator", "session")
_ENDPOINT_OURS = ("cluster", "namespace", "workload")
EARLIER: Mapping[str, tuple[str, ...]] = {
    "cloud.account.uid": ("cloud.account_uid",),
    "cloud.org.uid": ("cloud.org_uid",),
    "actor.user.uid": ("identity.user.uid",),
    "actor.user.uid_alt": ("identity.user.uuid", "actor.user.uuid"),
    "actor.user.name": ("identity.user.name",),
    "actor.user.type": ("identity.user.type",),
    "actor.user.account.uid": ("actor.user.account_uid", "identity.user.account_uid"),
    "actor.session.credential_uid": ("identity.user.credential_uid", "actor.user.credential_uid"),
    "actor.session.is_mfa": ("identity.session.mfa",),
    "actor.session.issuer": ("identity.session.issuer",),
    "metadata.uid": ("ref_event_uid",),
}
"""Path -> where versions before 1.1 had the value."""

_NAMES = {"AWS": "aws", "Azure": "azure", "GCP": "gcp"}
_JSON_TYPES = {pa.string(): "VARCHAR", pa.int32(): "INTEGER", pa.int64(): "BIGINT", pa.bool_(): "BOOLEAN"}


@cache
def as_it_is() -> tuple[str, str]:
    """(the SELECT list, the structure that `native` is read as)."""
    paths = {path: PATHS[path] for path in PATHS if path in GIVEN_BY_PROJECTION and not _is_ours(path)}
    tree: dict[str, Any] = {}
    for path, kind in paths.items():
        _put(tree, path, "VARCHAR" if kind == "TIMESTAMPTZ" else _json_type(arrow_type(kind)))
        for other in EARLIER.get(path, ()):
            _put(tree, other, "VARCHAR" if kind == "TIMESTAMPTZ" else _json_type(arrow_type(kind)))
        if kind == "TIMESTAMPTZ":
            _put(tree, f"{path}_dt", "VARCHAR")
    own = ("class_uid", "activity_id")
    columns = [f'{_value(path, kind)} AS "{path}"' for path, kind in paths.items() if path not in own]
    return f"{_SHARED}\n;\n" + ",\n".join([*columns, *_DERIVED]), json.dumps(tree)


def _is_ours(path: str) -> bool:
    end, _, leaf = path.partition(".")
    return path in _OURS or (end in ("src_endpoint", "dst_endpoint") and leaf in _ENDPOINT_OURS)


def _put(tree: dict[str, Any], path: str, kind: Any) -> None:
    *parents, leaf = path.split(".")
    for parent in parents:
        tree = tree.setdefault(parent, {})
    tree[leaf] = kind


def _json_type(kind: Any) -> Any:
    """An Arrow type in `json_transform` notation."""
    if pa.types.is_list(kind):
        return [_json_type(kind.value_type)]
    if pa.types.is_struct(kind):
        return {field.name: _json_type(field.type) for field in kind}
    return _JSON_TYPES[kind]


def _at(path: str) -> str:
    return "native." + ".".join(f'"{part}"' for part in path.split("."))


def _value(path: str, kind: str) -> str:
    if kind == "TIMESTAMPTZ":
        return f"coalesce(iso_time({_at(path)}), iso_time({_at(f'{path}_dt')}))"
    found = [_at(one) for one in (path, *EARLIER.get(path, ()))]
    return f"coalesce({', '.join(found)})" if len(found) > 1 else found[0]


# Cloud API was class 5001 before version 1.0.
_SHARED = f"""
  coalesce(native.class_uid, 0) AS _class,
  starts_with(native.metadata.version, '0.') AS _is_early,
  {_value("cloud.account.uid", "VARCHAR")} AS _account,
  coalesce(native.actor."user".uid_alt, native.identity."user".uuid, native.actor."user".uuid) AS _alt,
  {_value("actor.user.uid", "VARCHAR")} AS _uid,
  {_value("actor.user.name", "VARCHAR")} AS _name,
  {_value("actor.user.account.uid", "VARCHAR")} AS _own_account
"""
_PROVIDER = " ".join(f"WHEN '{name}' THEN '{short}'" for name, short in _NAMES.items())
_DERIVED = (
    'CASE WHEN _is_early AND _class = 5001 THEN 6003 ELSE _class END AS "class_uid"',
    'coalesce(native.activity_id, 0) AS "activity_id"',
    '_account AS "account"',
    'native.cloud.region AS "region"',
    'coalesce(native.metadata.tenant_uid, native.cloud.org.uid) AS "tenant"',
    f"""CASE native.cloud.provider {_PROVIDER} END || ':' || coalesce(_own_account, _account, '') || ':'
    || coalesce(CASE WHEN starts_with(_alt, 'arn:') THEN _alt END, _uid, _name) AS "principal\"""",
    'coalesce(native.actor."session".uid, native.actor."session".credential_uid) AS "session"',
)
