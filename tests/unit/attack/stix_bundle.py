"""A small STIX bundle of our own, in the structure of the official one."""

from __future__ import annotations

from typing import Any


def _named(kind: str, stix_id: str, attack_id: str, name: str, **more: Any) -> dict[str, Any]:
    reference = {"source_name": "mitre-attack", "external_id": attack_id}
    return {"type": kind, "id": stix_id, "name": name, "external_references": [reference], **more}


def _pattern(stix_id: str, attack_id: str, name: str, **more: Any) -> dict[str, Any]:
    phases = [{"kill_chain_name": "mitre-attack", "phase_name": "discovery"}]
    return _named("attack-pattern", stix_id, attack_id, name, kill_chain_phases=phases, **more)


def _relation(kind: str, source: str, target: str, **more: Any) -> dict[str, Any]:
    return {"type": "relationship", "relationship_type": kind, "source_ref": source, "target_ref": target, **more}


def bundle() -> dict[str, Any]:
    """One tactic, a technique with a sub-technique, a revoked and a deprecated one, a detection strategy."""
    return {
        "type": "bundle",
        "id": "bundle--1",
        "objects": [
            {"type": "x-mitre-collection", "id": "x-mitre-collection--1", "x_mitre_version": "20.0"},
            _named("x-mitre-tactic", "x-mitre-tactic--1", "TA0007", "Discovery", x_mitre_shortname="discovery"),
            _pattern("attack-pattern--1", "T9001", "Teapot Discovery", x_mitre_platforms=["Containers", "IaaS"]),
            _pattern("attack-pattern--2", "T9001.001", "Kettles", x_mitre_platforms=["Containers"]),
            _pattern("attack-pattern--3", "T9002", "Old Teapots", revoked=True, x_mitre_platforms=["Office 365"]),
            _pattern("attack-pattern--4", "T9003", "Samovars", x_mitre_deprecated=True),
            {"type": "attack-pattern", "id": "attack-pattern--5", "name": "someone else's"},
            _named("x-mitre-analytic", "x-mitre-analytic--1", "AN9001", "Analytic", x_mitre_platforms=["IaaS"]),
            _named(
                "x-mitre-detection-strategy",
                "x-mitre-detection-strategy--1",
                "DET9001",
                "Detect teapots",
                x_mitre_analytic_refs=["x-mitre-analytic--1", "x-mitre-analytic--gone"],
            ),
            _relation("revoked-by", "attack-pattern--3", "attack-pattern--2"),
            _relation("revoked-by", "attack-pattern--4", "attack-pattern--1", revoked=True),
            _relation("detects", "x-mitre-detection-strategy--1", "attack-pattern--1"),
        ],
    }
