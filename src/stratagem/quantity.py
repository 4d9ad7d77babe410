"""Numbers as logs write them, read exactly: 12, 1.5, "12", "1e3", and Kubernetes quantities ("500m", "2Gi").

Source: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/, read 2026-11-24.
"""

from __future__ import annotations

import re
from decimal import ROUND_UP, Context, Decimal
from typing import Any

_SUFFIXES = {
    "": Decimal(1),
    **{suffix: Decimal(10) ** power for suffix, power in (("n", -9), ("u", -6), ("m", -3))},
    **{suffix: Decimal(1000) ** power for power, suffix in enumerate("kMGTPE", start=1)},
    **{f"{suffix}i": Decimal(1024) ** power for power, suffix in enumerate("KMGTPE", start=1)},
}
# An E before digits is an exponent, one at the end is 10^18: "1E2" is 100, "1E" is exa.
_QUANTITY = re.compile(r"([+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+))(?:[eE]([+-]?[0-9]{1,3})|(n|u|m|k|[KMGTPE]i|[MGTPE])|)")
_LONGEST = 64
_BILLIONTH = Decimal("1e-9")
_LIMIT = Decimal(10) ** 29
_EXACT = Context(prec=400)


def number(value: Any) -> Decimal | None:
    """The value as a number with at most nine decimals, or None where it is none.

    More decimals are rounded away from zero, as Kubernetes does. True and false, infinities, text with anything around
    the number, and what DECIMAL(38,9) cannot hold (10^29 and more) are no numbers. A float is what its shortest text
    says.
    """
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        return None
    text = str(value) if not isinstance(value, int) or abs(value) < _LIMIT else ""
    found = _QUANTITY.fullmatch(text.strip()) if len(text) <= _LONGEST else None
    if found is None:
        return None
    digits, exponent, suffix = found.groups()
    exact = _EXACT.multiply(Decimal(digits), _SUFFIXES[suffix or ""])
    exact = _EXACT.scaleb(exact, int(exponent)) if exponent else exact
    if abs(exact) >= _LIMIT:
        return None
    rounded = exact.quantize(_BILLIONTH, rounding=ROUND_UP, context=_EXACT)
    return rounded if abs(rounded) < _LIMIT else None
