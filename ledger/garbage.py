"""Python's search for circular garbage, paused while much is made and none of it is circular."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def no_cycles_sought() -> Iterator[None]:
    """Without the search for circular garbage, which takes up to a third of the time of long work.

    Entries, rows and receipts hold no circles and go without it.
    """
    sought = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if sought:
            gc.enable()
