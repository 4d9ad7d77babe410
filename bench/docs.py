"""Put the tables of a run into docs/explain/performance.md: `python -m bench.docs bench/results/RUN.json`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from bench.report import markdown

PAGE = Path(__file__).parent.parent / "docs" / "explain" / "performance.md"
BEGIN, END = "<!-- bench: begin -->", "<!-- bench: end -->"


def replaced(page: str, section: str) -> str:
    """The page with `section` between its two marks. Raises ValueError where a mark is missing."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"the page needs the marks {BEGIN} and {END}")
    return f"{before}{BEGIN}\n\n{section.strip()}\n\n{END}{after}"


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        print("usage: python -m bench.docs bench/results/RUN.json", file=sys.stderr)
        return 3
    report = json.loads(Path(arguments[0]).read_bytes())
    PAGE.write_text(replaced(PAGE.read_text(encoding="utf-8"), markdown(report)), encoding="utf-8")
    print(f"{PAGE} now shows the run of {report['date']}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
