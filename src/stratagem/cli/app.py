"""The commands by name, and how a run of the program ends."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Annotated, Any

import typer

from stratagem import __version__
from stratagem.cli import (
    attack,
    author,
    baseline,
    context,
    coverage,
    demo,
    emulate,
    health,
    logs,
    past,
    prove,
    quiet,
    run,
    workspace,
)
from stratagem.cli.output import note
from stratagem.cli.safe import printable
from stratagem.errors import StratagemError, UsageError

INTERRUPTED = 130
# Typer brings its own copy of Click from 0.2x on; its base of usage errors is reached by what it exports.
_CommandLineError: type[Any] = typer.BadParameter.__mro__[2]

app = typer.Typer(
    name="stratagem",
    help="Alerting & Detection Strategies as code, for cloud and container environments.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("run")(run.run)
app.command("demo")(demo.demo)
app.command("new")(author.new)
app.command("lint")(prove.lint)
app.command("test")(prove.test)
app.command("explain")(prove.explain)
app.command("backtest")(past.backtest)
app.command("tune")(past.tune)
app.command("verdict")(past.verdict)
app.command("health")(health.health)
app.command("coverage")(coverage.coverage)
app.command("why")(quiet.why)
app.command("trace")(prove.trace)
app.command("import")(author.import_)
app.command("sources")(logs.sources)
app.command("identify")(logs.identify)
app.command("init")(workspace.init)
app.command("settings")(workspace.settings)
app.add_typer(context.app, name="context")
app.add_typer(attack.app, name="attack")
app.add_typer(baseline.app, name="baseline")
app.add_typer(emulate.app, name="emulate")


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"stratagem {__version__}")
        raise typer.Exit


@app.callback()
def _program(
    ctx: typer.Context,
    folder: Annotated[
        str | None,
        typer.Option(
            "--workspace", "-C", help="The workspace's folder. Default: the nearest one with a stratagem.toml."
        ),
    ] = None,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and end.")
    ] = False,
) -> None:
    ctx.obj = folder


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the program and end the process."""
    sys.exit(code_of(arguments))


def code_of(arguments: Sequence[str] | None = None) -> int:
    """Run the program; the exit code. An error nobody foresaw keeps its traceback."""
    try:
        code = app(args=arguments, prog_name="stratagem", standalone_mode=False)
    except _CommandLineError as error:
        # Its own code is 2, which here means content that cannot load.
        _show(error)
        return UsageError.exit_code
    except StratagemError as error:
        for line in str(error).splitlines():
            note(printable(line))
        return error.exit_code
    except (KeyboardInterrupt, typer.Abort):
        code = INTERRUPTED
    if code == INTERRUPTED:
        note("Interrupted.")
    return code or 0


def _show(error: Any) -> None:
    """What was wrong with the command line, and where to look."""
    message, context = error.format_message(), getattr(error, "ctx", None)
    is_help = message.startswith("Usage:")
    if context is not None and not is_help:
        note(context.get_usage())
    for line in message.splitlines():
        note(printable(line))
    if context is not None and not is_help:
        note(f"See: {context.command_path} --help")
