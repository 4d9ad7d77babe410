"""Event bases: complete, canonical, and nobody's."""

from __future__ import annotations

import ipaddress
import json
import re

import pytest

from stratagem.emulate import bases
from stratagem.emulate.bases import UnknownBase
from stratagem.sources import SOURCES
from stratagem.sources.identify import identify

EXAMPLE_NETWORKS = [
    ipaddress.ip_network(text)
    for text in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "10.0.0.0/8", "169.254.169.254/32")
]


def _text(name: str) -> str:
    return json.dumps(bases.load(name))


@pytest.mark.parametrize("name", bases.names())
def test_a_base_is_a_record_of_its_source_alone(name: str) -> None:
    source = SOURCES[name.partition("/")[0]]
    record = bases.load(name)
    assert identify(record) == name.partition("/")[0]
    canonical, _ = source.canonical(record)
    assert canonical.keys() >= record.keys() - {"Level"}, "a base has its source's own shape, not a variant"
    assert source.canonical(canonical)[0] == canonical
    assert bool(source.uid(canonical)) == bool(source.uid_fields)
    assert source.time(canonical)


@pytest.mark.parametrize("name", bases.names())
def test_a_base_names_only_identities_reserved_for_examples(name: str) -> None:
    text = _text(name)
    for address in re.findall(r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])", _without_versions(text)):
        assert any(ipaddress.ip_address(address) in network for network in EXAMPLE_NETWORKS), address
    for account in re.findall(r"(?<![\w-])\d{12}(?![\w-])", text):
        assert account in ("111122223333", "444455556666"), account
    for key in re.findall(r"\b(?:AKIA|ASIA|AROA|AIDA)\w+", text):
        assert key.endswith("EXAMPLE"), key
    for mail in re.findall(r"[\w.]+@[\w.-]+\.\w+", text):
        assert mail.endswith(("@example.com", "@live.com", "@example-prod.iam.gserviceaccount.com")), mail


def _without_versions(text: str) -> str:
    """Browser versions look like addresses: Chrome/131.0.0.0."""
    return re.sub(r"(?:Chrome|Edg|Teams|WindowsPowerShell)/[\d.]+|\d+\.0\.0\.0|\(15\.20\.[\d.]+\)", "", text)


def test_every_base_of_a_source_has_its_own_event_id() -> None:
    seen: dict[tuple[str, str | None], str] = {}
    for name in bases.names():
        source_id = name.partition("/")[0]
        key = (source_id, SOURCES[source_id].uid(bases.load(name)))
        assert key not in seen or key[1] is None, f"{name} has the id of {seen.get(key)}"
        seen[key] = name


def test_a_loaded_base_is_a_copy() -> None:
    name = bases.names()[0]
    bases.load(name).clear()
    assert bases.load(name)


def test_an_unknown_base_is_an_error_that_lists_the_sources_bases() -> None:
    with pytest.raises(UnknownBase, match="kubernetes_audit/pod_create"):
        bases.load("kubernetes_audit/pod_creat")
    with pytest.raises(UnknownBase, match="aws_cloudtrail"):
        bases.load("../secrets")


@pytest.mark.parametrize("source_id", SOURCES.ids)
def test_every_source_has_something_to_begin_with(source_id: str) -> None:
    assert bases.of(source_id), f"add bases/{source_id}/<name>.json, or an example that is JSON"
    assert all(identify(bases.load(name)) == source_id for name in bases.of(source_id))
