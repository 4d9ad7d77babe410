"""Rules on columns: what their filters take out is counted, and stays out of what is learned."""

from __future__ import annotations

import json
from pathlib import Path

from stratagem.detect.run import RunResult
from stratagem.emulate import bases
from stratagem.workspace import Workspace

RULES = """\
title: A call from outside
id: outside
name: outside
logsource: {product: ocsf}
detection:
  call: {api.operation: ListGroups}
  condition: call
---
title: The office
id: office
logsource: {product: ocsf}
filter:
  rules: [outside]
  selection: {src_endpoint.ip|startswith: '192.0.2.'}
  condition: selection
"""
MANY = """\
---
title: Many calls
id: many
correlation:
  type: event_count
  rules: [outside]
  group-by: [api.operation]
  timespan: 1h
  condition: {gte: 2}
"""


def ran(home: Path, rules: str) -> RunResult:
    (home / "rules.yml").write_text(rules, encoding="utf-8")
    events = []
    for number, address in enumerate(("192.0.2.9", "203.0.113.9", "203.0.113.8")):
        event = bases.load("aws_cloudtrail/list_groups")
        event |= {"sourceIPAddress": address, "eventID": f"00000000-0000-4000-8000-00000000000{number}"}
        events.append(json.dumps(event))
    (home / "log.jsonl").write_text("\n".join(events), encoding="utf-8")
    return Workspace().run([home / "log.jsonl"], rules=home / "rules.yml", workers=1)


def test_a_filter_on_columns_removes_and_counts(tmp_path: Path) -> None:
    result = ran(tmp_path, RULES)
    assert len(result.findings) == 2
    assert result.summary["findings"]["filtered"] == {"total": 1, "by_filter": {"office": 1}}


def test_what_a_filter_on_columns_removes_is_not_counted_by_correlations(tmp_path: Path) -> None:
    (found,) = ran(tmp_path, RULES + MANY).findings
    assert (found.rule_uid, found.count) == ("many", 2)
