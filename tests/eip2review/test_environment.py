"""A setting that cannot be what it says: whatever starts ends with one sentence that names it."""

from __future__ import annotations

import os
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

from tests.servers import ROOT, app_server

NUMBERS = ["PORT", "DJANGO_THREADS", "SEAL_AFTER", "KEEP_DAYS", "TRUSTED_PROXIES"]
SECRET = "hunter2"


END = "Change it in .env or in the environment; .env.example says what it is for."


def refused(monkeypatch: pytest.MonkeyPatch, **env: str) -> str:
    """Return what the settings say when they end over this environment."""
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit) as ended:
        runpy.run_path(str(ROOT / "eip2review/settings.py"))
    return str(ended.value)


@pytest.mark.parametrize(
    ("name", "value", "wanted"),
    [
        *[(name, value, "a whole number from") for name in NUMBERS for value in ("", "plenty", "-1")],
        ("KEEP_DAYS", "0", "from 1 to 36500"),
        ("DEBUG", "perhaps", "true or false"),
        ("SECURE_COOKIES", "", "true or false"),
        ("LOG_FORMAT", "xml", "plain or json"),
        ("TIME_ZONE", "Europe/Ambridge", "the name of a time zone, such as Europe/London"),
        ("TIME_ZONE", "Europe", "the name of a time zone"),
        ("TIME_ZONE", "", "the name of a time zone"),
        *[
            ("DATABASE_URL", url, "a database’s address, such as postgres://")
            for url in ("", "midpoint", f"mysql://midpoint:{SECRET}@127.0.0.1/midpoint", "sqlite://")
        ],
        ("DATABASE_URL", f"postgres://midpoint:{SECRET}/@127.0.0.1:5432/midpoint", "is written %2F"),
        ("DATABASE_URL", f"postgres://midpoint:{SECRET}@127.0.0.1", "a database’s address"),
        ("REDIS_URL", "127.0.0.1:6379", "an address such as redis://"),
        ("REDIS_URL", f"redis://:{SECRET}@127.0.0.1:port/0", "an address such as redis://"),
        ("PUBLIC_URL", "midpoint.example.org", "an address such as https://"),
        ("PUBLIC_URL", "https://midpoint.example.org:8o00", "an address such as https://"),
        ("PUBLIC_URL", "https://example.org/midpoint", "an address such as https://"),
        *[
            ("ALLOWED_HOSTS", hosts, "host names such as midpoint.example.org")
            for hosts in ("https://a.example", "a.example,b.example:443", "a.example b.example", "a.example/")
        ],
        *[
            ("CSRF_TRUSTED_ORIGINS", origins, "addresses such as https://midpoint.example.org")
            for origins in ("a.example", "https://a.example,b.example", "https://a.example/desk/")
        ],
        ("METRICS_TOKEN", SECRET, "20 or more characters, or empty"),
        ("VAR_DIR", "/dev/null/midpoint", "a folder that can be made"),
        ("BUILT_DIR", "/dev/null", "a folder that can be made"),
    ],
)
def test_value_that_cannot_be_used_is_named_and_not_told(
    name: str, value: str, wanted: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = refused(monkeypatch, **{"VAR_DIR": str(tmp_path), "BUILT_DIR": "", name: value})
    assert line.startswith(f"{name} has to be ")
    assert line.endswith(END)
    assert wanted in line
    assert SECRET not in line


@pytest.mark.parametrize(
    "words",
    [["manage.py", "doctor"], ["manage.py", "prepare"], ["manage.py", "help"], ["-m", "eip2review.server"]],
    ids=" ".join,
)
def test_every_way_in_ends_with_the_sentence(words: list[str], tmp_path: Path) -> None:
    env = {**os.environ, **app_server(var_dir=tmp_path).env, "REDIS_URL": "nonsense"}
    ran = subprocess.run([sys.executable, *words], cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout) == (1, "")
    assert ran.stderr == f"REDIS_URL has to be an address such as redis://127.0.0.1:6379/0, or empty. {END}\n"


@pytest.mark.parametrize(
    ("name", "value", "read"),
    [
        (
            "ALLOWED_HOSTS",
            "a.example, .b.example,[::1],192.0.2.7,*",
            ["a.example", ".b.example", "[::1]", "192.0.2.7", "*"],
        ),
        (
            "CSRF_TRUSTED_ORIGINS",
            "https://*.example.org, http://[::1]:8000",
            ["https://*.example.org", "http://[::1]:8000"],
        ),
        ("PUBLIC_URL", "https://midpoint.example.org:8000/", "https://midpoint.example.org:8000"),
        ("REDIS_URL", "redis://127.0.0.1:6379/3", "redis://127.0.0.1:6379/3"),
        ("METRICS_TOKEN", "t" * 20, "t" * 20),
    ],
)
def test_value_that_can_be_used_is(
    name: str, value: str, read: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for each, text in {"VAR_DIR": str(tmp_path), "BUILT_DIR": "", name: value}.items():
        monkeypatch.setenv(each, text)
    assert runpy.run_path(str(ROOT / "eip2review/settings.py"))[name] == read


def test_secret_key_out_of_reach_is_said_in_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As where somebody else runs a command than the user of the server."""
    (tmp_path / "secret-key").mkdir()
    line = refused(monkeypatch, VAR_DIR=str(tmp_path), SECRET_KEY="")
    assert "VAR_DIR has to be a folder of the user who runs this" in line
