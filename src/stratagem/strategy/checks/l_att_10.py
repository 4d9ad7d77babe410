"""L-ATT-10: ATT&CK's detection strategy for the technique has no analytic for a platform that the strategy lists."""

from __future__ import annotations

from collections.abc import Iterator

from stratagem.errors import Severity
from stratagem.strategy.checks._attack import declared, platform_names, platforms
from stratagem.strategy.checks._contract import Check, Desk, Hit
from stratagem.strategy.model import Strategy


def find(strategy: Strategy, desk: Desk) -> Iterator[Hit]:
    """One hit for each listed platform and declared technique that ATT&CK offers no analytic for."""
    for name in declared(strategy):
        technique = desk.attack.technique(name)
        strategies = desk.attack.strategies_for(name)
        if technique is None or not strategies:
            continue
        analytics = [desk.attack.analytic(a) for found in strategies for a in found.analytics]
        covered = {platform for analytic in analytics if analytic for platform in analytic.platforms}
        seen: set[str] = set()
        for mention in platforms(strategy):
            for platform in platform_names(mention.name, desk.attack):
                if platform in (technique.platforms or ()) and platform not in covered and platform not in seen:
                    seen.add(platform)
                    ids = ", ".join(found.id for found in strategies)
                    message = f"{ids} ({name}) has no analytic for {platform}"
                    fix = "Say which of your rules covers it; ATT&CK offers none to compare with."
                    yield Hit(message=message, line=mention.line, column=mention.column, fix=fix)


PLUGIN = Check(
    code="L-ATT-10",
    severity=Severity.INFO,
    catches="ATT&CK's detection strategy lacks an analytic for a declared platform",
    example="## Categorization\n\n- T1069.003\n- Platforms: Identity Provider\n",
    find=find,
)
