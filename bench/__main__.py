"""The one command: `python -m bench --corpus DIR --rules DIR [--quick]`."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from bench import machine, report
from bench.data import MB
from bench.session import Parameters, run
from stratagem.errors import UsageError

HERE = Path(__file__).parent


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    if options.corpus is None or options.rules is None:
        print("Give --corpus and --rules, or set STRATAGEM_CORPUS and STRATAGEM_SIGMA_RULES.", file=sys.stderr)
        return 3
    asked = Parameters(
        corpus=options.corpus.resolve(),
        rules=options.rules.resolve(),
        home=options.data.resolve(),
        size=(options.size or (8 if options.quick else 400)) * MB,
        rounds=options.rounds or (1 if options.quick else 5),
        seed=options.seed,
        large=not options.no_large,
    )
    try:
        made = run(asked, lambda line: print(line, file=sys.stderr, flush=True))
    except UsageError as error:
        print(error, file=sys.stderr)
        return 3
    name = f"{made['date']}-{machine.slug(made['machine'])}{'-quick' if options.quick else ''}"
    written = report.write(made, options.results, name)
    print(report.markdown(made))
    print(f"Written to {' and '.join(map(str, written))}", file=sys.stderr)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure stratagem beside Tenzir.")
    parser.add_argument(
        "--corpus", type=Path, metavar="DIR", default=_from("STRATAGEM_CORPUS"), help="real CloudTrail logs"
    )
    parser.add_argument(
        "--rules", type=Path, metavar="DIR", default=_from("STRATAGEM_SIGMA_RULES"), help="public Sigma rules"
    )
    parser.add_argument("--quick", action="store_true", help="8 MB and one round: does it work, not how fast is it")
    parser.add_argument("--size", type=int, metavar="MB", help="size of the NDJSON input (default 400)")
    parser.add_argument("--rounds", type=int, metavar="N", help="rounds that count (default 5)")
    parser.add_argument("--seed", type=int, default=1, help="of the inputs (default 1)")
    parser.add_argument("--no-large", action="store_true", help="leave out the input of four times the size")
    parser.add_argument(
        "--data", type=Path, metavar="DIR", default=HERE / "data", help="where inputs are kept (default bench/data)"
    )
    parser.add_argument("--results", type=Path, metavar="DIR", default=HERE / "results", help="default bench/results")
    return parser


def _from(name: str) -> Path | None:
    return Path(os.environ[name]) if os.environ.get(name) else None


if __name__ == "__main__":
    sys.exit(main())
