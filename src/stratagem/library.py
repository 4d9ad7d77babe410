"""Rules and strategies from folders, kept parsed between runs, because reading Sigma and Markdown is slow."""

from __future__ import annotations

import hashlib
import os
import pickle
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import stratagem
from stratagem import cache
from stratagem.context.entry import Lists
from stratagem.errors import Problem, Severity, UsageError
from stratagem.rules.correlation import Correlation
from stratagem.rules.model import Rejection, Rule
from stratagem.strategy.model import Strategy

if TYPE_CHECKING:
    from stratagem.strategy.parse import Parsed

_ENDINGS = (".md", ".yml", ".yaml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    """What folders of strategies and rules came to."""

    rules: tuple[Rule, ...] = ()
    correlations: tuple[Correlation, ...] = ()
    """Of folders of rules; strategies hold their own."""
    strategies: tuple[Strategy, ...] = ()
    rejected: tuple[Rejection, ...] = ()
    problems: tuple[Problem, ...] = ()
    unproven: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Strategies that are live on their page and that their scenarios do not prove, with what is lacking."""


Prove = Callable[[Sequence[Strategy]], Mapping[str, tuple[str, ...]]]
"""Which strategies fall short of what their page claims, and why."""


def load(
    strategies: Sequence[Path],
    rules: Sequence[Path],
    overlays: Path | None,
    lists: Lists,
    *,
    prove: Prove | None = None,
    bases: Path | None = None,
) -> Library:
    """Everything under these folders, from the cache when no byte of it has changed.

    `prove` is asked once for each content; its answer is kept with the library. `bases` are event bases that it uses.
    """
    missing = [str(path) for path in (*strategies, *rules) if not path.exists()]
    if missing:
        raise UsageError(f"no such file or folder: {', '.join(missing)}")
    watched = {
        "strategies": strategies,
        "rules": rules,
        "overlays": [overlays] if overlays and overlays.is_dir() else [],
        "bases": [bases] if bases else [],
    }
    proven = "proven" if prove is not None else "read"
    place = cache.folder() / f"{_fingerprint(watched, lists)}.{proven}.library"
    kept = _recall(place)
    if kept is None:
        kept = _read(strategies, rules, overlays, lists)
        if prove is not None:
            kept = replace(kept, unproven=dict(prove(kept.strategies)))
        cache.keep(place, pickle.dumps(kept, protocol=5))
    return kept


def lowered(library: Library) -> Library:
    """The library with live strategies that nothing proves as shadow, each with a warning. No file is touched."""
    if not library.unproven:
        return library
    told = [
        Problem(
            code="P-STATUS",
            severity=Severity.WARNING,
            file=one.file,
            line=1,
            message=f"{one.id} is live on its page and runs as shadow: {'; '.join(library.unproven[one.id][:2])}",
            fix="See all of it: stratagem test.",
        )
        for one in library.strategies
        if one.id in library.unproven
    ]
    strategies = tuple(
        replace(one, status="shadow") if one.id in library.unproven else one for one in library.strategies
    )
    return replace(library, strategies=strategies, problems=(*library.problems, *told))


def parse_strategies(folders: Iterable[Path], lists: Lists) -> tuple[Parsed, ...]:
    """The strategy documents under `folders`, with their problems."""
    from stratagem.strategy.parse import load_folder

    return tuple(parsed for folder in folders for parsed in load_folder(folder, lists))


def _read(strategies: Sequence[Path], rules: Sequence[Path], overlays: Path | None, lists: Lists) -> Library:
    from stratagem.strategy.overlay import apply_folder

    parsed = parse_strategies(strategies, lists)
    known, problems = apply_folder([one.strategy for one in parsed], overlays, lists)
    plain: tuple[Rule, ...] = ()
    correlations: tuple[Correlation, ...] = ()
    rejected: tuple[Rejection, ...] = ()
    if rules:
        from stratagem.rules.load import load_folder

        loaded = load_folder(rules, lists)
        plain, correlations, rejected = loaded.rules, loaded.correlations, loaded.rejected
    return Library(
        rules=plain,
        correlations=correlations,
        strategies=known,
        rejected=(*rejected, *(one for strategy in known for one in strategy.rejected)),
        problems=(*(problem for one in parsed for problem in one.problems), *problems),
    )


def _fingerprint(watched: Mapping[str, Iterable[Path]], lists: Lists) -> str:
    """`watched` are folders by what they are read as: the same folder may be read as either."""
    seen = hashlib.sha256(f"{stratagem.__version__} {sys.version} {_code_state()}".encode())
    for role, folder in ((role, folder) for role, folders in watched.items() for folder in folders):
        seen.update(f"\0{role}\0".encode())
        files = [folder] if folder.is_file() else sorted(folder.rglob("*"))
        for file in files:
            if file.suffix in (*_ENDINGS, *((".json",) if role == "bases" else ())) and file.is_file():
                seen.update(f"\0{file}\0".encode())
                seen.update(file.read_bytes())
    seen.update(repr(sorted(lists.items())).encode())
    return seen.hexdigest()


def _code_state() -> str:
    """Changes when the readers do, so that a checkout under development never sees stale results."""
    package = Path(__file__).parent
    states = [
        file.stat() for part in ("rules", "strategy", "baselines") for file in sorted((package / part).rglob("*.py"))
    ]
    return str(hash(tuple((state.st_mtime_ns, state.st_size) for state in states)))


def _recall(place: Path) -> Library | None:
    """A kept library; None where there is none, or where the file is not this user's own."""
    try:
        if place.stat().st_uid != os.getuid():
            return None
        kept: Any = pickle.loads(place.read_bytes())
    except Exception:  # a damaged pickle may raise anything
        return None
    return kept if isinstance(kept, Library) else None
