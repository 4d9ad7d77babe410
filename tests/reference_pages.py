"""The reference pages that are made from the code; tests/test_docs.py writes them with STRATAGEM_WRITE_GOLDEN=1."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from importlib.resources import files
from typing import Any

import typer
import typer.main

from stratagem.baselines import KINDS
from stratagem.cli.app import app
from stratagem.cli.logs import logsource_text
from stratagem.cli.render import FORMATS
from stratagem.context.known import FIELDS as CONTEXT_FIELDS
from stratagem.context.schemas import DOCUMENTS as CONTEXT_FILES
from stratagem.context.schemas import schema as context_schema
from stratagem.context.tables import TABLES as CONTEXT_TABLES
from stratagem.rules.drops import schema as ingest_schema
from stratagem.settings import PREFIX, SETTINGS
from stratagem.sources import SOURCES
from stratagem.sources._contract import Source
from stratagem.sources._declared.model import schema as declared_schema
from stratagem.strategy.schemas import DOCUMENTS
from tests.source_columns import source_columns

MADE = "<!-- Made from the code by tests/test_docs.py: change the code and run it with STRATAGEM_WRITE_GOLDEN=1. -->"


def page(title: str, lead: str, body: Iterator[str]) -> str:
    """A page with its title, what it is, and the note that it is generated."""
    text = "\n".join([f"# {title}", "", MADE, "", lead, "", *body])
    return "\n".join(line.rstrip() for line in text.strip().splitlines()) + "\n"


def _cell(text: object) -> str:
    return " ".join(str(text).replace("|", "\\|").split())


def _table(columns: tuple[str, ...], rows: list[tuple[object, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(columns)} |"
    yield "|" + "---|" * len(columns)
    yield from (f"| {' | '.join(_cell(value) for value in row)} |" for row in rows)
    yield ""


def cli() -> str:
    """Every command with its arguments and options."""
    root: Any = typer.main.get_command(app)
    context = root.make_context("stratagem", [], resilient_parsing=True)
    return page(
        "Commands",
        "Data goes to standard output; progress, summary and hints go to standard error.\n"
        "[Exit codes](exit-codes.md) and [settings](settings.md) have pages of their own.",
        _command(root, context),
    )


def _command(command: Any, context: Any) -> Iterator[str]:
    yield f"{'##'} {context.command_path}"
    yield ""
    yield from (line.strip() for line in (command.help or "").splitlines())
    yield ""
    yield "```text"
    yield context.get_usage()
    yield "```"
    yield ""
    arguments = [(f"`{_metavar(item)}`", item.help or "") for item in _parameters(command, "argument")]
    if arguments:
        yield from _table(("argument", "meaning"), arguments)
    options = [(_option(item), item.help or "") for item in _parameters(command, "option")]
    if options:
        yield from _table(("option", "meaning"), options)
    for name, child in getattr(command, "commands", {}).items():
        yield from _command(child, type(context)(child, info_name=name, parent=context))


def _parameters(command: Any, kind: str) -> list[Any]:
    return [item for item in command.params if item.param_type_name == kind]


def _option(item: Any) -> str:
    names = ", ".join(f"`{name}`" for name in item.opts)
    return names if item.is_flag else f"{names} `{_metavar(item)}`"


def _metavar(item: Any) -> str:
    return str(item.metavar or item.name.upper())


def settings() -> str:
    """Every setting."""
    rows: list[tuple[object, ...]] = [
        (
            f"`{item.name}`",
            f"`{item.variable}`",
            f"`{item.default}`" if item.default not in (None, "") else "",
            item.help,
        )
        for item in SETTINGS
    ]
    lead = (
        "A value is looked for in this order: flag, environment variable, `stratagem.toml` of the workspace, "
        "`config.toml` of the user (`$XDG_CONFIG_HOME/stratagem/`), default.\n"
        "A key that is not in this table is an error that names the valid ones.\n"
        "`stratagem settings` shows every value and where it was said.\n\n"
        "The workspace is the nearest folder, from the current one upwards, that holds a `stratagem.toml`, "
        "or the one that `--workspace` names.\n"
        "Relative paths in a file start from that file's folder.\n"
        f"Unknown variables that begin with `{PREFIX}` are left alone, because Kubernetes makes such variables; "
        "one that looks like a mistyped setting is noted on standard error."
    )
    return page("Settings", lead, _table(("key", "variable", "default", "meaning"), rows))


def formats() -> str:
    """Every output format."""
    rows: list[tuple[object, ...]] = [
        (f"`{name}`", ", ".join(f"`{ending}`" for ending in item.suffixes), item.describe)
        for name, item in FORMATS.items()
    ]
    lead = (
        "`--format` takes one of these names.\n"
        "Without it, `--output FILE` chooses by the file's ending, a terminal gets a table, and a pipe gets NDJSON.\n\n"
        "Text of events is made harmless: control characters and characters that turn the reading direction are "
        "spelt out, Markdown is escaped, and a CSV cell that would be a formula begins with an apostrophe.\n"
        "NDJSON and JSON hold the values as they are; only the way they are written is safe to print."
    )
    return page("Formats", lead, _table(("name", "endings", "what it is"), rows))


def sources() -> str:
    """Every log source."""
    lead = (
        "Sources are detected; `--source ID` overrides.\n"
        "`stratagem sources ID` shows the same facts, and `stratagem sources fields ID` the fields."
    )
    return page("Sources", lead, (line for source_id, source in SOURCES.items() for line in _source(source_id, source)))


def _source(source_id: str, source: Source) -> Iterator[str]:
    yield f"## {source.title}: `{source_id}`"
    yield ""
    yield f"Described at {source.vendor_page}."
    yield ""
    yield f"Turn it on: {source.enable}"
    yield ""
    offered = dict.fromkeys(logsource_text(one) for one in source.logsources)
    yield f"Sigma logsources: {', '.join(f'`{text}`' for text in offered)}."
    yield f"A record may arrive up to {source.lateness} (h:mm:ss) after its event."
    yield ""
    yield "What is missing without anybody saying so:"
    yield ""
    yield from (f"- {gap}" for gap in source.silent_gaps)
    yield ""
    if source.derived:
        yield "Derived fields, which rules may use though no log writes them:"
        yield ""
        yield from _table(
            ("field", "meaning", "read from"),
            [
                (f"`{name}`", one.describe, ", ".join(f"`{path}`" for path in one.fields))
                for name, one in source.derived.items()
            ],
        )
    if source.aliases:
        yield "Other names that public rules use:"
        yield ""
        rows = [(f"`{name}`", ", then ".join(f"`{path}`" for path in paths)) for name, paths in source.aliases.items()]
        yield from _table(("name", "reads"), list(rows))
    if source.fields:
        yield "Fields:"
        yield ""
        yield from _table(("field", "meaning"), [(f"`{name}`", text) for name, text in source.fields.items()])


def blocks() -> str:
    """Every block kind, from its JSON Schema."""
    lead = (
        "A strategy is a Markdown file: front matter, the nine ADS headings, and fenced blocks under them.\n"
        "A block's info string is the language, then the kind: ` ```yaml sigma `.\n"
        "Every kind has a JSON Schema in `stratagem/strategy/schemas/`; this page is made from them."
    )
    return page("Strategy format", lead, (line for name in DOCUMENTS for line in _schema(name)))


def _schema(name: str) -> Iterator[str]:
    schema = json.loads((files("stratagem.strategy") / "schemas" / f"{name}.json").read_text(encoding="utf-8"))
    yield f"## {name.replace('_', ' ').capitalize()}"
    yield ""
    yield schema.get("description", "")
    yield ""
    required = schema.get("required", ())
    rows: list[tuple[object, ...]] = [
        (f"`{key}`", "yes" if key in required else "", _kind(value), value.get("description", ""))
        for key, value in schema.get("properties", {}).items()
    ]
    if rows:
        yield from _table(("key", "needed", "is", "meaning"), rows)


def _kind(schema: Any) -> str:
    if "enum" in schema:
        return ", ".join(f"`{value}`" for value in schema["enum"])
    kind = schema.get("type", "")
    words = {"object": "mapping", "array": "list", "string": "text"}
    kinds = kind if isinstance(kind, list) else [kind]
    return " or ".join(words.get(one, one) for one in kinds)


def baselines() -> str:
    """Every kind of baseline."""
    lead = (
        "A `baseline` block says what is normal, and `kind` how it is learned.\n"
        "These keys come to those that [all kinds have](strategy-format.md#baseline).\n"
        "What each kind is for, and how to read what it learned, is told in [Baselines](../how-to/baselines.md)."
    )
    return page("Kinds of baselines", lead, (line for name in KINDS for line in _baseline_kind(name)))


def _baseline_kind(name: str) -> Iterator[str]:
    kind = KINDS[name]
    yield f"## {kind.title}: `{name}`"
    yield ""
    yield from kind.describe.replace(". ", ".\n").splitlines()
    yield ""
    own = {**kind.defaults({})}
    if own:
        said = ", ".join(f"`{key}: {value}`" for key, value in own.items())
        yield f"Defaults of its own: {said}."
    seasonal = [value for value in kind.schema.get("seasonality", {}).get("enum", ()) if value != "none"]
    for value in seasonal:
        said = ", ".join(f"`{key}: {one}`" for key, one in kind.defaults({"seasonality": value}).items())
        yield f"With `seasonality: {value}` they are {said}."
    needs = [*kind.needs, *kind.required, *(() if kind.names_rules else ("rules",))]
    yield f"It needs {', '.join(f'`{key}`' for key in ('entity', *needs))}."
    if kind.takes:
        yield f"It takes {', '.join(f'`{key}`' for key in kind.takes)}."
    yield ""
    rows: list[tuple[object, ...]] = [
        (
            f"`{key}`",
            "yes" if key in kind.required else "",
            _kind(value),
            f"`{value['default']}`" if "default" in value else "",
            value.get("description", ""),
        )
        for key, value in kind.schema.items()
    ]
    if rows:
        yield from _table(("key", "needed", "is", "default", "meaning"), rows)


def context() -> str:
    """Every file of the context, its tables and fields."""
    lead = (
        "The files of `context/` in a workspace; [what they are for](../explain/context.md), "
        "[how to write them](../how-to/context.md).\n"
        "Times are `2026-01-31` (00:00 UTC) or `2026-01-31T08:00:00Z`; a start is included, an end is not.\n"
        "`stratagem context schema NAME` prints the JSON Schema that this page is made from."
    )
    return page("Context", lead, _context())


def _context() -> Iterator[str]:
    for name in CONTEXT_FILES:
        schema = context_schema(name)
        file = {"list": "lists/NAME.yml", "changes": "changes/NAME.yml"}.get(name, f"{name}.yml")
        yield from ("## " + file, "", schema["description"], "")
        yield from _context_keys(schema.get("properties", {}), schema.get("required", ()))
        inner = {"value": schema["$defs"]["value"]} if name == "list" else schema["properties"]
        for key, value in inner.items():
            entry = value.get("items", value)
            if entry.get("properties"):
                yield from (f"### {file}: {key}", "")
                yield from _context_keys(entry["properties"], entry.get("required", ()))
    yield from ("## Fields", "", "Criteria and titles of a priority block, and filters, may name these.", "")
    yield from _table(("field", "what it holds"), [(f"`{name}`", text) for name, text in CONTEXT_FIELDS.items()])
    yield from ("## Tables", "")
    yield (
        "`stratagem.context.tables.register` makes these in the schema `context` of a DuckDB connection; "
        "each row also has `valid_from` and `valid_to`."
    )
    yield ""
    rows = [
        (f"`{name}`", f"`{one}`", text) for name, columns in CONTEXT_TABLES.items() for one, text in columns.items()
    ]
    yield from _table(("table", "column", "what it holds"), list(rows))


def _context_keys(properties: Any, required: Any) -> Iterator[str]:
    rows: list[tuple[object, ...]] = [
        (f"`{key}`", "yes" if key in required else "", _keys_kind(value), text)
        for key, value in properties.items()
        for text in [value.get("description", "")]
    ]
    if rows:
        yield from _table(("key", "needed", "is", "meaning"), rows)


def _keys_kind(value: Any) -> str:
    """What a key holds, in a word or two."""
    if "$ref" in value:
        return "expression" if value["$ref"].endswith("expression") else "list"
    kinds = [_kind(one) for one in value.get("anyOf", ())]
    return " or ".join(dict.fromkeys(kinds)) if kinds else _kind(value)


def declared_sources() -> str:
    """The keys of a file that declares a source."""
    lead = (
        "`sources/ID.yml` in a workspace declares a log source; [how to write one](../how-to/add-a-source.md).\n"
        "`stratagem sources schema` prints the JSON Schema that this page is made from."
    )
    return page("Declared sources", lead, _declared_sources())


def _declared_sources() -> Iterator[str]:
    schema = declared_schema()
    yield from ("## sources/ID.yml", "", schema["description"], "")
    yield from _context_keys(schema["properties"], schema["required"])
    for key, value in schema["properties"].items():
        entry = next((one for one in value.get("anyOf", ()) if "properties" in one), value.get("items", value))
        if entry.get("properties"):
            yield from (f"### {key}", "")
            yield from _context_keys(entry["properties"], entry.get("required", ()))
    expression = schema["$defs"]["expression"]
    yield from ("## Expressions", "", expression["description"], "")
    yield from _context_keys(expression["anyOf"][-1]["properties"], ())
    yield from _table(
        ("written", "says"),
        [
            ("`actor.name`", "what stands at the path"),
            ("`[actor.name, who]`", "the first that is there"),
            ("`acme:{org.id}:{actor.id}`", "the text with the values in it; nothing where one of them is missing"),
            ("`acme:{@tenant}:{actor.id}`", "the same with a label; `unknown` where nobody gave it"),
            ("`6003`, `true`", "a constant"),
            ("`{value: Acme}`", "a constant text"),
            ('`{path: ok, map: {"true": 1, "false": 2}, default: 0}`', "what the value means"),
        ],
    )
    yield "A path goes through objects only; empty text and null say nothing."
    yield ""


def ingest() -> str:
    """The keys of a workspace's ingest rules."""
    lead = (
        "`ingest.yml` at the root of a workspace declares ingest rules; "
        "[what they cost in sight](../how-to/drop-at-ingest.md)."
    )
    return page("Ingest rules", lead, _ingest())


def _ingest() -> Iterator[str]:
    schema = ingest_schema()
    yield from ("## ingest.yml", "", schema["description"], "")
    yield from _context_keys(schema["properties"], ())
    entry = schema["properties"]["drop"]["items"]
    yield from ("### drop", "")
    yield from _context_keys(entry["properties"], entry["required"])
    yield from ("### drop: logsource", "")
    yield from _context_keys(entry["properties"]["logsource"]["properties"], ())


PAGES: dict[str, Callable[[], str]] = {
    "cli.md": cli,
    "settings.md": settings,
    "formats.md": formats,
    "sources.md": sources,
    "source-columns.md": source_columns,
    "strategy-format.md": blocks,
    "context.md": context,
    "declared-sources.md": declared_sources,
    "ingest.md": ingest,
    "baselines.md": baselines,
}
