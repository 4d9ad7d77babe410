"""Azure Container Registry: who pulled or pushed which image."""

from __future__ import annotations

import json
from typing import Any

import pytest

from stratagem.rules.model import RuleLogSource
from stratagem.rules.routing import takes
from stratagem.sources import unwrap
from stratagem.sources.azure_container_registry import PLUGIN
from stratagem.sources.azure_container_registry.examples import DIGEST, EXAMPLES, PUSH, RECORDS


def derived(name: str, record: Any) -> Any:
    return PLUGIN.derived[name].compute(record)


@pytest.mark.parametrize(
    ("identity", "kind"),
    [
        ("robin@example.com", "user"),
        ("77777777-0000-4000-8000-000000000001", "object_id"),
        ("examplereg", "admin"),
        ("ci-token", "token"),
        ("", "anonymous"),
        ("00000000-0000-0000-0000-000000000000", "anonymous"),
        (None, "anonymous"),
    ],
)
def test_an_identity_is_of_one_kind(identity: Any, kind: str) -> None:
    assert derived("acr.actor_kind", {**PUSH, "identity": identity}) == kind


def test_the_image_is_named_as_one_would_pull_it() -> None:
    assert [derived(f"image.{part}", PUSH) for part in ("registry", "repository", "tag", "digest")] == [
        "examplereg.azurecr.io",
        "prod/web",
        "1.4.2",
        DIGEST,
    ]
    assert derived("image.repository", RECORDS["login"]) is None


@pytest.mark.parametrize(
    ("result", "description", "outcome"),
    [
        ("200", "", "success"),
        ("401", "unauthorized", "denied"),
        ("404", "", "failure"),
        ("HttpStatusCode", "403", "denied"),
        ("Success", "", "success"),
        ("", "", "unknown"),
    ],
)
def test_the_http_status_is_the_outcome_wherever_it_stands(result: str, description: str, outcome: str) -> None:
    assert derived("outcome", {**PUSH, "resultType": result, "resultDescription": description}) == outcome


@pytest.mark.parametrize(("shape", "record"), [("all_in_properties", "pull"), ("log_analytics", "push")])
def test_every_shape_tells_the_same_event(shape: str, record: str) -> None:
    (example,) = (one for one in EXAMPLES if one.name == shape)
    native = next(iter(unwrap.records(json.loads(example.raw)))).native
    assert PLUGIN.uid(native) == PLUGIN.uid(RECORDS[record])
    for name in ("outcome", "acr.actor", "acr.client_ip", "image.repository", "image.digest"):
        assert derived(name, native) == derived(name, RECORDS[record]), name


def test_two_images_of_one_request_are_two_events() -> None:
    other = {**PUSH, "properties": {**PUSH["properties"], "digest": "sha256:ff"}}
    assert PLUGIN.uid(other) != PLUGIN.uid(PUSH)


def test_each_category_is_a_logsource_of_its_own() -> None:
    logins = RuleLogSource(product="azure", service="containerregistryloginevents")
    both = RuleLogSource(product="azure", service="containerregistry")
    assert takes(PLUGIN.logsources, logins, RECORDS["login"])
    assert not takes(PLUGIN.logsources, logins, PUSH)
    assert takes(PLUGIN.logsources, both, PUSH)
    assert takes(PLUGIN.logsources, both, RECORDS["login"])
