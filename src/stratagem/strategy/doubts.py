"""What an imported text leaves open: mappings that moved, placeholders, blocks that only people can write."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from stratagem import attack, facts
from stratagem.strategy.model import LEVELS

_TECHNIQUE = re.compile(r"\bT(\d{4})(?:[./](\d{3}))?\b")
_LEVEL = re.compile(
    r"(?:set to|severity|priority(?: is| of)?|\*\*)[\s:*_\"']*(critical|high|medium|low|informational)\b", re.IGNORECASE
)
_PLATFORMS = re.compile(r"^[\s*_-]*platforms?[\s:*_]*:?[\s*_]*(?P<names>.+)$", re.IGNORECASE | re.MULTILINE)


def attack_ids(categorization: str, notes: list[str]) -> list[str]:
    """The ATT&CK technique ids of a Categorization text, as written there; notes what has become of them."""
    found = [f"T{number}.{sub}" if sub else f"T{number}" for number, sub in _TECHNIQUE.findall(categorization)]
    ids = list(dict.fromkeys(found))
    if not ids:
        notes.append("missing: an ATT&CK technique id in Categorization")
    notes += moved(ids)
    return ids


def moved(ids: Sequence[str]) -> Iterator[str]:
    """What has become of technique ids that are not in use."""
    table = attack.load()
    for technique_id in ids:
        technique = table.technique(technique_id)
        if technique is None:
            yield f"doubtful: {technique_id} is unknown in ATT&CK {table.version}"
        elif not technique.is_active:
            successor = table.successor(technique_id)
            now = f"; it is {successor} now" if successor else ""
            yield f"doubtful: {technique_id} is {technique.status} in ATT&CK {table.version}{now}"


def severity(priority: str, line: int, notes: list[str]) -> str:
    """The level that a Priority text names: the highest of several."""
    named = {match.lower() for match in _LEVEL.findall(priority)}
    where = f" (line {line})" if line else ""
    if not named:
        notes.append(f"missing: a level in Priority; medium is assumed{where}")
        return "medium"
    if len(named) == 1:
        notes.append(f"doubtful: Priority gives one level without criteria{where}")
    else:
        notes.append(f"doubtful: Priority names several levels; the highest is taken, and each needs its 'when'{where}")
    return str(max(named, key=LEVELS.index))


def doubts(sections: Mapping[str, str], lines: Mapping[str, int], ids: Sequence[str]) -> tuple[str, ...]:
    """What else is missing or doubtful in an imported report."""
    return (
        *_placeholders(sections, lines),
        *_platforms(sections["Categorization"], lines.get("Categorization", 0), ids),
        *_tactics(sections["Categorization"], ids),
        *_emulation(sections, lines),
        *_blocks(sections),
        "missing: an owner",
    )


def _placeholders(sections: Mapping[str, str], lines: Mapping[str, int]) -> Iterator[str]:
    patterns = [re.compile(pattern, re.IGNORECASE) for pattern in facts.load("wording")["placeholder"]]
    for title, text in sections.items():
        sentences = (part.strip(" \t-*") for part in re.split(r"\n+|(?<=[.!?])\s+", text))
        if any(pattern.search(sentence) for sentence in sentences if sentence for pattern in patterns):
            yield f"missing: '{title}' holds placeholder text (line {lines.get(title, 0)})"


def _platforms(text: str, line: int, ids: Sequence[str]) -> Iterator[str]:
    table = attack.load()
    match = _PLATFORMS.search(text)
    if match is None or table.platforms is None:
        return
    names = [name.strip(" *_.") for name in match["names"].split(",")]
    renamed = {key.casefold(): value for key, value in facts.load("platforms")["renamed"].items()}
    for name in names:
        if name and name not in table.platforms:
            now = renamed.get(name.casefold())
            means = f"; ATT&CK says {' or '.join(now)}" if now else ""
            yield f"doubtful: platform '{name}' is none of ATT&CK {table.version}{means} (line {line})"
    techniques = [technique for technique_id in ids if (technique := table.technique(technique_id))]
    for technique in techniques:
        off = [name for name in names if name in table.platforms and name not in (technique.platforms or (name,))]
        if off:
            yield f"doubtful: {technique} does not have the platform {', '.join(off)} (line {line})"


def _tactics(text: str, ids: Sequence[str]) -> Iterator[str]:
    table = attack.load()
    prose = re.sub(r"\(https?://[^)]*\)", "", text).casefold()
    named = [tactic for tactic in table.tactics if re.search(rf"\b{re.escape(tactic.name.casefold())}\b", prose)]
    techniques = [technique for technique_id in ids if (technique := table.technique(technique_id))]
    if not named:
        yield "missing: the tactic in Categorization"
    for tactic in named:
        if techniques and not any(tactic.short_name in technique.tactics for technique in techniques):
            yield f"doubtful: tactic {tactic.name} is none of {', '.join(technique.id for technique in techniques)}"


def _emulation(sections: Mapping[str, str], lines: Mapping[str, int]) -> Iterator[str]:
    for title, text in sections.items():
        if title not in ("Validation", "Additional Resources"):
            for heading in re.findall(
                r"^###+ (.*(?:emulation|validation|simulation).*)$", text, re.IGNORECASE | re.MULTILINE
            ):
                yield f"doubtful: '{heading}' stands under '{title}' and belongs under 'Validation'"


def _blocks(sections: Mapping[str, str]) -> Iterator[str]:
    """Nothing in prose runs: name the blocks that a strategy needs."""
    wanted = {
        "sigma": ("Strategy Abstract", "an executable rule: nothing in the report can run"),
        "telemetry": ("Blind Spots and Assumptions", "the sources that the strategy needs"),
        "scenario": ("Validation", "a scenario that proves the rule, and a near miss"),
        "priority": ("Priority", "criteria for each level"),
        "playbook": ("Response", "questions and evidence"),
    }
    for kind, (title, what) in wanted.items():
        if f"yaml {kind}" not in sections.get(title, ""):
            yield f"missing: {what}; write a 'yaml {kind}' block under '{title}'"
    if re.search(r"^\s*```|`[^`\n]+ [^`\n]+`", sections["Validation"], re.MULTILINE):
        yield "doubtful: Validation holds commands; check each, and make it the 'live' of the scenario that it causes"
