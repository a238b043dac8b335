"""Spans: from which entry until which something was so, kept so that a moment finds them.

A span counts on both axes, days and positions. What holds a moment ends after it, and not later
than the span is wide; so spans are kept by their width, in few classes, and of each class a moment
looks at those alone that end within one width after it. That costs the same however long the
history is.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple


class Span(NamedTuple):
    """When something that ended had begun, and how wide that is in positions and in days."""

    since_seq: int
    since_on: str
    width_seq: int
    width_on: int

    @classmethod
    def ended(cls, since_seq: int, since_on: str, seq: int, day: str) -> Span:
        """Of what began with one entry, by position and day, and ended with another."""
        days = date.fromisoformat(day).toordinal() - date.fromisoformat(since_on).toordinal()
        return cls(since_seq, since_on, class_of(seq - since_seq), class_of(days))


def class_of(width: int) -> int:
    """The class of a width: of class `n` are widths up to `widest(n)`, above those of the last."""
    return (max(width, 0).bit_length() + 1) // 2


def widest(width_class: int) -> int:
    """The largest width of a class."""
    return int(4**width_class) - 1
