"""A Sigma rule to a draft: the rule as it is in a sigma block, what it says about itself in the sections."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from stratagem import attack
from stratagem.errors import ContentError, Problem, Severity
from stratagem.places import Located, read
from stratagem.sources import SOURCES
from stratagem.strategy.doubts import moved
from stratagem.strategy.draft import TITLES, Draft, draft_id, quoted, title_from, write
from stratagem.strategy.model import LEVELS
from stratagem.strategy.outline import normalise

_TECHNIQUE_TAG = re.compile(r"attack\.(t\d{4}(?:\.\d{3})?)", re.IGNORECASE)
_MARKDOWN_START = re.compile(r"^(\s{0,3})(#|>|```|~~~|---|===|<)", re.MULTILINE)


def import_rule(text: str, file: str) -> Draft:
    """A draft around the Sigma rules of one text; further documents become further blocks.

    Raises ContentError for text that holds no Sigma rule.
    """
    documents = [(part, located) for part, located in _documents(normalise(text))]
    rule = next((located.value for _, located in documents if "detection" in located.value), None)
    if rule is None:
        problem = Problem(
            code="S-SIGMA",
            severity=Severity.ERROR,
            file=file,
            line=1,
            message="holds no Sigma rule.",
            fix="A Sigma rule is YAML with 'logsource:' and 'detection:'.",
        )
        raise ContentError([problem])
    notes: list[str] = []
    techniques = _techniques(rule, notes)
    front = {
        "title": str(rule.get("title") or title_from(file)),
        "status": "draft",
        "attack": techniques,
        "severity": _level(rule, notes),
    }
    sections = dict.fromkeys(TITLES, "")
    sections["Goal"] = prose(rule.get("description") or rule.get("title") or "")
    sections["Categorization"] = "\n".join(_categorization(rule, techniques))
    sections["Strategy Abstract"] = "\n\n".join(_blocks(documents, file, notes))
    sections["Blind Spots and Assumptions"] = _telemetry(rule, notes)
    sections["False Positives"] = "\n".join(_false_positives(rule, notes))
    sections["Priority"] = f"The rule's level is {front['severity']}."
    sections["Additional Resources"] = "\n".join(_resources(rule))
    notes += _missing(sections)
    return Draft(id=draft_id(file), markdown=write(front, sections, notes), notes=tuple(notes))


def prose(text: object) -> str:
    """Text as Markdown prose: nothing at a line's start is read as markup."""
    return _MARKDOWN_START.sub(r"\1\\\2", str(text).strip())


def _documents(text: str) -> Iterator[tuple[str, Located]]:
    for part in re.split(r"^---(?=\s|\Z).*$", text, flags=re.MULTILINE):
        located = read(part)
        if isinstance(located.value, dict):
            yield part.strip("\n"), located


def _techniques(rule: Mapping[str, Any], notes: list[str]) -> list[str]:
    tags = _texts(rule.get("tags"))
    found = [match[1].upper() for tag in tags if (match := _TECHNIQUE_TAG.fullmatch(tag))]
    if not found:
        notes.append("missing: an ATT&CK technique; the rule has no such tag")
    ids = list(dict.fromkeys(found))
    notes += moved(ids)
    return ids


def _level(rule: Mapping[str, Any], notes: list[str]) -> str:
    level = str(rule.get("level", "")).lower()
    if level in LEVELS:
        return level
    notes.append("missing: the rule's level; medium is assumed")
    return "medium"


def _categorization(rule: Mapping[str, Any], techniques: Sequence[str]) -> Iterator[str]:
    table = attack.load()
    for technique_id in techniques:
        technique = table.technique(technique_id)
        yield f"- **Technique:** {technique or technique_id}"
    tags = [tag.removeprefix("attack.") for tag in _texts(rule.get("tags")) if tag.startswith("attack.")]
    tactics = [tactic.name for tag in tags if (tactic := table.tactic(tag))]
    if tactics:
        yield f"- **Tactic:** {', '.join(dict.fromkeys(tactics))}"


def _blocks(documents: Sequence[tuple[str, Located]], file: str, notes: list[str]) -> Iterator[str]:
    """The rules as they are, one block each."""
    from stratagem.rules.load import load_data
    from stratagem.rules.model import Rejection

    for text, located in documents:
        kind = "correlation" if "correlation" in located.value else "sigma"
        if kind == "correlation":
            notes.append("kept: a correlation; the rules that it names must stand in the same document")
        elif "filter" in located.value:
            notes.append("doubtful: a Sigma filter; write it as a 'yaml filter' block under 'False Positives'")
            kind = ""
        else:
            loaded = load_data(located.value, file=file, lines=located.lines)
            if isinstance(loaded, Rejection):
                notes.append(f"doubtful: the rule does not load: {loaded.construct}: {loaded.reason}")
        yield quoted(text, f"yaml {kind}".rstrip())


def _telemetry(rule: Mapping[str, Any], notes: list[str]) -> str:
    """A telemetry block for the source that answers to the rule's logsource."""
    from stratagem.rules.model import RuleLogSource
    from stratagem.rules.routing import answering

    asked = rule.get("logsource")
    asked = asked if isinstance(asked, dict) else {}
    words = {key: text for key in ("product", "service", "category") if isinstance(text := asked.get(key), str)}
    wanted = RuleLogSource(**words)
    known = [source_id for source_id, source in SOURCES.items() if answering(source.logsources, wanted)]
    if not known:
        written = (
            ", ".join(f"{key} {asked[key]}" for key in ("product", "category", "service") if asked.get(key)) or "none"
        )
        notes.append(f"doubtful: no source answers to the rule's logsource ({written})")
        return ""
    return "\n".join(["```yaml telemetry", *(f"- source: {source_id}" for source_id in known), "```"])


def _false_positives(rule: Mapping[str, Any], notes: list[str]) -> Iterator[str]:
    texts = _texts(rule.get("falsepositives"))
    if any(text.strip().lower() in ("unknown", "none", "unlikely") for text in texts):
        notes.append("missing: false positives that a person could recognise; the rule says none of use")
    for text in texts:
        yield f"- {prose(' '.join(text.split()))}"


def _resources(rule: Mapping[str, Any]) -> Iterator[str]:
    for reference in _texts(rule.get("references")):
        yield f"- <{reference}>" if re.fullmatch(r"https?://[^\s<>]+", reference) else f"- {prose(reference)}"
    names = {"id": "Sigma rule", "author": "Author", "date": "Date", "modified": "Modified", "license": "Licence"}
    for key, name in names.items():
        if rule.get(key):
            yield f"- {name}: {prose(' '.join(str(rule[key]).split()))}"


def _missing(sections: Mapping[str, str]) -> Iterator[str]:
    for title in TITLES:
        if title != "Additional Resources" and not sections[title]:
            yield f"missing: section '{title}' is empty"
    yield "missing: a scenario that proves the rule, and a near miss; write 'yaml scenario' blocks under 'Validation'"
    yield "missing: criteria for each level; write a 'yaml priority' block under 'Priority'"
    yield "missing: an owner"


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [str(item) for item in value if item is not None] if isinstance(value, list) else []
