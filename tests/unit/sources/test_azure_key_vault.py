"""Key Vault: which object, who asked, and what the status says whatever `resultType` does."""

from __future__ import annotations

import json
from typing import Any

import pytest

from stratagem.sources import unwrap
from stratagem.sources.azure_key_vault import PLUGIN
from stratagem.sources.azure_key_vault.examples import EXAMPLES, RECORDS, SECRET_GET
from stratagem.sources.identify import identify


def derived(name: str, record: Any) -> Any:
    return PLUGIN.derived[name].compute(record)


def with_properties(**properties: Any) -> dict[str, Any]:
    return {**SECRET_GET, "properties": {**SECRET_GET["properties"], **properties}}


@pytest.mark.parametrize(
    ("uri", "kind", "name", "version"),
    [
        ("https://v.vault.azure.net/secrets/a", "secrets", "a", None),
        ("https://v.vault.azure.net/secrets/a/0b1c", "secrets", "a", "0b1c"),
        ("https://v.vault.azure.net/deletedkeys/k", "keys", "k", None),
        ("https://h.managedhsm.azure.net/keys/k/1", "keys", "k", "1"),
        ("https://v.vault.azure.net/", None, None, None),
        (7, None, None, None),
    ],
)
def test_the_object_is_read_from_its_uri(uri: Any, kind: str | None, name: str | None, version: str | None) -> None:
    record = with_properties(id=uri)
    assert [derived(f"keyvault.{part}", record) for part in ("kind", "item", "version")] == [kind, name, version]


@pytest.mark.parametrize(
    ("code", "outcome"), [(200, "success"), ("202", "success"), (403, "denied"), (404, "failure"), (409, "failure")]
)
def test_the_status_decides_where_result_type_says_success(code: Any, outcome: str) -> None:
    assert derived("outcome", with_properties(httpStatusCode=code)) == outcome


def test_an_unauthenticated_first_request_is_no_refusal() -> None:
    challenge = RECORDS["challenge"]
    assert derived("keyvault.challenge", challenge) is True
    assert derived("outcome", challenge) == "unknown"
    with_token = {**challenge, "identity": SECRET_GET["identity"]}
    assert derived("outcome", with_token) == "denied"


def test_settings_of_the_vault_go_through_resource_manager() -> None:
    patch = RECORDS["vault_patch"]
    assert derived("keyvault.control_plane", patch) is True
    assert derived("keyvault.vault", patch) == "examplevault"
    assert derived("keyvault.actor", patch) == derived("keyvault.actor", SECRET_GET)


@pytest.mark.parametrize("shape", ["azure_diagnostics", "log_analytics"])
def test_rows_of_log_analytics_are_the_same_request(shape: str) -> None:
    (example,) = (one for one in EXAMPLES if one.name == shape)
    native = next(iter(unwrap.records(json.loads(example.raw)))).native
    assert PLUGIN.uid(native) == PLUGIN.uid(SECRET_GET)
    names = (
        "outcome",
        "keyvault.item",
        "keyvault.actor",
        "keyvault.actor_name",
        "keyvault.vault",
        "keyvault.client_ip",
    )
    for name in names:
        assert derived(name, native) == derived(name, SECRET_GET), name


def test_the_category_alone_is_not_enough() -> None:
    assert (
        identify({**SECRET_GET, "resourceId": "/SUBSCRIPTIONS/X/PROVIDERS/MICROSOFT.OTHER/Y", "properties": {}}) is None
    )


def test_requests_that_share_a_correlation_id_stay_apart() -> None:
    other = {**SECRET_GET, "operationName": "SecretList"}
    assert PLUGIN.uid(other) != PLUGIN.uid(SECRET_GET)
