"""Bad requests in every scene, each answered by the real application and judged; nothing of it stays."""

from __future__ import annotations

import random
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from urllib.parse import unquote_to_bytes

from django.core.cache import cache
from django.db import connection, transaction
from django.http.response import HttpResponseBase
from django.test import Client
from django.test.client import FakePayload
from django.urls import Resolver404, resolve

from tests.fuzz import judge
from tests.fuzz.attacks import Attack, Attacker
from tests.fuzz.crawl import Form, forms_of
from tests.fuzz.scenes import SCENES, set_scene
from tests.routes import ROUTES, address
from tests.test_endpoints import Cast

TOGETHER = 25
"""So many requests change one workshop before it is again as it was: what they leave shows on later pages."""
SLOW = {"ratings:journal_pdf"}
"""Not sent: it starts a process each time, and has a campaign of its own."""
SELDOM = {"journal", "ratings:journal_file", "ratings:export"}
THOROUGH = 25
"""Every so many responses are read by the HTML standard's own algorithm, which is slow."""
EXAMPLES = 3


@dataclass
class Report:
    """What was sent, what came back, and what was wrong with it."""

    sent: int = 0
    statuses: Counter[str] = field(default_factory=Counter)
    routes: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    examples: dict[str, list[str]] = field(default_factory=dict)
    seconds: float = 0.0

    def note(self, route: str, status: str, wrong: list[str], example: object) -> None:
        """Count a response and what was wrong with it."""
        self.sent += 1
        self.statuses[status] += 1
        self.routes[route] += 1
        for each in wrong:
            kind = f"{route}: {each}"
            self.faults[kind] += 1
            if len(self.examples.setdefault(kind, [])) < EXAMPLES:
                self.examples[kind].append(repr(example))
                sys.stdout.write(f"FAULT {kind}\n    {example!r}\n")

    def lines(self) -> list[str]:
        """Return it to be read."""
        told = [f"{self.sent} bad inputs in {self.seconds:.0f} seconds, {sum(self.faults.values())} faults"]
        told += [f"  status {status}: {n}" for status, n in sorted(self.statuses.items())]
        told += [f"  {n:6} {route}" for route, n in self.routes.most_common()]
        for kind, n in self.faults.most_common():
            told += [f"FAULT {n} x {kind}", *(f"    {example}" for example in self.examples[kind])]
        return told


def play(name: str, count: int, chance: random.Random, report: Report, *, roles: tuple[str, ...] = ()) -> None:
    """Send so many bad requests to a scene; `roles` are whose pages are crawled for forms, at first everybody's."""
    begun = time.perf_counter()
    with transaction.atomic():
        cast = set_scene(name)
        cookies = {role: cookie_header(browser) for role, browser in cast.browsers.items()}
        attacker = Attacker(chance, crawl(cast, roles or tuple(cast.browsers)), addresses(cast), ids(cast))
        left = count
        while left > 0:
            with transaction.atomic():
                cache.clear()  # of what was tried too often
                for _ in range(min(TOGETHER, left)):
                    attempt(attacker(), cast, cookies, report)
                transaction.set_rollback(True)
            left -= TOGETHER
        transaction.set_rollback(True)
    cache.clear()
    report.seconds += time.perf_counter() - begun


def cookie_header(browser: Client) -> str:
    """Return what a browser sends of its cookies."""
    return "; ".join(f"{name}={morsel.value}" for name, morsel in browser.cookies.items())


def addresses(cast: Cast) -> list[str]:
    """Return every address of ours in a scene."""
    return [address(name, cast.of, at=cast.at, **cast.ids) for name in ROUTES if name not in SLOW]


def ids(cast: Cast) -> list[str]:
    """Return ids that exist, of every kind, with the code."""
    numbers = {cast.at.pk, cast.of.edition_id, cast.at.scale_id, cast.at.deliverable_id, *cast.ids.values()}
    return sorted({str(each) for each in numbers} | {str(n) for n in range(1, 12)} | {cast.of.code, "000000"})


def crawl(cast: Cast, roles: tuple[str, ...]) -> dict[str, list[Form]]:
    """Return the forms of every page that each role is given."""
    found: dict[str, list[Form]] = {}
    for role in roles:
        seen: dict[tuple[str, str, frozenset[str]], Form] = {}
        for path in addresses(cast):
            page = cast.browsers[role].get(path)
            if page.status_code == 200 and page.headers["Content-Type"].startswith("text/html"):
                for form in forms_of(page.content.decode(), path):
                    if named(form.action) not in SLOW:
                        seen[form.method, form.action, frozenset(form.names)] = form
        found[role] = list(seen.values())
    return found


def named(path: str) -> str:
    """Return the name of the address that a path leads to, "nothing" where it leads nowhere."""
    plain = unquote_to_bytes(path.partition("?")[0]).decode("utf-8", "replace")
    try:
        return resolve(plain).view_name or "nothing"
    except Resolver404:
        return "nothing"


def attempt(attack: Attack, cast: Cast, cookies: dict[str, str], report: Report) -> None:
    """Send one bad request, and note what came of it."""
    route = named(attack.path)
    if route in SLOW or (route in SELDOM and report.sent % 20):
        return
    try:
        response = send(cast.browsers[attack.role], attack, cookies[attack.role])
        thorough = report.sent % THOROUGH == 0
        found = judge.faults(response, method=attack.method, host_is_ours=attack.host_is_ours, thorough=thorough)
        status, wrong = str(response.status_code), list(found)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is what is looked for
        status, wrong = "exception", [f"{type(error).__name__}: {str(error)[:120]}"]
    report.note(route, status, wrong, attack)


def send(browser: Client, attack: Attack, cookies: str) -> HttpResponseBase:
    """Send a request as it is, past the test client's own care; what was to be done on commit is done."""
    path, _, query = attack.path.partition("?")
    environ = {
        "REQUEST_METHOD": attack.method,
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": query,
        "CONTENT_TYPE": attack.content_type,
        "CONTENT_LENGTH": str(len(attack.body)),
        "wsgi.input": FakePayload(attack.body),
        "HTTP_COOKIE": cookies if attack.cookies is None else attack.cookies,
        **attack.headers,
    }
    try:
        response: HttpResponseBase = browser.request(**environ)
    finally:
        browser.cookies = SimpleCookie()
        for hook in connection.run_on_commit:
            hook[1]()
        connection.run_on_commit.clear()
    return response


def shares(count: int) -> dict[str, int]:
    """Return how many requests of so many each scene is sent."""
    each, more = divmod(count, len(SCENES))
    return {name: each + (n < more) for n, name in enumerate(SCENES)}
