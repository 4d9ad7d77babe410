"""L-PII-01: what looks like somebody's real credential or address in a document that is handed on.

Addresses for examples: RFC 5737, RFC 3849. AWS writes its example keys with EXAMPLE at the end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import IPv4Address, ip_network

from stratagem.errors import Severity
from stratagem.strategy.checks._contract import Check, Desk, Hit
from stratagem.strategy.model import Strategy

_SECRETS = (
    ("an AWS access key", re.compile(r"\b(?:AKIA|ASIA)[A-Z2-7]{16}\b")),
    ("a GitHub token", re.compile(r"\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{60,})\b")),
    ("a GitLab token", re.compile(r"\bglpat-[A-Za-z0-9_-]{20,}\b")),
    ("a Slack token", re.compile(r"\bxox[abprs]-[0-9]{8,}-[A-Za-z0-9-]{10,}\b")),
    ("a Google API key", re.compile(r"\bAIza[A-Za-z0-9_-]{35}\b")),
    ("a signed token", re.compile(r"\beyJ[A-Za-z0-9_-]{16,}\.eyJ[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}")),
    ("a private key", re.compile(r"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----")),
)
_ADDRESS = re.compile(r"(?<![\w./])(?:\d{1,3}\.){3}\d{1,3}(?![\w.])")
"""Not the version behind a slash in a user agent."""
_FOR_EXAMPLES = tuple(map(ip_network, ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24")))


def find(strategy: Strategy, desk: Desk) -> Iterator[Hit]:
    """Secrets anywhere in the document; public addresses in scenarios, whose events are made up."""
    for number, line in enumerate(strategy.text.split("\n"), start=1):
        for name, pattern in _SECRETS:
            for match in pattern.finditer(line):
                if "EXAMPLE" not in match[0]:
                    message = f"'{match[0][:12]}...' looks like {name}"
                    fix = "If it is real, revoke it. Write one that cannot be: with EXAMPLE in it, or shorter."
                    yield Hit(message=message, line=number, column=match.start() + 1, fix=fix)
    for block in strategy.blocks:
        if block.kind == "scenario":
            yield from _addresses(block.text, block.line, strategy.text.count("\n") + 1)


def _addresses(text: str, first: int, last: int) -> Iterator[Hit]:
    for number, line in enumerate(text.split("\n"), start=first):
        for match in _ADDRESS.finditer(line):
            try:
                address = IPv4Address(match[0])
            except ValueError:
                continue
            if address.is_global and not any(address in one for one in _FOR_EXAMPLES):
                message = f"{address} is somebody's public address"
                fix = "Use 192.0.2.0/24, 198.51.100.0/24 or 203.0.113.0/24 (RFC 5737)."
                yield Hit(message=message, line=min(number, last), fix=fix, severity=Severity.WARNING)


PLUGIN = Check(
    code="L-PII-01",
    severity=Severity.ERROR,
    catches="real credential, or somebody's address in a scenario",
    example=(
        "## Validation\n\n```yaml scenario\nname: stopped\nexpect: finding\n"
        "base: aws_cloudtrail/cloudtrail_stop_logging\nset: {sourceIPAddress: 9.9.9.9}\n```\n"
    ),
    find=find,
)
