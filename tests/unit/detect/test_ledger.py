"""Counting copies exactly, whatever the order, the batches and the memory."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stratagem.detect import ledger
from stratagem.detect.ledger import Ledger, hash_uids


def test_equal_ids_have_equal_hashes_however_wide_their_batch_is() -> None:
    alone = hash_uids(["a-1"], "aws")
    beside = hash_uids(["a-1", "x" * 200], "aws")
    assert alone[0] == beside[0]


def test_the_same_id_in_two_sources_is_two_events() -> None:
    assert hash_uids(["a"], "aws")[0] != hash_uids(["a"], "entra")[0]


def test_one_long_id_does_not_widen_its_batch() -> None:
    """A megabyte for each of 20,000 ids would be 20 GB."""
    long = "x" * 1_000_000
    hashes = hash_uids([long, *map(str, range(20_000)), long, long + "y"], "aws")
    assert hashes[0] == hashes[-2] != hashes[-1]


@given(st.lists(st.text(min_size=1, max_size=40).filter(lambda text: "\0" not in text), unique=True, min_size=1))
def test_different_ids_have_different_hashes(uids: list[str]) -> None:
    assert len(set(hash_uids(uids, "aws").tolist())) == len(uids)


@pytest.mark.parametrize("keep", [24_000_000, 10], ids=["in memory", "spilled to files"])
@given(data=st.lists(st.lists(st.integers(0, 30), min_size=1, max_size=12), max_size=12))
def test_copies_are_counted_as_a_counter_would(keep: int, data: list[list[int]]) -> None:
    counted = Counter(f"id-{number}" for batch in data for number in batch)
    hashes = {uid: int(hash_uids([uid], "aws")[0]) for uid in counted}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ledger, "_KEEP", keep)
        book = Ledger()
        for batch in data:
            book.add(hash_uids([f"id-{number}" for number in batch], "aws"))
        copies, counts = book.repeated(np.array(list(hashes.values()), dtype=np.uint64))
    assert copies == sum(counted.values()) - len(counted)
    assert counts == {hashes[uid]: count for uid, count in counted.items() if count > 1}


def test_only_ids_that_are_asked_for_are_listed() -> None:
    book = Ledger()
    book.add(np.array([1, 1, 2, 2, 2], dtype=np.uint64))
    assert book.repeated(np.array([2], dtype=np.uint64)) == (3, {2: 3})
