"""Bad requests: forms as pages offer them with something wrong in each; addresses, headers and bodies of any kind."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from urllib.parse import quote_from_bytes

from tests.fuzz import hostile
from tests.fuzz.crawl import Form

METHODS = ("GET", "POST", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "PROPFIND", "get", "\u00c9")
BOUNDARY = "fuzz-boundary"
URLENCODED = "application/x-www-form-urlencoded"
CONTENT_TYPES = (
    *(
        "",
        "text/plain",
        "application/json",
        "application/xml",
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "*",
    ),
    *(
        f"multipart/form-data; boundary={'b' * 300}",
        "multipart/form-data; boundary=\xff",
        f"{URLENCODED}; charset=utf-16",
    ),
    *(
        f"{URLENCODED}; charset=no-such",
        f"{URLENCODED}; charset=utf-7",
        "text/html; charset=\x01",
        "application/octet-stream",
    ),
)
HEADERS = (
    *(
        "HTTP_HX_REQUEST",
        "HTTP_HX_TARGET",
        "HTTP_HX_TRIGGER",
        "HTTP_HX_CURRENT_URL",
        "HTTP_HX_BOOSTED",
        "HTTP_HX_PROMPT",
    ),
    *(
        "HTTP_HX_HISTORY_RESTORE_REQUEST",
        "HTTP_ACCEPT_LANGUAGE",
        "HTTP_ACCEPT",
        "HTTP_ACCEPT_ENCODING",
        "HTTP_USER_AGENT",
    ),
    *(
        "HTTP_X_FORWARDED_FOR",
        "HTTP_X_FORWARDED_HOST",
        "HTTP_X_FORWARDED_PROTO",
        "HTTP_X_FORWARDED_PORT",
        "HTTP_FORWARDED",
    ),
    *(
        "HTTP_REFERER",
        "HTTP_ORIGIN",
        "HTTP_IF_MODIFIED_SINCE",
        "HTTP_IF_NONE_MATCH",
        "HTTP_RANGE",
        "HTTP_X_REQUESTED_WITH",
    ),
    *("HTTP_X_HTTP_METHOD_OVERRIDE", "HTTP_AUTHORIZATION", "HTTP_TRANSFER_ENCODING", "REMOTE_ADDR"),
    *("HTTP_X_CSRFTOKEN", "HTTP_X_ORIGINAL_URL", "HTTP_X_REWRITE_URL", "HTTP_SEC_FETCH_SITE", "HTTP_HOST"),
)
QUERIES = (
    "next",
    "page",
    "copy",
    "review",
    "theme",
    "lost",
    "joined",
    "passkey",
    "view",
    "state",
    "code",
    "process",
    "q",
)


@dataclass(frozen=True)
class Attack:
    """One bad request, whole: `path` is percent-encoded, with its query."""

    role: str
    method: str
    path: str
    body: bytes = b""
    content_type: str = URLENCODED
    headers: dict[str, str] = field(default_factory=dict)
    cookies: str | None = None

    @property
    def host_is_ours(self) -> bool:
        """Whether it says that it came to another host: what leads there then leads nowhere else."""
        return "HTTP_HOST" not in self.headers


Pairs = list[tuple[bytes, bytes]]


class Attacker:
    """Makes bad requests by chance, the same for the same seed; knows the forms and addresses of a scene by role."""

    def __init__(
        self, chance: random.Random, forms: dict[str, list[Form]], addresses: list[str], ids: list[str]
    ) -> None:
        self.chance = chance
        self.forms: dict[str, list[tuple[str, Form]]] = {}
        for role, found in forms.items():
            for form in found:
                self.forms.setdefault(re.sub("[0-9]+", "N", form.action), []).append((role, form))
        self.roles = list(forms)
        self.addresses = addresses
        self.ids = ids
        kinds: dict[Callable[[], Attack], int] = {
            self.bad_form: 62,
            self.bad_address: 20,
            self.bad_head: 10,
            self.bad_body: 8,
        }
        self.kinds, self.weights = list(kinds), list(kinds.values())

    def __call__(self) -> Attack:
        """Return the next bad request."""
        return self.chance.choices(self.kinds, self.weights)[0]()

    def bad_form(self) -> Attack:
        """A form that a page offers, with one to three of its fields wrong; now and then sent by somebody else."""
        role, form = self.any_form()
        button = [self.chance.choice(form.buttons)] if form.buttons else []
        pairs: Pairs = [(name.encode(), value.encode("utf-8", "replace")) for name, value in form.fields + button]
        pairs += [
            (name.encode(), b"1") for name in sorted(form.names) if name not in dict(form.fields) and self.likely(0.5)
        ]
        for _ in range(self.chance.randrange(1, 4)):
            pairs = self.spoil(pairs)
        if self.likely(0.1):
            role = self.chance.choice(self.roles)
        headers = {"HTTP_HX_REQUEST": "true"} if self.likely(0.3) else {}
        if form.method == "GET":
            return Attack(role, "GET", f"{form.action.partition('?')[0]}?{encoded(pairs)}", headers=headers)
        if self.likely(0.15):
            kind = f"multipart/form-data; boundary={BOUNDARY}"
            return Attack(role, "POST", form.action, in_parts(pairs), kind, headers)
        return Attack(role, "POST", form.action, encoded(pairs).encode(), headers=headers)

    def any_form(self) -> tuple[str, Form]:
        """Return a form and whose it is; those that lead to the same kind of address count as one."""
        return self.chance.choice(self.forms[self.chance.choice(list(self.forms))])

    def spoil(self, pairs: Pairs) -> Pairs:
        """Return the fields with one of them replaced, removed, doubled or renamed, or with others beside them."""
        at = self.chance.randrange(len(pairs)) if pairs else 0
        name = pairs[at][0] if pairs else b"x"
        do = self.chance.random()
        if do < 0.6:
            return [*pairs[:at], (name, self.value()), *pairs[at + 1 :]]
        if do < 0.7:
            return pairs[:at] + pairs[at + 1 :]
        if do < 0.8:
            return [*pairs, (name, self.value())]
        if do < 0.87:
            return [*pairs, (name + self.chance.choice((b"[]", b"[0]", b"\x00", b".", b"-0-x", b"")), self.value())]
        if do < 0.95:
            return [*pairs, (hostile.text(self.chance), self.value())]
        if do < 0.99:
            return [*pairs, *[(name, self.value())] * self.chance.choice((5, 60, 300))]
        return pairs + [(b"%d" % n, b"") for n in range(1100)]

    def value(self) -> bytes:
        """Return a hostile text, or the id of something that exists, in this workshop or in another."""
        return self.chance.choice(self.ids).encode() if self.likely(0.15) else hostile.text(self.chance)

    def bad_address(self) -> Attack:
        """An address of ours in any method, with a part of it or its query wrong."""
        parts = self.chance.choice(self.addresses).split("/")
        at = self.chance.randrange(len(parts))
        if self.likely(0.6):
            filled = [n for n, part in enumerate(parts) if re.search(r"\d", part)] or [at]
            parts[self.chance.choice(filled)] = quote_from_bytes(self.value()[:2000], safe="")
        elif self.likely(0.2):
            parts.insert(at, self.chance.choice(("", "..", ".", "%2e%2e", "%00", "%0d%0aX-zqfuzz:1", "\\")))
        path = "/".join(parts)
        if self.likely(0.5):
            names = [self.chance.choice(QUERIES).encode() for _ in range(self.chance.randrange(1, 4))]
            path += "?" + encoded([(name, self.value()) for name in names])
        body = encoded([(b"x", self.value())]).encode() if self.likely(0.3) else b""
        return Attack(self.chance.choice(self.roles), self.chance.choice(METHODS), path, body)

    def bad_head(self) -> Attack:
        """A form or an address with headers or cookies that no browser sends."""
        given = self.bad_form() if self.likely(0.5) else self.plain()
        names = [self.chance.choice(HEADERS) for _ in range(self.chance.randrange(1, 4))]
        headers = {name: hostile.header(self.chance) for name in names}
        cookies = given.cookies
        if self.likely(0.4):
            pairs = [
                (name, hostile.header(self.chance))
                for name in ("sessionid", "csrftoken", "midpoint-123456", "messages", "django_language", "a b")
                if self.likely(0.6)
            ]
            cookies = "; ".join(f"{name}={value}" for name, value in pairs)
        return replace(given, headers=given.headers | headers, cookies=cookies)

    def bad_body(self) -> Attack:
        """A body of the wrong type, cut short, or no form at all."""
        role, form = self.any_form()
        pairs: Pairs = [(name.encode(), self.value()) for name, _value in form.fields]
        body = self.chance.choice((in_parts(pairs), encoded(pairs).encode(), hostile.text(self.chance), b'{"a": [1'))
        if self.likely(0.5):
            body = body[: self.chance.randrange(len(body) + 1)]
        if self.likely(0.02):
            body += b"x" * 300_000
        kinds = (*CONTENT_TYPES, f"multipart/form-data; boundary={BOUNDARY}")
        return Attack(
            role,
            self.chance.choice(("POST", "PUT", "PATCH", "DELETE", "GET")),
            form.action,
            body,
            self.chance.choice(kinds),
        )

    def plain(self) -> Attack:
        """An address of ours as it is."""
        return Attack(self.chance.choice(self.roles), "GET", self.chance.choice(self.addresses))

    def likely(self, chance: float) -> bool:
        """Whether something of this chance happens now."""
        return self.chance.random() < chance


def encoded(pairs: Pairs) -> str:
    """Return fields as a browser encodes them, whatever their bytes."""
    return "&".join(f"{quote_from_bytes(name)}={quote_from_bytes(value)}" for name, value in pairs)


def in_parts(pairs: Pairs) -> bytes:
    """Return fields as parts, every seventh of them as a file."""
    parts = []
    for n, (name, value) in enumerate(pairs):
        extra = b'; filename="' + value[:80] + b'"\r\nContent-Type: text/html' if n % 7 == 6 else b""
        head = b'Content-Disposition: form-data; name="' + name + b'"' + extra
        parts.append(b"--" + BOUNDARY.encode() + b"\r\n" + head + b"\r\n\r\n" + value + b"\r\n")
    return b"".join(parts) + b"--" + BOUNDARY.encode() + b"--\r\n"
