"""The program `grants`: it runs the command line and ends with one of the contract's codes."""

from __future__ import annotations

import signal
import sys
import threading

from app.cli import exits


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit with the contract's code, whatever happens."""
    try:
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGTERM, signal.default_int_handler)  # drafts go with us
        code = exits.outcome(lambda: _called(arguments))
        if arguments is None:  # the program ends here, and nothing may interrupt it any more
            signal.signal(signal.SIGINT, signal.SIG_IGN)
    except KeyboardInterrupt:  # before anything could be done, or a second time at the end
        code = exits.INTERRUPTED
    sys.exit(code)


def _called(arguments: list[str] | None) -> int | None:
    from app.cli import language

    given = sys.argv[1:] if arguments is None else arguments
    language.listen(given)

    from app.cli.command_line import app, in_place, prepare_help
    from app.cli.terminal import console

    called = in_place(given)
    if called in _HELP_ITSELF or not _HELP_WORDS.isdisjoint(called):
        prepare_help(called)
    code: int | None = app(called, console=console(), error_console=console(error=True))
    return code


_HELP_WORDS = {"--help", "-h"}
"""With which help is asked for."""
_HELP_ITSELF: tuple[list[str], ...] = ([], ["list"])
"""Calls that ask for nothing, and are answered with help."""
