"""What a source says. Drop a module into this folder that exports `PLUGIN = Source(...)`; nothing else is edited.

A record's way: bytes -> JSON object -> `recognise` (whose is it?) -> `canonical` (its one native shape, variants
gone, labels taken) -> Sigma sees it, with `derived` fields -> `uid`, `time`, and `ocsf` when columns are wanted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, NamedTuple

Native = Mapping[str, Any]
"""A decoded JSON object. Parsers hold dicts; everything behind them holds columns."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogSource:
    """A Sigma logsource that a source answers to; None matches any value.

    `only` narrows the records that the logsource means (M365 `exchange` is one workload of the unified audit log).
    """

    product: str | None = None
    service: str | None = None
    category: str | None = None
    only: Callable[[Native], bool] | None = None


class Labels(NamedTuple):
    """Where a record comes from: cluster, account or tenant; of the record, its envelope or its input."""

    cluster: str | None = None
    account: str | None = None
    tenant: str | None = None
    region: str | None = None

    def under(self, outer: Labels) -> Labels:
        """These labels, with the gaps filled from `outer` (the envelope, then the input's binding)."""
        return Labels(
            cluster=self.cluster or outer.cluster,
            account=self.account or outer.account,
            tenant=self.tenant or outer.tenant,
            region=self.region or outer.region,
        )


NO_LABELS = Labels()

AS_IT_IS = "as it is"
"""The projection of a source whose records are OCSF events already."""


class Malformed(Exception):
    """A record that is recognisably this source's but breaks its shape. The message is the quarantine reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Derived:
    """A field that rules may use though no log writes it (`k8s.pod.containers`).

    `compute` takes the canonical record and returns the value, or None where it does not apply.
    `fields` are the canonical paths read; `describe` is one line for the reference page.
    `witnesses` are byte strings of which one must stand in the raw record (any case) where the value is not None;
    empty means that nothing is implied, and the prefilter then leaves rules on it to the matcher.
    """

    compute: Callable[[Native], Any]
    describe: str
    fields: tuple[str, ...] = ()
    witnesses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A complete record of our own making, as it arrives. Drives contract tests and the reference page."""

    name: str
    raw: bytes
    records: int = 1
    """How many canonical records it holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How the lines of a text log are read, once one of them has told."""

    is_header: bool
    """Whether the line that told is a header, and no record."""
    read: Callable[[str], bytes | None]
    """A line's canonical record as compact JSON text with sorted keys; None where the line has another layout."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One log source. Functions are plain and pure; none reads a file or opens a connection.

    Shapes: `canonical` returns (record, labels). It raises Malformed with the reason. It must be idempotent: a
    canonical record is recognised and comes back equal. A variant that only nests (AKS
    `properties.log`) is unwrapped here.
    """

    title: str
    """The product's own name, for people: "AWS CloudTrail"."""
    vendor_page: str
    """Where the vendor describes the log, with the day of reading if somebody opened it: "... (read 2026-11-22)"."""
    enable: str
    """How a user turns the log on, in a sentence or two."""
    silent_gaps: tuple[str, ...]
    """What is missing without anybody saying so."""
    logsources: tuple[LogSource, ...]
    order: int
    """Recognition order: lower is asked first. Sources that cannot be confused share an order."""
    recognise: Callable[[Native], bool]
    """Is this unwrapped JSON object ours, in any variant? Cheap, never raises, whatever the field types."""
    canonical: Callable[[Native], tuple[Native, Labels]]
    is_canonical: Callable[[Native], bool]
    """Is it ours and already in the canonical shape, so that `canonical` gives it back? Reads `head` paths only."""
    head: tuple[str, ...]
    """Dotted canonical paths (scalars, through objects only) that the fast path decodes: everything that
    `is_canonical`, `uid`, `time`, `revision` and `dispatch` read."""
    dispatch: tuple[str, ...]
    """The discriminator paths, a subset of `head`, most selective first: rules are indexed on them."""
    uid: Callable[[Native], str | None]
    """The event's id among this source's events (design 5: the dedup key), from a canonical record or its head.
    None where the record has none: its hash is then the id."""
    time: Callable[[Native], str | int | float | None]
    """Event time as the record has it: ISO 8601 text, or a number since 1970 (seconds to nanoseconds). None is
    quarantined as 'no event time'."""
    uid_fields: tuple[str, ...] = ()
    """The `head` paths whose values, joined by "/", are `uid`, so that the fast path need not call it per record.
    Empty: the log has no ids, `uid` gives None, and the hash of the record is its id."""
    uid_gaps: bool = False
    """May some of `uid_fields` be absent, null or a number? Then `uid` is `_text.joined` of them, for logs whose
    records have no id but differ in what those fields hold. Else a record that lacks one takes the careful path."""
    time_fields: tuple[str, ...] = ()
    """The `head` paths of `time`, the first that is present and not null wins. Empty: the source has no fast path."""
    time_only_with: Mapping[str, str] = field(default_factory=dict)
    """A path of `time_fields` -> the `head` path without whose text it is not taken."""
    time_numbers: bool = False
    """Is a number at `time_fields` as good as text? Else such a record takes the careful path."""
    shape: tuple[str, ...] = ()
    """The `head` paths, of few distinct values, that `is_canonical` reads beside those of `dispatch`."""
    labels: Callable[[Native], Labels] | None = None
    """The labels of a record in the canonical shape, as `canonical` gives them, read from `label_fields` alone, so that
    the rest of such a record need not be decoded. None: `canonical` is asked."""
    label_fields: tuple[str, ...] = ()
    """The dotted canonical paths (through objects only) that `labels` reads."""
    ocsf: str
    """A DuckDB SQL projection: a SELECT list over `raw` (JSON text of the canonical record, column type VARCHAR),
    `native` (`json_transform` of it to `columns`) and the ingest columns; see events/columns.py for the names to give,
    and events/statement.py for steps that compute once what several columns need. Or AS_IT_IS."""
    columns: str
    """The DuckDB structure that `native` is read as, in `json_transform` notation (a JSON object of names to types)."""
    lateness: timedelta
    """How long after its event time a record may still arrive; baselines and absence wait this long."""
    examples: tuple[Example, ...]
    fields: Mapping[str, str] = field(default_factory=dict)
    """Canonical field path -> one line of description, for `stratagem sources fields` and unknown-field hints."""
    derived: Mapping[str, Derived] = field(default_factory=dict)
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Names that public Sigma rules use for a field -> canonical paths, first that is present wins. Lower-case keys."""
    shared: frozenset[str] = frozenset()
    """Fields (with all below them) whose values mean the same in every cluster, account and tenant: addresses, user
    agents, ARNs, global ids. A correlation or baseline that groups by any other field keeps these apart."""
    revision: Callable[[Native], str | int] | None = None
    """Of copies of one event, the one with the greatest revision survives (then the record hash decides)."""
    split: Callable[[Native], Iterator[Native]] | None = None
    """Where one record may hold many events (the tuples of a flow log): each of them, as `canonical` takes it. A record
    that is one event already comes back alone. Raises Malformed; an empty run is no event and no error."""
    layout: Callable[[str], Layout | None] | None = None
    """Where the log may be plain text, a record a line: the layout that a line tells, as a header or as a record of a
    known layout. None where the line is not this source's. Any text may come; it never raises."""
    is_noise: Callable[[Native], bool] | None = None
    """Envelope content of this source that is not an event (CloudTrail digest files): counted as excluded. A record in
    the canonical shape is an event whatever this says: the fast path does not ask."""
