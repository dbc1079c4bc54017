"""What a log may say: what went wrong and where in the program, never what somebody wrote, gave or was let in with."""

import json
import logging
import re
import traceback
from copy import copy
from types import TracebackType

ExceptionPlace = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
SECRET_IN_PATH = re.compile(r"(?<=/)(?:[0-9]{6}|[A-Za-z0-9_-]{20,})(?![A-Za-z0-9_.-])")
"""A join code, the token of a QR code or of an invitation, as a part of an address."""


REFUSALS = "django.security."
"""Who says that a request was refused for what is in it."""


def place_of(record: logging.LogRecord) -> ExceptionPlace | None:
    """Return what is to be said of a record's exception: nothing where a request was refused, as no fault is ours.

    Else anybody could fill the log with places by the hundred, naming a wrong host or sending too much.
    """
    return None if record.name.startswith(REFUSALS) else record.exc_info


class CarefulFormatter(logging.Formatter):
    """Leaves out of addresses what lets somebody in, and of an exception what it says: its kind and place are enough.

    A database's complaint can hold the whole row that it refused, and other exceptions what somebody typed.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as one text."""
        record = copy(record)
        record.exc_text = None  # another handler may have kept it in full
        record.exc_info = place_of(record)
        return SECRET_IN_PATH.sub("…", super().format(record))

    def formatException(  # noqa: N802 (the name is logging's)
        self,
        ei: ExceptionPlace,
    ) -> str:
        """Return where an exception was raised, and what kinds of exception led to it, the last one first."""
        error, lines = ei[1], []
        while error is not None:
            lines += [
                *traceback.format_tb(error.__traceback__),
                f"{type(error).__module__}.{type(error).__qualname__}\n",
            ]
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return "".join(lines).rstrip()


class JsonFormatter(CarefulFormatter):
    """The same as one JSON object a line, without a time; `event` is the same for all records of one kind."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as one line."""
        said = {"level": record.levelname, "logger": record.name, "event": str(record.msg)}
        said["message"] = record.getMessage()
        if place := place_of(record):
            said["exception"] = self.formatException(place)
        return SECRET_IN_PATH.sub("…", json.dumps(said, ensure_ascii=False))
