"""The one settings file: what it reads from the environment, and what it says to a browser."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from tests import factories
from workshops.joining import COOKIE_AGE, cookie_name

ROOT = Path(__file__).resolve().parent.parent


def test_deployment_behind_tls_raises_no_warning(tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "DEBUG": "false",
        "SECURE_COOKIES": "true",
        "ALLOWED_HOSTS": "midpoint.example.org",
        "VAR_DIR": str(tmp_path),
        "DATABASE_URL": f"sqlite:///{tmp_path}/midpoint.sqlite3",
    }
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    checked = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr


def test_secret_key_is_made_once_and_kept_private(tmp_path: Path) -> None:
    environment = {**os.environ, "SECRET_KEY": "", "VAR_DIR": str(tmp_path)}
    command = [sys.executable, "-c", "from eip2review import settings; print(settings.SECRET_KEY)"]
    first, second = (
        subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True).stdout.strip()
        for _ in range(2)
    )
    assert first == second == (tmp_path / "secret-key").read_text()
    assert len(first) >= 50
    assert (tmp_path / "secret-key").stat().st_mode & 0o777 == 0o600


def test_empty_place_for_files_is_not_the_sources() -> None:
    command = [sys.executable, "-c", "from eip2review import settings; print(settings.VAR_DIR)"]
    environment = {**os.environ, "VAR_DIR": ""}
    said = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True).stdout
    assert said.strip() == str(ROOT / "var")


def test_content_security_policy_allows_nothing_unsafe() -> None:
    sources = [source for values in settings.CONTENT_SECURITY_POLICY["DIRECTIVES"].values() for source in values]
    assert not [source for source in sources if "unsafe" in source or "*" in source or "//" in source]
    assert settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]["default-src"] == ["'none'"]


def test_every_page_carries_the_policy(client: Client) -> None:
    header = client.get("/no-such-page/").headers["Content-Security-Policy"]
    policy = {part.strip() for part in header.split(";")}
    assert {"default-src 'none'", "script-src 'self'"} <= policy


@pytest.mark.parametrize("path", ["/", "/no-such-page/", "/desk/sign-in/", "/join/123456/qr.svg"])
def test_every_response_says_how_careful_a_browser_must_be(client: Client, path: str, db: None) -> None:
    headers = client.get(path).headers
    assert headers["Cross-Origin-Opener-Policy"] == headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert (headers["X-Content-Type-Options"], headers["X-Frame-Options"]) == ("nosniff", "DENY")
    assert headers["Referrer-Policy"] == "same-origin"
    assert "no-store" in headers["Cache-Control"]
    assert {"camera=()", "microphone=()", "geolocation=()"} <= set(headers["Permissions-Policy"].split(", "))


def test_static_files_are_for_our_own_pages_alone(client: Client, db: None) -> None:
    answer = client.get("/static/css/base.css")
    assert answer.status_code == 200
    assert (
        answer.headers["Cross-Origin-Resource-Policy"] == answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    )
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "camera=()" in answer.headers["Permissions-Policy"]
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert "no-store" not in answer.headers["Cache-Control"]
    assert b"".join(answer.streaming_content)  # type: ignore[attr-defined]  # else the file stays open
    answer.close()


def test_nothing_on_a_phone_outlives_its_token(client: Client, db: None) -> None:
    of = factories.workshop()
    page = client.get(f"/join/{of.code}/")
    ticket = re.findall(r'name="ticket" value="([^"]+)"', page.content.decode())[0]
    client.post(f"/join/{of.code}/", {"ticket": ticket})
    kept = {name: cookie for name, cookie in client.cookies.items() if cookie.value}
    assert set(kept) == {cookie_name(of.code), "csrftoken"}
    assert {int(cookie["max-age"]) for cookie in kept.values()} == {COOKIE_AGE}
    assert {cookie["samesite"] for cookie in kept.values()} == {"Lax"}
