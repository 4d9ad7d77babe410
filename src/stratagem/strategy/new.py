"""A new strategy to fill in: nine sections, a rule on one real event, and scenarios that already run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from string import Template
from typing import Any

from stratagem.emulate import bases
from stratagem.errors import UsageError
from stratagem.sources import SOURCES
from stratagem.sources._contract import LogSource, Source
from stratagem.strategy.draft import scalar
from stratagem.strategy.model import Scenario, ScenarioEvent
from stratagem.strategy.scenario import BadScenario, stage

_AREAS = {
    "aws": "aws_cloudtrail",
    "azure": "entra_audit",
    "docker": "docker_events",
    "github": "github_audit",
    "harbor": "harbor_audit",
    "kubernetes": "kubernetes_audit",
    "m365": "m365_audit",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Start:
    """What the first rule is made of: an event, and the fields that tell it."""

    source: str
    logsource: LogSource
    base: str
    fields: Mapping[str, Any]
    """Each can take another value without the event becoming another source's: each gives a near miss."""


def scaffold(
    strategy_id: str,
    title: str = "",
    *,
    area: str = "",
    source: str | None = None,
    owner: str = "",
    attack: Sequence[str] = (),
    severity: str = "medium",
) -> str:
    """A draft document whose scenarios pass. `source` is the log source to begin with; by default the area's.

    Raises UsageError where no source or no event base fits.
    """
    start = _start(source or _source_of(area))
    sentence = title or strategy_id.replace("_", " ").replace("-", " ").capitalize()
    return _PAGE.substitute(
        title=scalar(sentence),
        owner=scalar(owner) if owner else '""',
        attack=f"[{', '.join(attack)}]",
        severity=severity,
        goal=sentence.rstrip("."),
        techniques="\n".join(_technique(technique) for technique in attack) or _NO_TECHNIQUE,
        source=start.source,
        source_title=SOURCES[start.source].title,
        enable=scalar(SOURCES[start.source].enable),
        alert=scalar(sentence.replace("{", "(").replace("}", ")")),
        logsource=_flow(_named(start.logsource)),
        selection="\n".join(f"    {path}: {scalar(value)}" for path, value in start.fields.items()),
        fields=" and ".join(f"`{path}`" for path in start.fields),
        base=start.base,
        near_misses="\n\n".join(_near_miss(path, start.base) for path in start.fields),
    )


def _source_of(area: str) -> str:
    """The source that an area's strategies mostly read."""
    if area in _AREAS and _AREAS[area] in SOURCES:
        return _AREAS[area]
    with_bases = list(dict.fromkeys(name.partition("/")[0] for name in bases.names()))
    return next((known for known in with_bases if area and known.startswith(area)), "aws_cloudtrail")


def _start(source_id: str) -> _Start:
    source = SOURCES[source_id]
    for base in bases.of(source_id):
        if start := _from(base, source_id, source):
            return start
    raise UsageError(f"{source_id} has no event base to begin with. Choose another source.")


def _from(base: str, source_id: str, source: Source) -> _Start | None:
    try:
        record = _staged(base, {})
    except BadScenario:
        return None
    found = {path: _at(record, path) for path in source.dispatch}
    fields = {path: value for path, value in found.items() if isinstance(value, str) and value}
    fields = {path: value for path, value in fields.items() if _may_change(base, path)}
    if not fields:
        return None
    return _Start(source=source_id, logsource=source.logsources[0], base=base, fields=fields)


def _may_change(base: str, path: str) -> bool:
    try:
        _staged(base, {path: _OTHER})
    except BadScenario:
        return False
    return True


def _staged(base: str, changes: Mapping[str, Any]) -> Mapping[str, Any]:
    event = ScenarioEvent(base=base, set=changes)
    return stage(Scenario(name=base, expect="finding", events=(event,)))[0].native


def _at(record: Any, path: str) -> Any:
    for step in path.split("."):
        record = record.get(step) if isinstance(record, Mapping) else None
    return record


def _near_miss(path: str, base: str) -> str:
    return _NEAR_MISS.format(path=path, base=base, other=_OTHER)


def _named(logsource: LogSource) -> dict[str, str]:
    given = {"product": logsource.product, "category": logsource.category, "service": logsource.service}
    return {key: value for key, value in given.items() if value}


def _technique(technique: str) -> str:
    from stratagem.attack import load

    known = load().technique(technique)
    name = f" {known.full_name}" if known else ""
    return f"- **Technique:** {technique}{name}"


def _flow(values: Mapping[str, Any]) -> str:
    return "{" + ", ".join(f"{key}: {scalar(value)}" for key, value in values.items()) + "}"


_OTHER = "SomethingElse"
_NEAR_MISS = """\
```yaml scenario
name: the same with another {path}
expect: silent
near_miss_of: the event happens
base: {base}
set:
  {path}: {other}
```"""
_NO_TECHNIQUE = "<!-- Name the technique and its tactic, and put the id into `attack:` above. -->"

_PAGE = Template("""\
---
title: $title
status: draft
owner: $owner
attack: $attack
severity: $severity
---

## Goal

<!-- One singular event, and why it matters. -->
Detect: $goal.

## Categorization

$techniques

## Strategy Abstract

<!-- What is read, what the rule looks for, in sentences that a reader can check against the rule. -->
The rule reads $source_title and compares $fields.

```yaml sigma
logsource: $logsource
detection:
  selection:
$selection
  condition: selection
```

## Technical Context

<!-- What an analyst has to know about the technology and the technique to understand a finding. -->
The event is one record of $source_title.

## Blind Spots and Assumptions

<!-- Each evasion that you know, as a sentence and as a scenario with `expect: missed`. -->
- The rule assumes that $source_title reaches stratagem.

```yaml telemetry
- source: $source
  enable: $enable
```

## False Positives

<!-- Each benign look-alike, as a sentence and as a scenario with `expect: silent`; a `yaml filter` where needed. -->
- The same event by an approved operator is reported as well.

## Validation

```yaml scenario
name: the event happens
expect: finding
base: $base
```

$near_misses

## Priority

<!-- Criteria for each level; the first that holds wins. -->

```yaml priority
title: $alert
levels:
  - level: $severity
    because: no criterion tells the cases apart yet
```

## Response

<!-- Evidence first, then containment. Questions with the query that answers them. -->

```yaml playbook
questions:
  - ask: Who did it, and is it their job?
evidence:
  - Keep the event and the events of the same actor in the hour before and after.
```
""")
