"""Documents that tests are made of: a whole strategy, and the same with pieces exchanged."""

from __future__ import annotations

from stratagem.strategy.model import Strategy
from stratagem.strategy.parse import Parsed, parse

FILE = "strategies/aws/role_assumed.md"

FRONT = """\
---
title: A service assumes a role
status: live
owner: cloud-security
attack: [T1526]
severity: medium
---
"""

SECTIONS = {
    "Goal": "Detect one AssumeRole call.",
    "Categorization": "- **Technique:** T1526 Cloud Service Discovery",
    "Strategy Abstract": """\
```yaml sigma
logsource: {product: aws, service: cloudtrail}
detection:
  call:
    eventName: AssumeRole
  condition: call
```""",
    "Technical Context": "CloudTrail records the call.",
    "Blind Spots and Assumptions": """\
```yaml telemetry
- source: aws_cloudtrail
```""",
    "False Positives": "- Deployments.",
    "Validation": """\
```yaml scenario
name: the call
expect: finding
base: aws_cloudtrail/assume_role_by_service
```

```yaml scenario
name: another call
expect: silent
near_miss_of: the call
base: aws_cloudtrail/assume_role_by_service
set: {eventName: GetRole}
```""",
    "Priority": """\
```yaml priority
title: "{eventName} in {awsRegion}"
levels:
  - level: high
    when: {awsRegion: eu-north-1}
    because: nobody works there
  - level: low
```""",
    "Response": """\
```yaml playbook
questions: [Who called?]
```""",
}


def document(front: str = FRONT, **sections: str) -> str:
    """The whole strategy with sections exchanged; keys are titles with `_` for blanks."""
    given = {**SECTIONS, **{title.replace("_", " "): text for title, text in sections.items()}}
    return front + "".join(f"\n## {title}\n\n{text}\n" for title, text in given.items())


def parsed(front: str = FRONT, **sections: str) -> Parsed:
    return parse(document(front, **sections), file=FILE)


def strategy(front: str = FRONT, **sections: str) -> Strategy:
    """A strategy whose document has no problem."""
    made = parsed(front, **sections)
    assert made.problems == ()
    return made.strategy


def told(made: Parsed) -> list[tuple[str, str]]:
    """(code, message) of each problem."""
    return [(problem.code, problem.message) for problem in made.problems]
