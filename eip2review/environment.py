"""What an installation may change, as the environment and `.env` say it: each value as its setting needs it."""

from __future__ import annotations

import re
import zoneinfo
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any, NoReturn, TypeVar
from urllib.parse import urlsplit

from environs import Env, EnvError

Value = TypeVar("Value")

MEND = "Change it in .env or in the environment; .env.example says what it is for."
ENGINES = ("django.db.backends.sqlite3", "django.db.backends.postgresql")


def refuse(name: str, wanted: str) -> NoReturn:
    """End whatever starts with a sentence, and no traceback. The value is not in it: it can hold a password."""
    raise SystemExit(f"{name} has to be {wanted}. {MEND}")


class Environment:
    """Reads settings by their names; a value that cannot be what it has to be ends the program with a sentence."""

    def __init__(self, file: Path) -> None:
        self._env = Env()
        self._env.read_env(file, recurse=False)

    def text(self, name: str, default: str, *, among: Collection[str] = (), least: int = 0) -> str:
        """Return it as it is, not shorter than `least`; empty is as good as the default."""
        value = self._env.str(name, "") or default
        if among and value not in among:
            refuse(name, " or ".join(among))
        if value and len(value) < least:
            refuse(name, f"{least} or more characters, or empty")
        return value

    def texts(self, name: str, default: list[str], *, shape: str, wanted: str) -> list[str]:
        """Return what stands between commas, each of this shape, a regular expression."""
        values = [value.strip() for value in self._env.list(name, default)]
        if not all(re.fullmatch(shape, value) for value in values):
            refuse(name, wanted)
        return values

    def flag(self, name: str, *, default: bool) -> bool:
        """Return whether it is true."""
        return self._read(self._env.bool, name, default, "true or false")

    def number(self, name: str, default: int, *, least: int = 0, most: int) -> int:
        """Return a whole number."""
        wanted = f"a whole number from {least} to {most}"
        value = self._read(self._env.int, name, default, wanted)
        if not least <= value <= most:
            refuse(name, wanted)
        return value

    def folder(self, name: str, default: Path) -> Path:
        """Return a folder, made if it is not there; empty is as good as the default."""
        folder = Path(self._env.str(name, "") or default)
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            refuse(name, f"a folder that can be made, and {folder} cannot ({error.strerror})")
        return folder

    def zone(self, name: str, default: str) -> str:
        """Return the name of a time zone."""
        value = self._env.str(name, default)
        try:
            zoneinfo.ZoneInfo(value)
        except (ValueError, OSError, zoneinfo.ZoneInfoNotFoundError):
            refuse(name, f"the name of a time zone, such as {default}")
        return value

    def address(self, name: str, *schemes: str, example: str, path: bool = False) -> str:
        """Return an address without a slash at its end; what follows the host only with `path`. Empty stays empty."""
        value = self._env.str(name, "").rstrip("/")
        try:
            parts = urlsplit(value)
            good = parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
            good = good and (path or not (parts.path or parts.query))
        except ValueError:  # a port that is no number
            good = False
        if value and not good:
            refuse(name, f"an address such as {example}, or empty")
        return value

    def database(self, name: str, default: str) -> dict[str, Any]:
        """Return what Django is to know of a database: SQLite's in a file, or PostgreSQL's."""
        wanted = "a database’s address, such as postgres://midpoint:password@127.0.0.1:5432/midpoint, in which a"
        wanted += " password’s / is written %2F and its @ %40"
        found = dict(self._read(self._env.dj_db_url, name, default, wanted))
        if found.get("ENGINE") not in ENGINES or found["NAME"] in ("", ":memory:"):
            refuse(name, wanted)
        return found

    def _read(self, read: Callable[[str, Any], Value | None], name: str, default: Any, wanted: str) -> Value:
        try:
            value = read(name, default)
        except EnvError:
            value = None
        if value is None:
            refuse(name, wanted)
        return value
