"""The conformance page, made of the constructs and refusals that the tests run."""

from __future__ import annotations

import json

from tests.unit.rules.constructs import CONSTRUCTS, REFUSED, SEMANTICS, Construct, Record


def render() -> str:
    """The conformance page."""
    return "\n".join([*_head(), *_tables(), *_refusals(), ""])


def _head() -> list[str]:
    rows = [f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |" for row in SEMANTICS]
    return [
        "# Sigma conformance",
        "",
        "<!-- Made from tests/unit/rules/constructs.py: STRATAGEM_WRITE_GOLDEN=1 python -m pytest tests/unit/rules -->",
        "",
        "What stratagem makes of Sigma 2.1 detections.",
        "Every row below is a test: the rule is loaded, and the records go to the reference matcher and the fast one.",
        "",
        "## Null, missing, empty, array, not",
        "",
        "Does the test hold where the field is ...?",
        "",
        "| test | missing | null | empty text | an array |",
        "|---|---|---|---|---|",
        *rows,
        "",
        "A test on an array holds if it holds for one of its elements; arrays within arrays are flattened.",
        "`not` turns the whole answer around: `not` over a missing field is true.",
        "",
        "## Where stratagem decides for itself",
        "",
        "- pySigma applies the modifiers and checks values; conditions, `expand`, numbers and array blocks are ours.",
        "- `|re` is Python's `re`: look-around and back-references load, though other Sigma tools may refuse them.",
        "- `N of` with any N is accepted; Sigma 2.1 itself has `1` and `all`.",
        "- Array blocks, `[all_or_empty]` and positions follow Sigma enhancement proposal 212.",
        "- A Sigma filter stays apart from its rules, so that what it removes is counted.",
        "  The specification's example removes what its condition selects, pySigma keeps it.",
        "  stratagem takes the reading that removes less: a condition that holds for an empty record",
        "  (`not selection`) says what to keep, any other says what to remove.",
        "- Of two rules with one id the later, in path order, is rejected.",
        "- Correlation rules are rejected by name until they are supported.",
    ]


def _tables() -> list[str]:
    lines: list[str] = []
    for section in dict.fromkeys(construct.section for construct in CONSTRUCTS):
        lines += [
            "",
            f"## {section}",
            "",
            "| construct | rule | matches | does not match | note |",
            "|---|---|---|---|---|",
        ]
        lines += [_row(construct) for construct in CONSTRUCTS if construct.section == section]
    return lines


def _row(construct: Construct) -> str:
    cells = (
        construct.name,
        "<br>".join(_code(line) for line in construct.detection.splitlines() if line not in _FRAME),
        "<br>".join(_code(_json(record)) for record in construct.matches),
        "<br>".join(_code(_json(record)) for record in construct.misses),
        construct.note,
    )
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


_FRAME = ("selection:", "condition: selection")


def _json(record: Record) -> str:
    return json.dumps(record, ensure_ascii=False)


def _code(text: str) -> str:
    indent = len(text) - len(text.lstrip())
    return f"{'&nbsp;' * indent}`{text.strip()}`"


def _refusals() -> list[str]:
    lines = ["", "## What is refused, and why", "", "| detection | construct | reason |", "|---|---|---|"]
    for refused in REFUSED:
        rule = "<br>".join(_code(line) for line in refused.detection.splitlines())
        cells = (rule, f"`{refused.construct}`", f"... {refused.reason} ...")
        lines.append(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |")
    return lines
