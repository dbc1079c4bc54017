"""The proxies as shipped, over real connections: what a phone, a browser and an intruder get through them."""

from __future__ import annotations

import asyncio
import json
import re
import ssl
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http import HTTPStatus
from http.client import HTTPConnection, HTTPResponse
from importlib import import_module
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.conf import settings

from eip2review.bounds import SENTENCES
from ratings.signing_forms import LARGEST
from tests.deployment.proxies import APP, HOST, SHIPPED, Proxy, nginx
from tests.deployment.talkative_server import KEEP_ALIVE
from tests.e2e.installation import Installation
from tests.e2e.phones import MOVES
from tests.e2e.rooms import room
from tests.factories import stage
from tests.servers import app_server, free_port
from workshops.choices import StageKind
from workshops.guessing import MOST_WRONG
from workshops.live import hub, stream_url
from workshops.models import Workshop

STAGE = re.compile(rb"id: (\d+)\nevent: stage\n")
PHONES = 400
Phone = tuple[asyncio.StreamReader, asyncio.StreamWriter]


def get(proxy: Proxy, path: str, *, address: str = "127.0.0.1", **headers: str) -> tuple[int, dict[str, str], bytes]:
    """Return status, headers and body of a page."""
    connection = proxy.call(address)
    connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, {name.lower(): value for name, value in answer.getheaders()}, body


class Visitor:
    """Somebody with one browser, who sends forms."""

    def __init__(self, proxy: Proxy, page: str, *, address: str = "127.0.0.1") -> None:
        self.proxy, self.page, self.address = proxy, page, address
        connection = proxy.call(address)
        connection.request("GET", page)
        answer = connection.getresponse()
        self.token = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', answer.read().decode())[0]
        self.cookies = "; ".join(
            value.partition(";")[0] for name, value in answer.getheaders() if name.lower() == "set-cookie"
        )
        connection.close()

    def send(self, body: bytes, kind: str, *, to: str = "", **headers: str) -> tuple[int, str]:
        """Send a form; return the status and the page."""
        connection = self.proxy.call(self.address)
        headers = {"Content-Type": kind, "Cookie": self.cookies, "Origin": self.proxy.url, **headers}
        connection.request("POST", to or self.page, body, headers)
        answer = connection.getresponse()
        page = answer.read().decode()
        connection.close()
        return answer.status, page

    def form(self, fields: dict[str, str], *, to: str = "", **headers: str) -> tuple[int, str]:
        """Send fields."""
        body = urlencode({"csrfmiddlewaretoken": self.token, **fields}).encode()
        return self.send(body, "application/x-www-form-urlencoded", to=to, **headers)

    def announced(self, size: int) -> tuple[int, str]:
        """Say that so many bytes will come, and hear what is said before they do."""
        connection = self.proxy.call(self.address)
        connection.request("POST", self.page, headers={"Content-Length": str(size)})
        answer = connection.getresponse()
        sentence = answer.read().decode()
        connection.close()
        return answer.status, sentence

    def no_code(self) -> int:
        """Send what is no code; return the status."""
        return self.form({"code": "no code"}, to="/join/")[0]

    def file(self, size: int) -> tuple[int, str]:
        """Send a file of so many bytes."""
        parts = (("csrfmiddlewaretoken", self.token), ("fingerprint", ""))
        body = "".join(f'--b\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n' for n, v in parts).encode()
        head = b'--b\r\nContent-Disposition: form-data; name="file"; filename="journal.pdf"\r\n\r\n'
        return self.send(body + head + b"x" * size + b"\r\n--b--\r\n", "multipart/form-data; boundary=b")


@pytest.fixture
def code(installation: Installation) -> str:
    """The code of a workshop at its first scale."""
    return installation.arrange(lambda: room(3, StageKind.SCALE, answered=False)).code


def phone_stream(code: str) -> str:
    """Return where a phone follows a workshop."""
    return stream_url(Workshop(code=code), "phone")


def move(installation: Installation, code: str, *, n: int) -> None:
    """Open the n-th scale; every process notices by itself within two seconds."""
    installation.arrange(
        lambda: MOVES["open"](stage=stage(Workshop.objects.get(code=code), StageKind.SCALE, n=n), user=None)
    )


@contextmanager
def following(proxy: Proxy, code: str) -> Iterator[HTTPResponse]:
    """Follow a workshop as a phone does."""
    connection = proxy.call()
    connection.request("GET", phone_stream(code), headers={"Accept": "text/event-stream"})
    stream = connection.getresponse()
    assert stream.status == 200
    yield stream
    connection.close()


def next_stage(stream: HTTPResponse) -> int:
    """Return the revision of the next stage that comes."""
    revision = -1
    while line := stream.readline().decode():
        if line.startswith("id: "):
            revision = int(line[4:])
        if line == "event: stage\n":
            json.loads(stream.readline()[6:])
            return revision
    raise AssertionError("the stream has ended")


def test_http_leads_to_https(proxy: Proxy) -> None:
    connection = HTTPConnection("127.0.0.1", proxy.http, timeout=60)
    connection.request("GET", "/join/123456/?from=paper", headers={"Host": HOST})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    assert answer.status in (301, 308)
    assert re.fullmatch(rf"https://{HOST}(:{proxy.https})?/join/123456/\?from=paper", answer.getheader("location", ""))


def test_browser_is_told_to_insist_on_https_and_to_keep_cookies_for_it(proxy: Proxy) -> None:
    status, headers, _ = get(proxy, "/desk/sign-in/")
    assert status == 200
    assert headers["strict-transport-security"] == "max-age=31536000"
    assert "Secure" in headers["set-cookie"].split("; ")


def test_browser_may_speak_http_2(proxy: Proxy) -> None:
    connection = proxy.call(protocols=("h2", "http/1.1"))
    assert isinstance(connection.sock, ssl.SSLSocket)
    assert connection.sock.selected_alpn_protocol() == "h2"
    connection.close()


def test_events_arrive_one_by_one(proxy: Proxy, installation: Installation, code: str) -> None:
    with following(proxy, code) as stream:
        first = next_stage(stream)
        move(installation, code, n=2)
        assert next_stage(stream) > first


def test_quiet_stream_outlasts_the_patience_of_nginx(installation: Installation, code: str, tmp_path: Path) -> None:
    """In a sixth of the time at most: the server speaks every half second instead of every fifteen."""
    patience = 3
    assert patience / KEEP_ALIVE >= 4
    shipped = re.search(r"proxy_read_timeout (\d+)s;", (SHIPPED / "nginx.conf").read_text())
    assert shipped is not None
    assert int(shipped[1]) / hub.KEEP_ALIVE >= 4
    with nginx(tmp_path, installation.ports, patience=patience) as proxy, following(proxy, code) as stream:
        first = next_stage(stream)
        begun = time.monotonic()
        while time.monotonic() < begun + patience + 1:
            line = stream.readline()
            assert line, "the proxy has given the stream up"
            assert line != b"event: stage\n"
        move(installation, code, n=2)
        assert next_stage(stream) > first


def test_two_and_a_half_megabytes_pass_and_more_is_refused_in_words(proxy: Proxy) -> None:
    visitor = Visitor(proxy, "/verify/")
    status, page = visitor.file(LARGEST)
    assert status == 200
    assert "A draft is not signed" in page
    for size in (2_700_000, 6_000_000):
        assert visitor.announced(size) == (413, SENTENCES[HTTPStatus.REQUEST_ENTITY_TOO_LARGE])


def test_workshop_that_is_brought_passes(proxy: Proxy) -> None:
    """As much as it may be; the answer is Midpoint's own, to somebody who has not signed in."""
    asgi = import_module("eip2review.asgi")
    connection = proxy.call()
    connection.request("POST", asgi.TAKE_IN, b"x" * asgi.LARGEST_FILE, {"Origin": proxy.url})
    answer = connection.getresponse()
    assert b"allow cookies for this site" in answer.read()
    assert answer.status == 403
    connection.close()


def test_form_of_a_quarter_of_a_megabyte_passes(proxy: Proxy) -> None:
    status, page = Visitor(proxy, "/").form({"code": "no code", "pad": "x" * 250_000}, to="/join/")
    assert status == 200
    assert "The code has six digits" in page


def test_head_that_is_too_large_is_refused_in_words(proxy: Proxy) -> None:
    status, _, body = get(proxy, "/", Cookie="x" * 300_000)
    assert status in (400, 431)
    assert b"clear this site's cookies, and load the page again." in body


def test_address_that_a_client_claims_is_not_believed(proxy: Proxy) -> None:
    """Each network may try so many wrong codes; saying another address with each does not help, and harms nobody."""
    network = {"nginx": "127.0.1", "caddy": "127.0.2"}[proxy.name]
    guesser, other = Visitor(proxy, "/", address=f"{network}.1"), Visitor(proxy, "/", address=f"{network}.2")
    statuses = [
        guesser.form({"code": f"{number:06}"}, to="/join/", **{"X-Forwarded-For": f"198.51.100.{number}"})[0]
        for number in range(MOST_WRONG + 1)
    ]
    assert statuses == [200] * MOST_WRONG + [429]
    assert other.form({"code": "000001"}, to="/join/", **{"X-Forwarded-For": f"{network}.1"})[0] == 200


def test_client_that_claims_https_over_http_is_sent_to_https(proxy: Proxy) -> None:
    connection = HTTPConnection("127.0.0.1", proxy.http, timeout=60)
    connection.request("GET", "/desk/sign-in/", headers={"Host": HOST, "X-Forwarded-Proto": "https"})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    assert answer.status in (301, 308)


async def follow(proxy: Proxy, trust: ssl.SSLContext, path: str, gate: asyncio.Semaphore) -> Phone:
    """Return one more phone, once its first event is there."""
    async with gate:
        phone = await asyncio.open_connection("127.0.0.1", proxy.https, ssl=trust, server_hostname=HOST)
        phone[1].write(f"GET {path} HTTP/1.1\r\nHost: {HOST}\r\nAccept: text/event-stream\r\n\r\n".encode())
        await heard(phone)
    return phone


async def heard(phone: Phone) -> int:
    """Return the revision of the next stage."""
    told = b""
    async with asyncio.timeout(60):
        while not (found := STAGE.search(told)):
            more = await phone[0].read(65_536)
            assert more, "the stream has ended"
            told += more
    return int(found[1])


def test_four_hundred_phones_follow(proxy: Proxy, installation: Installation, code: str) -> None:
    async def morning() -> set[int]:
        gate, trust, path = asyncio.Semaphore(50), proxy.trusting(), phone_stream(code)
        phones = await asyncio.gather(*(follow(proxy, trust, path, gate) for _ in range(PHONES)))
        changed = asyncio.gather(*(heard(phone) for phone in phones))
        await asyncio.to_thread(move, installation, code, n=2)
        revisions = await changed
        for _, writer in phones:
            writer.transport.abort()
        return set(revisions)

    assert len(asyncio.run(morning())) == 1


def style_sheet(proxy: Proxy) -> str:
    """Return where the first page's style is."""
    found: list[bytes] = re.findall(rb'href="(/static/css/[^"]+\.css)"', get(proxy, "/")[2])
    return found[0].decode()


def test_static_file_is_compressed_and_kept(proxy: Proxy) -> None:
    path = style_sheet(proxy)
    for asked in ("br", "gzip"):
        status, headers, body = get(proxy, path, Accept_Encoding=asked)
        assert (status, headers["content-encoding"]) == (200, asked)
        assert int(headers["content-length"]) == len(body)
        assert "immutable" in headers["cache-control"]
        assert headers["cross-origin-resource-policy"] == "same-origin"
    assert "content-encoding" not in get(proxy, path)[1]


def test_one_of_two_processes_may_be_away(proxies: dict[str, Proxy], installation: Installation, code: str) -> None:
    """Debian's Caddy refuses forms until it has noticed; phones send them again."""
    visitors, away = {name: Visitor(proxy, "/") for name, proxy in proxies.items()}, installation.servers[0]
    away.stop()
    try:
        told = [visitors["nginx"].no_code() for _ in range(6)]
        for proxy in proxies.values():
            assert get(proxy, "/")[0] == 200
            with following(proxy, code) as stream:
                next_stage(stream)
        noticed = until_answered(visitors["caddy"])
    finally:
        away.start()
    assert told == [200] * 6
    assert noticed == 200


def test_page_of_a_process_without_its_database_comes_from_the_other(
    installation: Installation, code: str, tmp_path: Path
) -> None:
    """With nginx; what was sent to be saved is not passed on, as nobody knows whether it was."""
    nobody = f"postgres://midpoint@127.0.0.1:{free_port()}/postgres"
    env = {"DATABASE_URL": nobody, "REDIS_URL": installation.servers[0].env["REDIS_URL"]}
    stranded = app_server(var_dir=installation.var_dir, SECRET_KEY=settings.SECRET_KEY, **APP, **env)
    with stranded, nginx(tmp_path, [stranded.port, installation.ports[1]]) as proxy:
        visitor = Visitor(proxy, "/")
        assert [get(proxy, f"/join/{code}/")[0] for _ in range(6)] == [200] * 6
        assert {visitor.form({"code": "000000"}, to="/join/")[0] for _ in range(6)} == {200, 503}


def test_network_with_too_many_connections_is_told_so_and_others_are_served(
    installation: Installation, code: str, tmp_path: Path
) -> None:
    with nginx(tmp_path, installation.ports, most=3) as proxy:
        with ExitStack() as streams:
            for _ in range(3):
                streams.enter_context(following(proxy, code))
            status, headers, body = get(proxy, "/")
            assert (status, headers["retry-after"]) == (429, "5")
            assert b"Too many connections come from your network just now. Wait a moment" in body
            assert get(proxy, "/", address="127.0.0.3")[0] == 200
        deadline = time.monotonic() + 30
        while get(proxy, "/")[0] == 429:
            assert time.monotonic() < deadline, "the connections that have ended still count"
        assert get(proxy, "/")[0] == 200


def test_visitor_is_told_while_the_server_is_away_and_goes_on_after(
    proxies: dict[str, Proxy], installation: Installation, code: str
) -> None:
    visitors = {name: Visitor(proxy, "/") for name, proxy in proxies.items()}
    sheet = style_sheet(proxies["nginx"])
    before = get(proxies["nginx"], sheet, Accept_Encoding="br")
    with installation.away():
        told = {name: get(proxy, f"/join/{code}/", address="127.0.9.9") for name, proxy in proxies.items()}
        kept = get(proxies["nginx"], sheet, Accept_Encoding="br")
    for status, headers, body in told.values():
        assert (status in (502, 503), headers["retry-after"], headers["cache-control"]) == (True, "5", "no-store")
        assert headers["content-type"].startswith("text/html")
        assert body == (SHIPPED / "away.html").read_bytes()
    assert (before[0], before[2]) == (kept[0], kept[2]), "nginx keeps static files"
    for name, proxy in proxies.items():
        assert until_answered(visitors[name]) == 200
        with following(proxy, code) as stream:
            next_stage(stream)
        assert not re.findall(rf"127\.0\.9\.9|{code}", proxy.log.read_text())


def until_answered(visitor: Visitor) -> int:
    """Send a form until the proxy has noticed that the server is back; return the status."""
    deadline = time.monotonic() + 30
    while (status := visitor.no_code()) >= 500 and time.monotonic() < deadline:
        time.sleep(0.2)
    return status
