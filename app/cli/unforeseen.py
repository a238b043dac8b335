"""What nobody foresaw, and what is logged: a line for people, the rest in a file of their own.

The file is `grants/errors.log` in the user's folder for such things (`XDG_STATE_HOME`, else
`~/.local/state`), readable by that user alone. Nobody is ever shown a traceback.
"""

from __future__ import annotations

import logging
import os
import stat
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from app.cli.language import in_words
from app.cli.streams import complain

_LONGEST_BYTES = 1 << 20
"""A log that has grown past this becomes `errors.log.1`, and a new one begins."""

_logger = logging.getLogger(__name__)


@contextmanager
def logging_for_people() -> Iterator[None]:
    """Meanwhile what is logged as a warning or worse is a line, and its traceback in the file."""
    handler, root = _Handler(logging.WARNING), logging.getLogger()
    handler.addFilter(lambda record: not record.name.startswith("psycopg"))  # we say it ourselves
    before = threading.excepthook
    threading.excepthook = _in_a_thread
    root.addHandler(handler)
    try:
        yield
    finally:
        root.removeHandler(handler)
        threading.excepthook = before


def tell(error: BaseException, where: str = "") -> None:
    """Say in a line that something unforeseen happened, and where; log it."""
    said = str(error).strip().partition("\n")[0]
    what = f"{type(error).__name__}: {said}" if said else type(error).__name__
    _logger.error("%s%s", where, in_words("not foreseen: {what}", what=what), exc_info=error)


def _in_a_thread(happened: Any) -> None:
    if happened.exc_value is not None and happened.exc_type is not SystemExit:
        tell(happened.exc_value)


class _Handler(logging.Handler):
    """A line on standard error for each record; what has a traceback goes into the file too."""

    def __init__(self, level: int) -> None:
        super().__init__(level)
        self._whole = logging.Formatter(
            "%(asctime)s %(process)d %(name)s %(levelname)s %(message)s"
        )

    def emit(self, record: logging.LogRecord) -> None:
        """Log, and say where; whatever goes wrong with that, never fail."""
        try:
            said = record.getMessage()
            if record.exc_info:
                said = _logged(said, self._whole.format(record))
            complain(said)
        except Exception:
            self.handleError(record)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  # logging's own name
        """Say no more than that: logging itself would print a traceback."""
        complain(in_words("something that happened could not be logged"))


def _logged(said: str, text: str) -> str:
    """Write a text at the end of the log; what was said, and where that is, or why it is not."""
    try:
        path = _path()
        _append(path, f"{text}\n")
    except (OSError, RuntimeError) as error:
        reason = getattr(error, "strerror", None) or error
        return in_words("{said} (not logged: {reason})", said=said, reason=reason)
    return in_words("{said} (logged in {path})", said=said, path=path)


def _path() -> Path:
    state = os.environ.get("XDG_STATE_HOME")
    folder = Path(state) if state and Path(state).is_absolute() else Path.home() / ".local/state"
    return folder / "grants" / "errors.log"


def _append(path: Path, text: str) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _opened(path) as number:
        if os.fstat(number).st_size <= _LONGEST_BYTES:
            _write(number, text)
            return
    path.replace(path.with_name(f"{path.name}.1"))
    with _opened(path) as number:
        _write(number, text)


@contextmanager
def _opened(path: Path) -> Iterator[int]:
    """The log, opened where it is and nowhere that a link might lead."""
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK
    number = os.open(path, flags, 0o600)
    try:
        if not stat.S_ISREG(os.fstat(number).st_mode):
            raise OSError(0, "the log is not a file")
        yield number
    finally:
        os.close(number)


def _write(number: int, text: str) -> None:
    os.write(number, text.encode("utf-8", "backslashreplace"))
