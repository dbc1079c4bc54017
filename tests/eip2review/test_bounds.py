"""What the server takes of a request before the product sees it, over real connections."""

from __future__ import annotations

import importlib
import socket
from collections.abc import Iterator
from types import ModuleType

import pytest
from django.test import override_settings

from eip2review import bounds
from tests.servers import app_server
from tests.workshops.conftest import migrate
from workshops.live.probe import PIECES, probe_path


@pytest.fixture
def asgi() -> ModuleType:
    """The two doors, imported once the settings of the tests hold."""
    return importlib.import_module("eip2review.asgi")


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of the product, which waits a second where it would wait half a minute."""
    var = tmp_path_factory.mktemp("bounds")
    server = app_server(var_dir=var, module="tests.eip2review.hasty_server")
    migrate(server.env)
    with server:
        yield server.port


def ask(port: int, *parts: bytes) -> bytes:
    """Send bytes as they are; return all that comes until the server ends the connection."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        told = b""
        try:
            for part in parts:
                connection.sendall(part)
            while more := connection.recv(65536):
                told += more
        except ConnectionError:  # it was ended with something still on its way
            pass
        return told


def head(path: str = "/", *lines: str) -> bytes:
    """Return the head of a request; the connection ends with the answer."""
    return "\r\n".join([f"GET {path} HTTP/1.1", "Host: localhost", "Connection: close", *lines, "", ""]).encode()


def test_request_of_usual_size_is_answered(port: int) -> None:
    assert ask(port, head("/", f"Cookie: a={'b' * 30_000}")).startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize(
    "parts",
    [
        [head("/" + "x" * bounds.HEAD_BYTES)],
        [head("/", f"Cookie: {'x' * bounds.HEAD_BYTES}")],
        [head("/", *(f"X-{n}: {'x' * 100}" for n in range(900)))],
        [b"GET / HTTP/1.1\r\nX: ", b"x" * (bounds.HEAD_BYTES + 1)],
    ],
    ids=["address", "one header", "many headers", "a header without end"],
)
def test_head_that_is_too_large_is_refused_in_a_sentence(port: int, parts: list[bytes]) -> None:
    told = ask(port, *parts)
    assert told.startswith(b"HTTP/1.1 431 ")
    assert b"clear this site's cookies" in told


@pytest.mark.parametrize(
    "sent",
    [
        b"GET / HTTP/1.1\r\nContent-Length: five\r\n\r\n",
        b"GET / HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n",
        b"GET / HTTP/1.1\r\nX: a\x00b\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01",
        b"BREW / HTTP/1.1\r\n\r\n",
    ],
    ids=["length", "two lengths", "two ways", "zero byte", "TLS", "method"],
)
def test_what_is_no_request_is_refused_in_a_sentence(port: int, sent: bytes) -> None:
    told = ask(port, sent)
    assert told.startswith(b"HTTP/1.1 400 ")
    assert b"Load the page again." in told


def test_head_that_does_not_end_is_given_up(port: int) -> None:
    told = ask(port, b"GET / HTTP/1.1\r\nHost: local")
    assert told.startswith(b"HTTP/1.1 408 ")
    assert b"did not arrive in time" in told


def test_connection_that_says_nothing_is_ended_without_a_word(port: int) -> None:
    assert ask(port) == b""


def test_body_that_does_not_end_is_given_up_in_a_sentence(port: int) -> None:
    told = ask(port, b"POST /join/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nhalf")
    assert told.startswith(b"HTTP/1.1 408 ")
    assert b"did not arrive in time, and nothing was saved" in told


def test_request_that_is_there_is_given_the_time_that_its_answer_takes(port: int) -> None:
    with override_settings(SECRET_KEY="only-for-tests"):
        probe = probe_path(quiet=0)
    told = ask(port, head(probe, "Content-Length: 2") + b"ab")  # a stream of more than three seconds
    assert told.startswith(b"HTTP/1.1 200 ")
    assert told.count(b"event: probe") == PIECES + 1
    assert b"408" not in told


def test_body_without_a_length_is_bounded(port: int, asgi: ModuleType) -> None:
    start = b"POST /join/ HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
    told = ask(port, start, b"%x\r\n%s" % (asgi.LARGEST_BODY + 9, b"x" * (asgi.LARGEST_BODY + 1)))  # and no more
    assert told.startswith(b"HTTP/1.1 413 ")
    assert b"This is more than fits" in told


def test_body_in_chunks_is_read_as_a_form(port: int) -> None:
    body = b"a\r\ncode=12345\r\n1\r\n6\r\n0\r\n\r\n"
    start = b"POST /join/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n"
    told = ask(port, start + b"Content-Type: application/x-www-form-urlencoded\r\n\r\n" + body)
    assert told.startswith(b"HTTP/1.1 403 ")  # without a token of the page
    assert b"This was not saved" in told


def test_query_in_any_bytes_reaches_the_product(port: int) -> None:
    told = ask(port, b"GET /no-such/?q=\xff\xed\xa0\x80 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    assert told.startswith((b"HTTP/1.1 404 ", b"HTTP/1.1 400 "))
    assert b"500" not in told[:20]
