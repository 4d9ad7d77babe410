"""Which of a source's logsources mean what a rule asks for."""

from __future__ import annotations

from collections.abc import Iterable

from stratagem.rules.model import RuleLogSource
from stratagem.sources._contract import LogSource, Native


def answering(offered: Iterable[LogSource], wanted: RuleLogSource) -> tuple[LogSource, ...]:
    """The offered logsources that agree with the wanted one.

    What both name must be equal, ignoring case, and at least one thing must be named by both.
    """
    return tuple(one for one in offered if _agree(one, wanted))


def takes(offered: Iterable[LogSource], wanted: RuleLogSource, native: Native) -> bool:
    """Is this record one that the wanted logsource means?"""
    return any(one.only is None or one.only(native) for one in answering(offered, wanted))


def _agree(offered: LogSource, wanted: RuleLogSource) -> bool:
    pairs = (
        (offered.product, wanted.product),
        (offered.service, wanted.service),
        (offered.category, wanted.category),
    )
    both = [(here, there) for here, there in pairs if here is not None and there is not None]
    return bool(both) and all(here.casefold() == there.casefold() for here, there in both)
