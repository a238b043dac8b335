"""BloomFilter: what was left is found for sure, what was not is hardly ever taken for it."""

from __future__ import annotations

from projections.storage.bloom_filter import BloomFilter

MANY = 20_000


def test_nothing_is_found_where_nothing_was_left() -> None:
    assert 1 not in BloomFilter()


def test_everything_that_was_left_is_found() -> None:
    traces = BloomFilter()
    traces.add(("events", (place,)) for place in range(MANY))
    assert all(("events", (place,)) in traces for place in range(MANY))


def test_of_many_things_that_were_not_left_few_are_taken_for_known() -> None:
    traces = BloomFilter()
    traces.add(("events", (place,)) for place in range(MANY))
    taken = [place for place in range(MANY) if ("grants", (place,)) in traces]
    assert len(taken) < MANY // 1_000
