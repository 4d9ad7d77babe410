"""Numbers as logs write them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stratagem.quantity import number


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (12, "12"),
        (0.1, "0.1"),
        ("12", "12"),
        (" 7 ", "7"),
        ("-3.5", "-3.5"),
        (".5", "0.5"),
        ("5.", "5"),
        ("1e3", "1000"),
        ("1E3", "1000"),
        ("1e-3", "0.001"),
        (1e16, "10000000000000000"),
    ],
)
def test_plain_numbers_are_read_as_written(written: Any, meant: str) -> None:
    assert number(written) == Decimal(meant)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("500m", "0.5"),
        ("100n", "0.0000001"),
        ("250u", "0.00025"),
        ("2k", "2000"),
        ("1.5Gi", "1610612736"),
        ("2Gi", "2147483648"),
        ("128974848", "128974848"),
        ("129e6", "129000000"),
        ("129M", "129000000"),
        ("123Mi", "128974848"),
        ("1E", "1000000000000000000"),
        ("1Ei", "1152921504606846976"),
    ],
)
def test_kubernetes_quantities_are_exact(written: str, meant: str) -> None:
    assert number(written) == Decimal(meant)


def test_more_than_nine_decimals_are_rounded_away_from_zero() -> None:
    assert number("0.1n") == Decimal("0.000000001")
    assert number("-0.1n") == Decimal("-0.000000001")


@pytest.mark.parametrize(
    "written",
    [None, True, False, "", "m", "1Mb", "1 Gi", "0x10", "nan", "inf", float("nan"), float("inf"), [1], {}, "1e999"],
)
def test_what_is_no_number_gives_none(written: Any) -> None:
    assert number(written) is None


@pytest.mark.parametrize(
    "written", ["1e29", 10**29, "9" * 65, "99999999999999999999999999999.9999999999", pytest.param(10**5000, id="huge")]
)
def test_numbers_that_the_column_cannot_hold_are_none(written: Any) -> None:
    assert number(written) is None


@given(st.one_of(st.text(max_size=30), st.floats(), st.integers(), st.from_regex(r"\A[0-9.]{1,30}[eE]?[0-9]{0,3}\Z")))
def test_any_text_gives_none_or_a_number_that_the_column_holds(written: Any) -> None:
    read = number(written)
    assert read is None or (abs(read) < 10**29 and read.as_tuple().exponent == -9)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=9, min_value=-(10**19), max_value=10**19))
def test_reading_what_was_written_gives_the_number(written: Decimal) -> None:
    assert number(f"{written:f}") == written
