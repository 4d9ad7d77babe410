"""A context of every kind of file."""

from __future__ import annotations

from pathlib import Path

import pytest

from stratagem.context.known import Context
from stratagem.context.load import load
from tests.unit.context.files import write
from tests.unit.context.mmdb import write_mmdb


@pytest.fixture
def context(tmp_path: Path) -> Context:
    write_mmdb(tmp_path / "country.mmdb", {"198.51.100.0/24": {"country": {"iso_code": "SE"}}})
    write_mmdb(
        tmp_path / "asn.mmdb",
        {"2001:db8::/32": {"autonomous_system_number": 64500, "autonomous_system_organization": "Example Net"}},
    )
    write(
        tmp_path,
        estate="""
            tiers: {critical: 1, standard: 0, sandbox: -2}
            clusters:
              - {id: 111122223333/shop, tier: critical, owner: shop-team, valid_from: 2026-06-01}
              - {id: shop, tier: standard}
              - {id: lab, owner: lab-team}
            accounts:
              - {id: "111122223333", tier: sandbox, organization: o-example}
              - {id: "444455556666", organization: o-example, valid_from: 2026-06-01}
            tenants: [{id: t-1, tier: critical}]
            """,
        identities="""
            identities:
              - {actor: alice, class: human, owner: alice, names: ["aws:o-example:sso/alice", "entra:t-1:a1"]}
              - actor: bob
                class: human
                names:
                  - {principal: "aws:111122223333:arn:aws:iam::111122223333:user/bob", valid_to: 2026-06-01}
                  - {principal: "aws:111122223333:arn:aws:iam::111122223333:user/robert", valid_from: 2026-06-01}
              - {class: node, names: ["kubernetes:shop:system:node:*"]}
              - {class: platform, names: ["kubernetes:shop:system:*"]}
            """,
        networks="""
            networks:
              - {name: ours, kind: internal, ranges: [10.0.0.0/8, "fd00::/8"]}
              - {name: pods, kind: pod, ranges: [10.1.0.0/16], cluster: shop}
              - {name: lab pods, kind: pod, ranges: [10.1.0.0/16], cluster: lab, valid_from: 2026-06-01}
              - {name: office, kind: office, ranges: [203.0.113.0/24]}
              - {name: printer, kind: office, ranges: [203.0.113.9]}
            mmdb: {country: country.mmdb, asn: asn.mmdb}
            """,
        architecture="""
            flows:
              - name: shop to bank
                from: {cluster: shop, namespace: web-*, network: pods}
                to: {host: "*.bank.example.com"}
                ports: [443, 8000-8100]
                protocol: tcp
              - {name: june only, from: {namespace: a}, to: {range: 203.0.113.0/24}, valid_from: 2026-06-01,
                 valid_to: 2026-07-01}
            """,
        changes__all="""
            changes:
              - {id: CHG-1, starts: 2026-06-15, ends: 2026-06-16, scope: {clusters: [shop], namespaces: [web]}}
              - {id: CHG-2, starts: 2026-06-15, ends: 2026-06-16, weight: -2, scope: {actors: [alice]}}
            """,
    )
    return load(tmp_path)
