"""A certificate of the laptop's own: what phones would refuse is refused before the morning, with what to do."""

import http.client
import os
import ssl
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings

from eip2review.tls import Tls, UnusableCertificate, read_tls
from tests.certificates import Issued, issue
from tests.servers import Process, free_port

URL = "https://midpoint.example.org:8000"


def read(issued: Issued, url: str = URL, key: Path | None = None) -> Tls | None:
    return read_tls(str(issued.file), str(key or issued.key), public_url=url, at=datetime.now(UTC))


def refusal(issued: Issued, url: str = URL, key: Path | None = None) -> str:
    with pytest.raises(UnusableCertificate) as refused:
        read(issued, url, key)
    return str(refused.value)


@pytest.mark.parametrize("name", ["midpoint.example.org", "*.example.org", "MIDPOINT.example.org"])
def test_certificate_of_the_name_that_phones_open_is_taken(tmp_path: Path, name: str) -> None:
    issued = issue(tmp_path, "elsewhere.example.org", name)
    assert read(issued) == Tls(issued.file, issued.key)


def test_certificate_of_an_address_is_taken_for_it(tmp_path: Path) -> None:
    assert read(issue(tmp_path, "192.168.7.7"), "https://192.168.7.7:8000")


def test_no_certificate_is_none() -> None:
    assert read_tls("", "", public_url="", at=datetime.now(UTC)) is None


@pytest.mark.parametrize("files", [("some.pem", ""), ("", "some.key")])
def test_one_file_of_two_is_refused(files: tuple[str, str]) -> None:
    with pytest.raises(UnusableCertificate, match="both TLS_CERTIFICATE and TLS_KEY"):
        read_tls(*files, public_url=URL, at=datetime.now(UTC))


@pytest.mark.parametrize("url", ["", "http://midpoint.example.org"])
def test_without_an_address_for_the_qr_code_it_is_refused(tmp_path: Path, url: str) -> None:
    assert "set PUBLIC_URL to https://" in refusal(issue(tmp_path, "midpoint.example.org"), url)


@pytest.mark.parametrize("name", ["elsewhere.example.org", "*.org", "*.midpoint.example.org", "example.org"])
def test_another_name_is_refused_and_named(tmp_path: Path, name: str) -> None:
    assert f"is for {name}, and PUBLIC_URL says midpoint.example.org" in refusal(issue(tmp_path, name))


def test_certificate_without_names_is_refused(tmp_path: Path) -> None:
    assert "is for no name" in refusal(issue(tmp_path))


@pytest.mark.parametrize("days", [(-90, -1), (1, 90)])
def test_certificate_that_is_not_valid_now_is_refused(tmp_path: Path, days: tuple[int, int]) -> None:
    assert "and not at" in refusal(issue(tmp_path, "midpoint.example.org", days=days))


def test_certificate_is_valid_from_and_to_its_minute_at_any_hour_of_the_day(tmp_path: Path) -> None:
    issued = issue(tmp_path, "midpoint.example.org", days=(0, 1))
    first, last = issued.certificate.not_valid_before_utc, issued.certificate.not_valid_after_utc
    for hour in range(24):
        at = first + timedelta(hours=hour)
        assert read_tls(str(issued.file), str(issued.key), public_url=URL, at=at)
    for at in (first - timedelta(seconds=1), last + timedelta(seconds=1)):
        with pytest.raises(UnusableCertificate, match="and not at"):
            read_tls(str(issued.file), str(issued.key), public_url=URL, at=at)


def test_key_of_another_certificate_is_refused(tmp_path: Path) -> None:
    ours, another = (issue(tmp_path, "midpoint.example.org") for _ in range(2))
    assert "is not the key of" in refusal(ours, key=another.key)


def test_key_with_a_password_is_refused_and_nobody_is_asked_for_it(tmp_path: Path) -> None:
    assert "asks for a password" in refusal(issue(tmp_path, "midpoint.example.org", password=b"sesame"))


def test_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    issued = issue(tmp_path, "midpoint.example.org")
    assert "gone.key cannot be read: No such file" in refusal(issued, key=tmp_path / "gone.key")


def test_file_that_is_no_certificate_is_refused(tmp_path: Path) -> None:
    issued = issue(tmp_path, "midpoint.example.org")
    issued.file.write_text("words")
    assert "is not a certificate as PEM" in refusal(issued)


def serve(folder: Path, issued: Issued, port: int) -> tuple[list[str], dict[str, str]]:
    for built in ("fonts", "fonts-made-from", "letter-widths.json", "static"):
        (folder / built).symlink_to(settings.VAR_DIR / built)
    env = {"VAR_DIR": str(folder), "DATABASE_URL": f"sqlite:///{folder}/midpoint.sqlite3", "REDIS_URL": ""}
    env |= {"TLS_CERTIFICATE": str(issued.file), "TLS_KEY": str(issued.key)}
    env |= {"PUBLIC_URL": f"https://localhost:{port}", "HOST": "127.0.0.1"}
    return [sys.executable, "-u", "manage.py", "serve"], env


def test_server_speaks_tls_at_the_port_of_its_address_with_secure_cookies(tmp_path: Path) -> None:
    authority = issue(tmp_path, "An authority", authority=True)
    port = free_port()
    command, env = serve(tmp_path, issue(tmp_path, "localhost", by=authority), port)
    trusting = ssl.create_default_context(cafile=authority.file)
    with (
        Process(command, port=port, env=env),
        closing(http.client.HTTPSConnection("localhost", port, timeout=10, context=trusting)) as connection,
    ):
        connection.request("GET", "/")
        answer = connection.getresponse()
        assert answer.status == 200
        assert "Secure" in answer.headers["Set-Cookie"]
        assert answer.headers["Strict-Transport-Security"]


def test_server_with_an_unusable_certificate_says_so_and_does_not_start(tmp_path: Path) -> None:
    command, env = serve(tmp_path, issue(tmp_path, "elsewhere.example.org"), free_port())
    for started in (command, [sys.executable, "-m", "eip2review.server"]):
        run = subprocess.run(
            started, cwd=settings.BASE_DIR, env=os.environ | env, capture_output=True, text=True, timeout=60
        )
        assert run.returncode == 1
        assert "PUBLIC_URL says localhost: phones would refuse it" in run.stderr
        assert "Traceback" not in run.stderr
