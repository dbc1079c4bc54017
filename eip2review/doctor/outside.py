"""The public address, asked from here as a phone asks: certificate, page, event stream, what proxies add, uploads."""

from __future__ import annotations

import http.client
import json
import re
import secrets
import ssl
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from eip2review.doctor.findings import Check, Finding, broken, fine, look
from workshops.live.hub import KEEP_ALIVE
from workshops.live.probe import PIECES, probe_path

PATIENCE = 15.0  # seconds for an answer
QUIET = KEEP_ALIVE + 6.0  # seconds: a stream of ours is never quiet for longer than KEEP_ALIVE
DAYS_LEFT = 14
FORGED = "192.0.2.77"  # an address that nobody has (RFC 5737)
UPLOAD = 2_400_000  # bytes: about what /verify/ takes
PROXY = "docs/deployment.md shows a proxy that does."


@dataclass
class Outside:
    """A public address, and what was learned about it: the checks are made in the order of `checks`."""

    url: str
    quiet: float = QUIET

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(self.url)
        self.scheme, self.host, self.port = parts.scheme, parts.hostname, parts.port
        self.arrived: dict[str, Any] = {}

    def checks(self) -> list[tuple[str, Check]]:
        """Return the checks, by what they are about."""
        return [
            ("outside: certificate", self.certificate),
            ("outside: page", self.page),
            ("outside: stream", self.stream),
            ("outside: proxies", self.proxies),
            ("outside: upload", self.upload),
        ]

    def certificate(self) -> Finding:
        """Look whether browsers take the certificate, and for how long."""
        if self.scheme == "http":
            return look("Phones come without TLS: whoever shares their network can read along.", "Use https.")
        try:
            with closing(self._connection()) as connection:
                connection.connect()
                told = connection.sock.getpeercert()  # type: ignore[union-attr]  # it is a TLS socket
        except ssl.SSLCertVerificationError as refusal:
            return broken(f"Browsers refuse the certificate: {refusal.verify_message}.", "Renew it, for this name.")
        except (OSError, http.client.HTTPException) as error:
            return broken(f"{self.url} cannot be reached: {_why(error)}.", "Look at the name, the port and the proxy.")
        until = datetime.fromtimestamp(ssl.cert_time_to_seconds(str(told["notAfter"])), UTC)
        days = (until - datetime.now(UTC)).days
        if days < DAYS_LEFT:
            return look(f"The certificate is good for {days} more days.", "Renew it, and see why it was not renewed.")
        return fine(f"The certificate is good for {days} more days.")

    def page(self) -> Finding:
        """Look whether the first page arrives, over https to be insisted on."""
        try:
            status, headers, _body = self._ask("GET", "/")
        except (OSError, http.client.HTTPException) as error:
            return broken(f"{self.url} does not answer: {_why(error)}.", "Look at the name, the port and the proxy.")
        if status == HTTPStatus.MOVED_PERMANENTLY:
            if self.scheme == "http":
                return look("The first page leads to https.", f"Examine that address: --url https://{self.host}")
            return broken(
                "The first page leads to itself for ever: the server does not learn that it was asked over https.",
                f"The proxy has to set X-Forwarded-Proto. {PROXY}",
            )
        if status != HTTPStatus.OK:
            return broken(f"The first page answers {status}.", "Is the server running, and its name in ALLOWED_HOSTS?")
        if self.scheme == "https" and "Strict-Transport-Security" not in headers:
            return broken("Browsers are not told to insist on https.", "Set SECURE_COOKIES=true.")
        return fine("The first page arrives.")

    def stream(self) -> Finding:
        """Look whether the live channel comes through piece by piece, and survives a silence."""
        began, pieces = time.monotonic(), []
        try:
            for piece in self._pieces():
                pieces.append((time.monotonic() - began, float(piece["sent"])))
                self.arrived = piece
        except (OSError, http.client.HTTPException) as error:
            if not pieces:
                return broken(
                    f"The live channel does not answer: {_why(error)}.", f"The proxy must pass /live/. {PROXY}"
                )
        if not pieces:
            return broken("The live channel is refused.", "Is this the address of this very installation?")
        if len(pieces) >= PIECES and self._is_bunched(pieces[:PIECES]):
            return broken(
                "The live channel is held back on its way: phones would not follow.",
                f"The proxy must not buffer it. {PROXY}",
            )
        if len(pieces) <= PIECES:
            return broken(
                f"The live channel is cut when it is quiet for {self.quiet:.0f} s.",
                f"The proxy must keep it open, say for an hour. {PROXY}",
            )
        return fine(f"The live channel comes through at once, and stays open over {self.quiet:.0f} s of silence.")

    def proxies(self) -> Finding:
        """Look whether what the proxies add is what the settings expect, and whether a phone could pretend it."""
        if not self.arrived:
            return look("Nothing is known of the proxies: the live channel did not answer.", "Mend that first.")
        told = [each.strip() for each in self.arrived["x-forwarded-for"].split(",") if each.strip()]
        trusted = settings.TRUSTED_PROXIES
        if trusted == 0:
            if [each for each in told if each != FORGED]:
                return broken(
                    "A proxy says whom it serves, and TRUSTED_PROXIES does not count it: all phones are one network.",
                    "Set TRUSTED_PROXIES to how many proxies each request comes through.",
                )
            return fine("There is no proxy, and none is expected.")
        if len(told) < trusted or told[-trusted] == FORGED:
            return broken(
                f"TRUSTED_PROXIES is {trusted}, and not so many say whom they serve: a phone can pretend to be many.",
                f"Each proxy has to set X-Forwarded-For itself. {PROXY}",
            )
        if self.scheme == "https" and self.arrived["x-forwarded-proto"] != "https":
            return broken("The proxy does not say that it was asked over https.", f"Set X-Forwarded-Proto. {PROXY}")
        if self.host not in self.arrived["host"]:
            return look("The proxy asks under another host name.", f"It should pass Host on. {PROXY}")
        return fine("What the proxies add is what the settings expect, and cannot be pretended.")

    def upload(self) -> Finding:
        """Look whether a file as large as a journal comes through to be verified. Nothing is kept of it."""
        try:
            status, headers, body = self._ask("GET", "/verify/")
            token = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', body)
            if status != HTTPStatus.OK or token is None:
                return broken(f"The page that takes files answers {status}.", "Look at the page /verify/.")
            cookies = SimpleCookie(headers.get("Set-Cookie", ""))
            sent, kind = _form(token[1], UPLOAD)
            status, _headers, _body = self._ask(
                "POST",
                "/verify/",
                sent,
                {
                    "Content-Type": kind,
                    "Cookie": "; ".join(f"{name}={cookie.value}" for name, cookie in cookies.items()),
                    "Referer": f"{self.url}/verify/",
                },
            )
        except (OSError, http.client.HTTPException) as error:
            return broken(
                f"A file of {UPLOAD / 1e6:.1f} MB does not come through: {_why(error)}.",
                f"The proxy must take 3 MB. {PROXY}",
            )
        if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            return broken(f"A file of {UPLOAD / 1e6:.1f} MB is refused.", f"The proxy must take 3 MB. {PROXY}")
        if status == HTTPStatus.FORBIDDEN:
            return broken("Forms are refused.", f"Set CSRF_TRUSTED_ORIGINS={self.url}")
        if status != HTTPStatus.OK:
            return broken(f"A file of {UPLOAD / 1e6:.1f} MB is answered with {status}.", "Look at the proxy's log.")
        return fine(f"A file of {UPLOAD / 1e6:.1f} MB comes through.")

    def _connection(self, patience: float = PATIENCE) -> http.client.HTTPConnection:
        kind = http.client.HTTPSConnection if self.scheme == "https" else http.client.HTTPConnection
        return kind(self.host, self.port, timeout=patience)

    def _ask(
        self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> tuple[int, http.client.HTTPMessage, bytes]:
        with closing(self._connection()) as connection:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()

    def _pieces(self) -> Iterator[dict[str, Any]]:
        """Yield the pieces of a probe as they arrive; none where it is refused."""
        with closing(self._connection(self.quiet + PATIENCE)) as connection:
            headers = {"Accept": "text/event-stream", "X-Forwarded-For": FORGED}
            connection.request("GET", probe_path(quiet=self.quiet), headers=headers)
            answer = connection.getresponse()
            while answer.status == HTTPStatus.OK and (line := answer.readline()):
                if line.startswith(b"data: "):
                    yield json.loads(line.removeprefix(b"data: "))

    @staticmethod
    def _is_bunched(pieces: list[tuple[float, float]]) -> bool:
        """Return whether pieces arrived closer together than half of what they were sent apart."""
        (first, first_sent), (last, last_sent) = pieces[0], pieces[-1]
        return last - first < (last_sent - first_sent) / 2


def _form(token: bytes, size: int) -> tuple[bytes, str]:
    """Return a form with a file of so many bytes, and its content type."""
    edge = secrets.token_hex(16).encode()
    head = b'Content-Disposition: form-data; name="%s"%s\r\n\r\n'
    parts = [
        head % (b"csrfmiddlewaretoken", b"") + token,
        head % (b"file", b'; filename="doctor"') + b"\0" * size,
    ]
    body = b"".join(b"--" + edge + b"\r\n" + part + b"\r\n" for part in parts) + b"--" + edge + b"--\r\n"
    return body, f"multipart/form-data; boundary={edge.decode()}"


def _why(error: Exception) -> str:
    return getattr(error, "strerror", None) or type(error).__name__
