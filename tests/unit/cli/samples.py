"""Findings and summaries of our own making, for tests of what a person gets to see."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from stratagem.detect.model import Evidence, Finding, Location
from stratagem.sources._contract import Labels

TIME = datetime(2026, 11, 20, 14, 30, 5, tzinfo=UTC)


def finding(**changes: Any) -> Finding:
    values: dict[str, Any] = {
        "uid": "f-1",
        "analytic_uid": "aws_root_console_login",
        "analytic_name": "Root signs in to the AWS console",
        "rule_uid": "aws_root_console_login#aws_root_console_login",
        "rule_name": "Root signs in to the AWS console",
        "title": "root signed in to account 111122223333 from 192.0.2.7",
        "level": "high",
        "level_because": "no second factor",
        "time": TIME,
        "attacks": ("T1078.004",),
        "attack_version": "18.1",
        "evidences": (evidence(),),
        "labels": Labels(account="111122223333", region="us-east-1"),
        "principal": "aws:111122223333:root",
        "description": "The root user is for emergencies.",
        "strategy_file": "strategies/aws/aws_root_console_login.md",
        "next_steps": ("Ask the account's owner whether it was them.",),
    }
    return Finding(**{**values, **changes})


def evidence(**changes: Any) -> Evidence:
    values: dict[str, Any] = {
        "event_uid": "e-1",
        "source": "aws_cloudtrail",
        "location": Location(file="logs/trail.json", offset=0, index=3),
        "time": TIME,
        "ocsf": {"actor": {"user": {"name": "root"}}},
    }
    return Evidence(**{**values, **changes})


def summary(**changes: Any) -> dict[str, Any]:
    values: dict[str, Any] = {
        "events": {"total": 1200, "by_source": {"aws_cloudtrail": 1000, "kubernetes_audit": 200}},
        "duplicates": 4,
        "excluded": 0,
        "quarantined": {"count": 2, "reasons": {"not JSON": 2}},
        "findings": {"total": 1, "by_analytic": {"aws_root_console_login": 1}},
        "rules": {"loaded": 16, "rejected": []},
        "seconds": 0.42,
        "peak_memory_bytes": 100_000_000,
    }
    return {**values, **changes}
