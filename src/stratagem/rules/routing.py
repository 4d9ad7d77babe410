"""Which of a source's logsources mean what a rule asks for."""

from __future__ import annotations

from collections.abc import Iterable

from stratagem.rules.model import RuleLogSource
from stratagem.sources._contract import LogSource, Native


def answering(offered: Iterable[LogSource], wanted: RuleLogSource) -> tuple[LogSource, ...]:
    """The offered logsources that agree with the wanted one.

    What both name must be equal, ignoring case, and at least one thing must be named by both. Where both say more than
    a product, they must have more than it in common: a DNS log of AWS does not answer for `aws/cloudtrail`.
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
    if not both or any(here.casefold() != there.casefold() for here, there in both):
        return False
    narrow = pairs[1:]
    says = any(here is not None for here, _ in narrow) and any(there is not None for _, there in narrow)
    return not says or any(here is not None and there is not None for here, there in narrow)
