"""What a baseline kind says. Drop a module into this folder that exports `PLUGIN = Kind(...)`; nothing else is edited.

A baseline observes the matches of rules (`rules:` of its block), each with an entity (the relation's `key`) and what is
learned about it (`value`, `number`, `peer`). Everything that a kind learns is a function of the matches in its history
by event time, so that late, repeated and shuffled delivery teach the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

from stratagem.relation import Episode, Match, Moment


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
    """Fields that are learned about the entity (first_seen, rare, new_edge); they become `value`."""
    measure: str | None = None
    """The numeric field that is summed (spike); None counts events. Kubernetes quantities are read as numbers."""
    peers: tuple[str, ...] = ()
    """Fields of which entities with equal values are peers (rare); they become `peer`."""
    aliases: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Field name -> rule -> the field that has it in that rule's events."""
    window: timedelta = timedelta(hours=1)
    """What is compared with history: the length of one observation (spike), the life that is short (short_lived), the
    silence that is long (silence)."""
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
    level: str = "medium"
    file: str = ""
    line: int = 0
    strategy: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """One thing that a baseline has learned, for `baseline show`, `export` and `diff`."""

    key: str
    value: str | None = None
    observations: int
    first: str
    """ISO 8601, UTC."""
    last: str
    warm: bool
    """Whether it is past warm-up, so that the baseline alerts on it."""
    facts: Mapping[str, Decimal | str | int] = field(default_factory=dict)
    """What is usual, by name ("median", "spread", "peers")."""


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
    sql: Callable[[Baseline, Moment, str], str]
    """(baseline, moment, table of matches) -> a SELECT of EPISODES."""
    learned: Callable[[Baseline, Moment, str], str]
    """The same -> a SELECT (key, value, observations, first, last, warm, facts MAP(VARCHAR, VARCHAR)) of what was
    learned as of the moment."""
    reference: Callable[[Baseline, Moment, Sequence[Match]], list[Episode]]
    """What `sql` has to give, in plain Python."""
    is_global: bool = False
    """Whether an entity's episodes depend on other entities' matches (rare among peers, silence): then a new match may
    change any entity's findings, and an incremental run evaluates all of them."""
    reach: Callable[[Baseline], timedelta] = lambda baseline: baseline.history
    """How much later than itself a match can still change an entity's episodes."""
