"""Lines of the program's log: one place that says how they look.

As text for people, or one JSON object a line for machines: `at` (UTC), `level`, `name`, `message`, `process`, and
`error` with the names of the exceptions and where they were raised. What an exception of others says is left out of
both, in a message too: a database's words name the row, a server's words the recipient. Our own exceptions name nobody.
"""

import datetime as dt
import logging
import traceback
from typing import Literal

import msgspec

Form = Literal["text", "json"]
_OURS = "signalpost."
#: Frames of an exception that are shown, the innermost.
FRAMES_SHOWN = 20
#: Chained exceptions that are shown.
CAUSES_SHOWN = 5


def write(level: str, form: Form) -> None:
    """Let every line of this process go to standard error in this form."""
    handler = logging.StreamHandler()
    handler.setFormatter(formatter(form))
    logging.basicConfig(level=level, handlers=[handler])
    # One line a job at INFO is not for operators; warnings are.
    logging.getLogger("procrastinate").setLevel(logging.WARNING)
    # At DEBUG it writes the tokens that it issues.
    logging.getLogger("oauthlib").setLevel(logging.WARNING)


def formatter(form: Form) -> logging.Formatter:
    """What makes a line of a record."""
    return _Json() if form == "json" else _Text()


def named(error: BaseException) -> str:
    """An exception in a line: our own words, the system's words, or its name alone."""
    kind = f"{type(error).__module__}.{type(error).__qualname__}"
    if kind.startswith(_OURS):
        return str(error)
    return f"{kind}: {error.strerror}" if isinstance(error, OSError) and error.strerror else kind


def traced(error: BaseException) -> list[str]:
    """An exception and its causes with the places they were raised at, the outermost first."""
    found: list[str] = []
    current: BaseException | None = error
    while current is not None and len(found) < CAUSES_SHOWN:
        frames = traceback.extract_tb(current.__traceback__)[-FRAMES_SHOWN:]
        places = ", ".join(f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in frames)
        found.append(f"{named(current)} at {places or 'no place'}")
        current = current.__cause__ or current.__context__
    return found


def _message(record: logging.LogRecord) -> str:
    if not isinstance(record.args, tuple):
        return record.getMessage()
    return str(record.msg) % tuple(named(word) if isinstance(word, BaseException) else word for word in record.args)


def _errors(record: logging.LogRecord) -> list[str]:
    return traced(record.exc_info[1]) if record.exc_info and record.exc_info[1] is not None else []


class _Text(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        at = _at(record).isoformat(sep=" ", timespec="milliseconds")
        return "\n".join([f"{at} {record.levelname} {record.name} {_message(record)}", *_errors(record)])


class _Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        content: dict[str, object] = {
            "at": _at(record),
            "level": record.levelname,
            "name": record.name,
            "message": _message(record),
            "process": record.process,
        }
        errors = _errors(record)
        return msgspec.json.encode(content | ({"error": errors} if errors else {})).decode()


def _at(record: logging.LogRecord) -> dt.datetime:
    return dt.datetime.fromtimestamp(record.created, dt.UTC)
