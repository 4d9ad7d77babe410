"""L-ATT-05: a platform that the version does not have, most often one that was renamed."""

from __future__ import annotations

from collections.abc import Iterator

from stratagem import facts
from stratagem.errors import Severity
from stratagem.strategy.checks._attack import platform_names, platforms
from stratagem.strategy.checks._contract import Check, Desk, Hit
from stratagem.strategy.model import Strategy


def find(strategy: Strategy, desk: Desk) -> Iterator[Hit]:
    """Each listed platform that is not written as ATT&CK writes it."""
    known = facts.load("platforms")
    valid = desk.attack.platforms or tuple(known["valid"])
    for mention in platforms(strategy):
        if mention.name in valid:
            continue
        meant = platform_names(mention.name, desk.attack)
        was = "was renamed" if mention.name in known["renamed"] else "is no platform"
        message = f"platform '{mention.name}' {was} in ATT&CK {desk.attack.version}"
        fix = f"Write {' and '.join(meant)}." if meant else f"Platforms: {', '.join(valid)}."
        yield Hit(message=message, line=mention.line, column=mention.column, fix=fix)


PLUGIN = Check(
    code="L-ATT-05",
    severity=Severity.ERROR,
    catches="platform that the version does not have (renamed, or never one)",
    example="## Categorization\n\n- **Platforms:** Azure AD, IaaS\n",
    find=find,
)
