"""What happens in the estate every day. Drop a module into this folder that exports `PLUGIN = Life(...)`."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from stratagem.emulate._record import Teller, Told
from stratagem.emulate.estate.calendar import Day
from stratagem.emulate.estate.cast import Cast


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """One part of the ordinary life: who does it, and what makes it tempting to a detection."""

    describe: str
    day: Callable[[Cast, Day, Teller, random.Random], Iterator[Told]]
    """The records of one day, in no order. All chance comes from the last argument and from the teller."""
