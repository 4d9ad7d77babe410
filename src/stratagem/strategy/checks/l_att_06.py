"""L-ATT-06: the strategy's platforms and the technique's platforms have nothing in common."""

from __future__ import annotations

from collections.abc import Iterator

from stratagem import facts
from stratagem.errors import Severity
from stratagem.strategy.checks._attack import declared, platform_names, platforms, techniques
from stratagem.strategy.checks._contract import Check, Desk, Hit
from stratagem.strategy.checks._sources import rule_sources
from stratagem.strategy.model import Strategy


def find(strategy: Strategy, desk: Desk) -> Iterator[Hit]:
    """Listed platforms that no declared technique has; techniques on none of the platforms that the rules can see."""
    about = [technique for name in declared(strategy) if (technique := desk.attack.technique(name))]
    about = [technique for technique in about if technique.platforms and technique.is_active]
    if not about:
        return
    covered = {platform for technique in about for platform in technique.platforms or ()}
    for mention in platforms(strategy):
        meant = platform_names(mention.name, desk.attack)
        if meant and not covered & set(meant):
            message = f"no declared technique has the platform {' or '.join(meant)} ({', '.join(t.id for t in about)})"
            fix = f"They have: {', '.join(sorted(covered))}. Map to a technique of that platform, or drop it."
            yield Hit(message=message, line=mention.line, column=mention.column, fix=fix)
    seen = _seen(strategy)
    for technique in about:
        if seen and not seen & set(technique.platforms or ()):
            place = next(mention for mention in techniques(strategy) if mention.name == technique.id)
            message = (
                f"{technique} is on {', '.join(technique.platforms or ())}; the rules see {', '.join(sorted(seen))}"
            )
            fix = "Map to a technique of the platform that the rules see."
            yield Hit(message=message, line=place.line, column=place.column, fix=fix)


def _seen(strategy: Strategy) -> set[str]:
    """The platforms that the strategy's rules can see, by their sources."""
    by_source = facts.load("platforms")["sources"]
    return {platform for source in rule_sources(strategy) for platform in by_source.get(source, ())}


PLUGIN = Check(
    code="L-ATT-06",
    severity=Severity.WARNING,
    catches="strategy platform that is not a platform of the technique",
    example="## Categorization\n\n- T1526 Cloud Service Discovery\n- **Platforms:** Containers\n",
    find=find,
)
