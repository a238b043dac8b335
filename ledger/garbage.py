"""Python's search for circular garbage, paused while much is made and none of it is circular."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

_LOOKED_AT_AGAIN = 256
"""After so many pauses the search may come to what it was spared, in case something else was
circular by then."""

_pauses = count(1)


@contextmanager
def no_cycles_sought() -> Iterator[None]:
    """Without the search for circular garbage, which takes up to a third of the time of long work.

    Entries, rows and receipts hold no circles, and the search does not go through those that stay
    either.
    """
    sought = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if sought:
            gc.freeze()
            if next(_pauses) % _LOOKED_AT_AGAIN == 0:
                gc.unfreeze()
            gc.enable()
