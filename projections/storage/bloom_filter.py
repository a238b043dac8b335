"""Whether something can have been there at all, told in bounded memory."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from mmap import mmap

_BITS = 2**28
_LAST = _BITS - 1
_HASH_PART = 30
"""Bits of a hash after which its other half begins."""


class BloomFilter:
    """What was added is found for sure; what was not is taken for it now and then.

    A Bloom filter of 32 MB: of a hundred things that never were here it takes one for known after
    fourteen million that were, seven after forty million.
    """

    def __init__(self) -> None:
        self._bits = mmap(-1, _BITS // 8)  # which takes up what is used of it

    def add(self, things: Iterable[Hashable]) -> None:
        """Remember that things were there."""
        bits, last = self._bits, _LAST
        for thing in things:
            hashed = hash(thing)
            one, other = hashed & last, hashed >> _HASH_PART & last
            bits[one >> 3] |= 1 << (one & 7)
            bits[other >> 3] |= 1 << (other & 7)

    def __contains__(self, thing: Hashable) -> bool:
        bits, hashed = self._bits, hash(thing)
        one, other = hashed & _LAST, hashed >> _HASH_PART & _LAST
        return bool(bits[one >> 3] >> (one & 7) & 1 and bits[other >> 3] >> (other & 7) & 1)
