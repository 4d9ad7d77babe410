"""Registries that workloads are used to come from."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date, datetime
from fnmatch import fnmatchcase
from typing import Any

from stratagem.context.known import Context
from stratagem.context.suggest.history import Registry, Span
from stratagem.context.suggest.proposal import LeftOut, Proposal, listed, scalar
from stratagem.context.suggest.regular import irregular
from stratagem.sources._image import parse

LIST = "registries"
"""The list that registries are proposed for, where no list names them yet."""

_SHARED = frozenset(
    {"docker.io", "quay.io", "ghcr.io", "gcr.io", "public.ecr.aws", "registry.gitlab.com", "index.docker.io"}
)
"""Registries in which anybody may have a place: of these a namespace is proposed, never the whole."""

_IMAGES = r"""
WITH written AS MATERIALIZED (
  SELECT principal, resources, day, time, raw_data
  FROM events WHERE source = 'kubernetes_audit' AND activity_id IN (1, 3) AND status_id = 1
)
SELECT image, principal, namespace, day, min(time), max(time), count(*) FROM (
  SELECT principal, resources[1].namespace AS namespace, day, time,
    unnest(list_distinct(regexp_extract_all(raw_data, '"image"\s*:\s*"([^"\\]{1,512})"', 1))) AS image
  FROM written WHERE contains(raw_data, '"image"')
) GROUP BY ALL ORDER BY ALL
"""


def registries(connection: Any) -> tuple[Registry, ...]:
    """Every place that images of written workloads come from, in the view `events`."""
    days: dict[str, Counter[date]] = defaultdict(Counter)
    spaces: dict[str, set[str]] = defaultdict(set)
    repositories: dict[str, Counter[str]] = defaultdict(Counter)
    writers: dict[str, Counter[str]] = defaultdict(Counter)
    bounds: dict[str, tuple[datetime, datetime]] = {}
    for reference, principal, namespace, day, first, last, count in connection.execute(_IMAGES).fetchall():
        image = parse(reference)
        if image is None:
            continue
        place = _place(image.registry, image.repository)
        days[place][day] += count
        spaces[place] |= {namespace} if namespace else set()
        repositories[place][image.repository] += count
        writers[place][principal or "unknown"] += count
        low, high = bounds.get(place, (first, last))
        bounds[place] = min(low, first), max(high, last)
    return tuple(
        Registry(
            host=place,
            images=len(repositories[place]),
            namespaces=frozenset(spaces[place]),
            days=frozenset(days[place]),
            first=bounds[place][0],
            last=bounds[place][1],
            busiest=max(days[place].values()),
            events=days[place].total(),
            repositories=tuple(name for name, _ in repositories[place].most_common()),
            by=dict(writers[place].most_common()),
        )
        for place in sorted(days)
    )


def _place(registry: str, repository: str) -> str:
    return f"{registry}/{repository.partition('/')[0]}" if registry in _SHARED else registry


def of_registries(
    found: tuple[Registry, ...], whole: Span, context: Context, classes: Mapping[str, str]
) -> tuple[list[Proposal], list[LeftOut]]:
    """(proposals, what was left out) for registries that no entry of a list covers at the end of the history."""
    listed_already = [
        entry.value for entries in context.lists.values() for entry in entries if whole.last in entry.valid
    ]
    proposals: list[Proposal] = []
    left: list[LeftOut] = []
    for registry in found:
        example = f"{registry.host}/{registry.repositories[0].rpartition('/')[2]}"
        if any(fnmatchcase(example, value) or value == registry.host for value in listed_already):
            continue
        reason = irregular(registry, whole)
        if not reason and len(registry.namespaces) < 2:
            reason = "in one namespace alone"
        if reason:
            left.append(LeftOut(title="registry", name=registry.host, reason=reason))
        else:
            proposals.append(_proposal(registry, whole, classes))
    return proposals, left


def _proposal(registry: Registry, whole: Span, classes: Mapping[str, str]) -> Proposal:
    writers = Counter[str]()
    for principal, count in registry.by.items():
        writers[classes.get(principal, "other")] += count
    shares = ", ".join(f"{name} {count / registry.events:.0%}" for name, count in writers.most_common())
    return Proposal(
        kind="registry",
        file=f"lists/{LIST}.yml",
        key="values",
        title=f"registry {registry.host}",
        entry=(
            f"- value: {scalar(f'{registry.host}/*')}",
            f"  reason: {scalar(f'{registry.images} repositories run in {len(registry.namespaces)} namespaces')}",
        ),
        evidence=(
            f"{registry.events:,} workloads written on {len(registry.days)} of {whole.days} days "
            f"in {len(registry.namespaces)} namespaces",
            f"repositories {listed(registry.repositories)}",
            f"written by {shares}",
        ),
        names=(registry.host,),
    )
