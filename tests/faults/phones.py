"""Phones as ours are: an answer is kept and sent again until the server says what became of it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlencode

SECRET = "a" * 32  # the CSRF cookie and the form's token, the same for everybody
PATIENCE = 60.0  # seconds for a confirmation, a server's restart included
PAUSE = 0.1  # seconds between two tries
ANSWERS = 15.0  # seconds for one answer, as on a phone


@dataclass
class Phone:
    """One phone at one scale: what was confirmed last, and what is under way."""

    port: int
    path: str
    cookie: str
    confirmed: str = ""
    under_way: str = ""
    tries: int = 0
    statuses: set[int] = field(default_factory=set)

    def save(self, value: int, text: str = "") -> None:
        """Send an answer until it is confirmed. Raises ValueError when it is refused, TimeoutError after PATIENCE."""
        self.under_way = f"{value} {text}"
        deadline = time.monotonic() + PATIENCE
        while not (said := self.send(value, text)):
            if time.monotonic() > deadline:
                raise TimeoutError(self.under_way)
            time.sleep(PAUSE)
        if said != "saved":
            raise ValueError(said)
        self.confirmed = self.under_way

    def send(self, value: int, text: str = "") -> str:
        """Send an answer once; return what the server says became of it, "" when it says nothing."""
        self.tries += 1
        form = {"csrfmiddlewaretoken": SECRET, "value": value, "mark": "", "text": text}
        headers = {"HX-Request": "true", "Content-Type": "application/x-www-form-urlencoded"}
        try:
            status, said, _ = ask(self.port, "POST", self.path, self.cookie, form, headers)
        except (OSError, HTTPException):
            return ""
        self.statuses.add(status)
        return said.get("midpoint-answer", "")


def ask(
    port: int,
    method: str,
    path: str,
    cookie: str = "",
    form: Mapping[str, object] | None = None,
    headers: Mapping[str, str] | None = None,
) -> tuple[int, dict[str, str], str]:
    """Return an answer's status, headers and body. Raises OSError or HTTPException when none comes."""
    connection = HTTPConnection("127.0.0.1", port, timeout=ANSWERS)
    try:
        cookies = f"{cookie}; csrftoken={SECRET}".removeprefix("; ")
        body = urlencode(form) if form is not None else None
        connection.request(method, path, body, {"Cookie": cookies, **(headers or {})})
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read().decode()
    finally:
        connection.close()
