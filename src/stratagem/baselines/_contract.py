"""What a baseline kind says. Drop a module into this folder that exports `PLUGIN = Kind(...)`; nothing else is edited.

A baseline observes the matches of rules (`rules:` of its block), each with an entity (the relation's `key`) and what is
learned about it (`value`, `number`, `peer`). Everything that a kind learns is a function of the matches in its history
by event time, so that late, repeated and shuffled delivery teach the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from stratagem.relation import Episode, Match, Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    """An entity (and one of its values) whose findings are fine, while they are earlier than `expires`."""

    baseline: str
    """The baseline's name within its strategy."""
    key: str
    """As in relation.MATCHES: canonical JSON."""
    value: str | None = None
    """None: every value."""
    owner: str
    reason: str
    expires: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Reset:
    """From `start` on nothing counts that was before: of one entity, or (key None) of all."""

    baseline: str
    key: str | None = None
    start: datetime
    owner: str
    reason: str


Decision = Acceptance | Reset


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """A `baseline` block after reading. `uid` is what findings carry as the rule's id."""

    uid: str
    name: str
    title: str
    kind: str
    rules: tuple[str, ...]
    """The rules whose matches are observed: names of the document's `sigma` blocks, or `strategy#rule`."""
    entity: tuple[str, ...]
    """Fields that say who or what is observed; they become `key`."""
    value: tuple[str, ...] = ()
    """Fields that are learned about the entity (first_seen, rare, new_edge), or that name the object whose life is
    measured (short_lived); they become `value`."""
    measure: str | None = None
    """The numeric field that is summed (spike); None counts events. Kubernetes quantities are read as numbers."""
    peers: tuple[str, ...] = ()
    """Fields of which entities with equal values are peers (rare, short_lived); they become `peer`."""
    aliases: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Field name -> rule -> the field that has it in that rule's events."""
    window: timedelta = timedelta(hours=1)
    """What is compared with history: the length of one observation (spike), the life that is short (short_lived), the
    silence that is long enough to matter (silence), the pause that ends an episode (the others)."""
    history: timedelta = timedelta(days=30)
    """How far back is learned from; older events are forgotten."""
    warm_up: timedelta = timedelta(days=14)
    """An entity (or the whole baseline, see the kind) observed for less than this does not alert."""
    min_observations: int = 20
    """Nor one with fewer observations than this."""
    options: Mapping[str, Any] = field(default_factory=dict)
    """What the kind's own schema adds (threshold, seasonality, minimum volume, floor, ...)."""
    generate: bool = False
    """Whether the observed rules also report on their own."""
    decisions: tuple[Decision, ...] = ()
    """What people decided about it in the workspace, in the file's order."""
    level: str = "medium"
    file: str = ""
    line: int = 0
    strategy: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """One thing that a baseline has learned, for `baseline show`, `export` and `diff`.

    With `value` None this is about the entity as a whole; every entity has one such row. Its facts say how warm it is:
    `since` is the time from which it counts as observed (ISO 8601, UTC), `counted` are the observations that
    `min_observations` asks for. Where they are those of all peers (short_lived), every entity of them has the same.
    """

    key: str
    value: str | None = None
    observations: int
    first: str
    """ISO 8601, UTC."""
    last: str
    warm: bool
    """Whether it is past warm-up, so that the baseline alerts on it."""
    facts: Mapping[str, str] = field(default_factory=dict)
    """What is usual, by name ("median", "spread", "limit"), as text."""


LEARNED: Mapping[str, str] = {
    "key": "VARCHAR",
    "value": "VARCHAR",
    "observations": "BIGINT",
    "first": "TIMESTAMPTZ",
    "last": "TIMESTAMPTZ",
    "warm": "BOOLEAN",
    "facts": "MAP(VARCHAR, VARCHAR)",
}
"""Columns of what was learned; see `Learned`."""


class Flaw(NamedTuple):
    """Something about a block that makes no sense."""

    key: str
    """The block's key that is to be changed."""
    message: str
    fix: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of baseline. Functions are plain and pure; none reads a file or opens a connection."""

    title: str
    describe: str
    """What it detects, how it learns, how incidents are kept out, what a cold start does; for the reference."""
    schema: Mapping[str, Any]
    """JSON Schema of the keys that the kind adds to a block (they become `options`), with descriptions."""
    needs: tuple[str, ...]
    """Which of `value`, `measure`, `peers` a block must give."""
    takes: tuple[str, ...] = ()
    """Which of them it may give."""
    names_rules: tuple[str, ...] = ()
    """The schema's keys that name the observed rules, where it is not `rules`."""
    sql: Callable[[Baseline, Moment, str, str | None], str]
    """(baseline, moment, table of matches, table of `sums` or None) -> a SELECT of EPISODES."""
    learned: Callable[[Baseline, Moment, str], str]
    """The same -> a SELECT of LEARNED, what was learned as of the moment: an event at that time is compared with it."""
    reference: Callable[[Baseline, Moment, Sequence[Match]], list[Episode]]
    """What `sql` has to give, in plain Python."""
    sums: Callable[[Baseline, str, str, bool], str] | None = None
    """(baseline, earlier matches, table of matches, is_once) -> a SELECT of what stands for the earlier ones in `sql`.

    They are earlier than all matches whose episodes are asked for, and within the history of each of them. With
    `is_once` no event comes twice among them with one key and value. None: `sql` needs each match by itself.
    """
    has_exact_edge: bool = True
    """Whether history ends within what `sums` gives: those matches about a history before others stay by themselves."""
    required: tuple[str, ...] = ()
    """Which of the schema's keys a block must give."""
    defaults: Callable[[Mapping[str, Any]], Mapping[str, Any]] = lambda block: {}
    """What window, history, warm_up and min_observations are in a block that does not say."""
    flaws: Callable[[Baseline], Iterable[Flaw]] = lambda baseline: ()
    """What makes no sense in a block of which every key by itself is right."""
    is_global: Callable[[Baseline], bool] = lambda baseline: False
    """Whether an entity's episodes depend on other entities' matches (rare among peers, silence): then a new match may
    change any entity's findings, and an incremental run evaluates all of them."""
    asks_architecture: bool = False
    """Whether its events are edges, of which architecture.yml says whether they are standard."""
    reach: Callable[[Baseline], timedelta] = lambda baseline: baseline.history + baseline.window
    """How much later than itself a match can still change an entity's episodes."""
    reach_back: Callable[[Baseline], timedelta] = lambda baseline: baseline.window
    """How much earlier than itself an episode may have ended that a match still changes: the pause within which events
    belong to one episode."""
