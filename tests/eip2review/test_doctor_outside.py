"""What phones meet behind a proxy: a real nginx, once as it should be and once with each fault."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path
from shutil import which

import pytest
from django.conf import settings
from django.core.signing import TimestampSigner, b62_encode
from django.test import override_settings
from pytest_django import Settings

from eip2review.doctor import network
from eip2review.doctor.findings import Verdict
from eip2review.doctor.outside import Outside
from tests.certificates import issue
from tests.servers import Process, app_server, free_port
from tests.workshops.conftest import migrate
from workshops.live.probe import probe_path

KEY = "the key that the server and its doctor share"
QUIET = 3.0  # seconds
HEAD = """
daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log crit;{user}
events {{ worker_connections 256; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
"""
SERVER = """
  server {{
    listen 127.0.0.1:{port} ssl; ssl_certificate {certificate}; ssl_certificate_key {key};
    location / {{
      proxy_pass http://127.0.0.1:{app}; proxy_http_version 1.1;
      {lines}
    }}
  }}
"""
GOOD = {
    "body": "client_max_body_size 3m;",
    "host": "proxy_set_header Host $host;",
    "proto": "proxy_set_header X-Forwarded-Proto $scheme;",
    "for": "proxy_set_header X-Forwarded-For $remote_addr;",
    "time": "proxy_read_timeout 1h;",
}
FAULTS = {
    "good": {},
    "buffers": {"fault": "proxy_ignore_headers X-Accel-Buffering; proxy_buffering on;"},
    "cuts": {"time": "proxy_read_timeout 1800ms;"},
    "small": {"body": "client_max_body_size 1m;"},
    "plain": {"proto": "proxy_set_header X-Forwarded-Proto http;"},
    "trusting": {"for": "proxy_set_header X-Forwarded-For $http_x_forwarded_for;"},
    "silent": {"for": 'proxy_set_header X-Forwarded-For "";'},
    "renames": {"host": "proxy_set_header Host 127.0.0.1;"},
    "hides": {"fault": "proxy_hide_header Strict-Transport-Security;"},
    "expires": {},
    "expired": {},
}


@pytest.fixture(scope="module")
def ports(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, int]]:
    """The ports of an nginx in front of the server, by what is wrong; "server" is the server's own."""
    program = which("nginx", path="/usr/sbin:/usr/bin")
    if program is None:
        pytest.skip("nginx is not installed")
    folder = tmp_path_factory.mktemp("nginx")
    authority = issue(folder, "authority", authority=True)
    authority.file.rename(folder / "authority.pem")
    env = {
        "SECRET_KEY": KEY,
        "SECURE_COOKIES": "true",
        "TRUSTED_PROXIES": "1",
        "ALLOWED_HOSTS": "localhost,127.0.0.1",
    }
    ports = {name: free_port() for name in FAULTS}
    env["CSRF_TRUSTED_ORIGINS"] = ",".join(f"https://localhost:{port}" for port in ports.values())
    server = app_server(var_dir=folder, **env)
    migrate(server.env)
    (folder / "static").symlink_to(settings.STATIC_ROOT)  # what `make test` has prepared
    ports["server"] = server.port
    days = {"expires": (-1, 5), "expired": (-9, -2)}
    configuration = HEAD.format(folder=folder, user=" user root;" if Path("/root").owner() else "")
    for name, fault in FAULTS.items():
        issued = issue(folder, "localhost", by=authority, days=days.get(name, (-1, 90)))
        configuration += SERVER.format(
            port=ports[name],
            certificate=issued.file,
            key=issued.key,
            app=server.port,
            lines="\n      ".join((GOOD | fault).values()),
        )
    (folder / "nginx.conf").write_text(configuration + "}\n")
    proxy = Process([program, "-p", str(folder), "-c", str(folder / "nginx.conf")], port=ports["good"])
    with server, proxy, pytest.MonkeyPatch.context() as patch:
        patch.setenv("SSL_CERT_FILE", str(folder / "authority.pem"))
        yield ports


@pytest.fixture
def outside(ports: dict[str, int], settings: Settings) -> dict[str, Outside]:
    """What each of these proxies looks like from outside."""
    settings.SECRET_KEY, settings.TRUSTED_PROXIES = KEY, 1
    return {name: Outside(f"https://localhost:{port}", quiet=QUIET) for name, port in ports.items()}


def test_certificate(outside: dict[str, Outside], monkeypatch: pytest.MonkeyPatch) -> None:
    assert outside["good"].certificate().verdict is Verdict.FINE
    soon, late = outside["expires"].certificate(), outside["expired"].certificate()
    assert (soon.verdict, "for 4 more days" in soon.found) == (Verdict.LOOK, True)
    assert (late.verdict, "expired" in late.found) == (Verdict.BROKEN, True)
    assert outside["server"].certificate().verdict is Verdict.BROKEN  # it speaks no TLS
    assert Outside("http://localhost").certificate().verdict is Verdict.LOOK
    assert Outside(f"https://localhost:{free_port()}").certificate().verdict is Verdict.BROKEN
    monkeypatch.delenv("SSL_CERT_FILE")
    assert "Browsers refuse" in outside["good"].certificate().found


def test_page(outside: dict[str, Outside]) -> None:
    assert outside["good"].page().verdict is Verdict.FINE
    for name, words in (("plain", "leads to itself for ever"), ("hides", "not told to insist")):
        found = outside[name].page()
        assert (found.verdict, words in found.found) == (Verdict.BROKEN, True), found
    assert "does not answer" in Outside(f"https://localhost:{free_port()}").page().found
    assert "leads to https" in Outside(f"http://localhost:{outside['server'].port}").page().found


def test_stream_and_what_it_says_of_the_proxies(outside: dict[str, Outside], settings: Settings) -> None:
    names = ("good", "buffers", "cuts", "trusting", "silent", "plain", "renames")
    with ThreadPoolExecutor(len(names)) as threads:
        streams = dict(zip(names, threads.map(lambda name: outside[name].stream(), names), strict=True))
    assert {name for name, found in streams.items() if found.verdict is not Verdict.FINE} == {"buffers", "cuts"}
    assert "held back" in streams["buffers"].found
    assert "is cut when it is quiet for 3 s" in streams["cuts"].found

    assert outside["good"].proxies().verdict is Verdict.FINE
    for name, verdict, words in (
        ("trusting", Verdict.BROKEN, "can pretend"),
        ("silent", Verdict.BROKEN, "can pretend"),
        ("plain", Verdict.BROKEN, "over https"),
        ("renames", Verdict.LOOK, "another host name"),
        ("small", Verdict.LOOK, "Nothing is known"),  # its stream was not asked
    ):
        found = outside[name].proxies()
        assert (found.verdict, words in found.found) == (verdict, True), found
    settings.TRUSTED_PROXIES = 0
    assert "does not count it" in outside["good"].proxies().found
    assert outside["silent"].proxies().verdict is Verdict.FINE


def test_upload(outside: dict[str, Outside]) -> None:
    assert outside["good"].upload().verdict is Verdict.FINE
    found = outside["small"].upload()
    assert (found.verdict, "2.4 MB" in found.found, "3 MB" in found.do) == (Verdict.BROKEN, True, True)


def test_probe_is_for_whoever_knows_the_key(ports: dict[str, int]) -> None:
    with override_settings(SECRET_KEY=KEY):
        good = probe_path(quiet=0)
        other = TimestampSigner(salt="live").sign("0")
        stale = TimestampSigner(salt="live.probe")
        stale.timestamp = lambda: _an_hour_ago()  # type: ignore[method-assign]
        late = stale.sign("0")
    with override_settings(SECRET_KEY="another"):
        foreign = probe_path(quiet=0)
    for path, status in (
        (good, 200),
        (foreign, 403),
        ("/live/probe/", 403),
        (f"/live/probe/?key={other}", 403),
        (f"/live/probe/?key={late}", 403),
        (f"/live/probe/?key={good[-5:]}", 403),
    ):
        connection = HTTPConnection("127.0.0.1", ports["server"], timeout=10)
        connection.request("GET", path)
        assert connection.getresponse().status == status, path
        connection.close()


def _an_hour_ago() -> str:
    return b62_encode(int((datetime.datetime.now(datetime.UTC) - datetime.timedelta(hours=1)).timestamp()))


def test_stream_that_is_refused_is_another_installation(outside: dict[str, Outside], settings: Settings) -> None:
    settings.SECRET_KEY = "another"
    assert "this very installation" in outside["good"].stream().do


def test_port_that_this_installation_is_on(ports: dict[str, int], settings: Settings) -> None:
    settings.SECRET_KEY, settings.PORT = KEY, ports["server"]
    assert "Midpoint is running" in network.port().found
    settings.PORT = ports["good"]  # over TLS
    assert "Midpoint is running" in network.port().found
