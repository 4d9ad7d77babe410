"""A run of the benchmark as JSON, and as the Markdown that people read."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

Report = Mapping[str, Any]
"""The JSON of a run: `date`, `machine`, `parameters`, `data`, `results`, `samples`, `targets`, `comparisons`."""
_VERDICTS = {True: "met", False: "**not met**", None: "not measured"}


def write(report: Report, folder: Path, name: str) -> tuple[Path, Path]:
    """The two files of a run."""
    folder.mkdir(parents=True, exist_ok=True)
    data, page = folder / f"{name}.json", folder / f"{name}.md"
    data.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    page.write_text(f"# Benchmark of {report['date']}\n\n{markdown(report)}", encoding="utf-8")
    return data, page


def markdown(report: Report) -> str:
    """What was measured on what, the targets, the cases, and the differences in matches."""
    return "\n".join([*_setting(report), *_targets(report["targets"]), *_cases(report), *_differences(report), ""])


def _setting(report: Report) -> Iterator[str]:
    machine, data, parameters = report["machine"], report["data"], report["parameters"]
    packages = ", ".join(f"{name} {version}" for name, version in machine["packages"].items() if version)
    memory = machine["memory_bytes"] / 1e9
    yield f"Measured on {report['date']}: {machine['cores']} cores, {machine['model']}, {memory:.0f} GB of memory,"
    yield f"{machine['system']}, Python {machine['python']}, Tenzir {machine['tenzir'] or 'not installed'}, {packages}."
    yield f"Input: {data['records']:,} CloudTrail events, {data['bytes'] / 1e6:,.0f} MB of NDJSON,"
    yield f"made from {data['base_records']:,} real records; {data['gzip_files']:,} gzip files of the same events,"
    yield f"{data['gzip_bytes'] / 1e6:,.0f} MB; {report['rules']:,} public CloudTrail rules."
    yield f"{parameters['rounds']} rounds, after one to warm up; seed {parameters['seed']}."
    yield ""


def _targets(verdicts: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    rows = [(one["what"], one["wanted"], one["measured"], _VERDICTS[one["met"]]) for one in verdicts]
    yield from table(("what", "target", "measured", ""), rows)
    yield ""


def _cases(report: Report) -> Iterator[str]:
    yield "Medians of whole processes; the range is the fastest and the slowest run."
    yield "The steady rate leaves out what the same program takes on the tiny input."
    yield ""
    head = ("case", "events", "seconds", "range", "processor s", "events/s", "steady events/s", "peak MB", "findings")
    yield from table(head, [_row(result) for result in report["results"]])
    yield ""


def _row(result: Mapping[str, Any]) -> tuple[str, ...]:
    if not result["runs"]:
        return (result["title"], f"{result['events']:,}", f"not measured: {result['error']}", *[""] * 6)
    return (
        result["title"],
        f"{result['events']:,}",
        f"{result['seconds']:.2f}",
        f"{result['fastest']:.2f}-{result['slowest']:.2f}",
        f"{result['cpu_seconds']:.2f}",
        f"{result['rate']:,.0f}",
        f"{result['steady_rate']:,.0f}" if result["steady_rate"] else "",
        f"{result['peak_bytes'] / 1e6:,.0f}",
        f"{result['findings']:,}",
    )


def _differences(report: Report) -> Iterator[str]:
    for one in report["comparisons"]:
        yield (
            f"Matches on {one['input']} ({one['records']:,} records): {one['tenzir']:,} by Tenzir, "
            f"{one['stratagem']:,} by stratagem, {one['both']:,} the same."
        )
        if one["differences"]:
            yield ""
            head = ("rule", "only Tenzir", "for example", "only stratagem", "for example")
            yield from table(head, [_difference(row) for row in one["differences"]])
            yield ""


def _difference(row: Mapping[str, Any]) -> tuple[str, ...]:
    return (
        f"{row['title']} ({row['rule']})",
        f"{row['only_tenzir']:,}",
        row["example_tenzir"] or "",
        f"{row['only_stratagem']:,}",
        row["example_stratagem"] or "",
    )


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """A Markdown table; a column whose cells are numbers stands to the right."""
    body = [[cell.replace("|", "\\|").replace("\n", " ") for cell in row] for row in rows]
    yield _line(head)
    yield _line(["--:" if _is_numeric([row[at] for row in body]) else "---" for at in range(len(head))])
    yield from map(_line, body)


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _is_numeric(cells: Iterable[str]) -> bool:
    return all(not cell or cell[0].isdigit() for cell in cells) and any(cells)
