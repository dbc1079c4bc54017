"""Each check of an installation finds nothing where all is well, and the fault where there is one."""

from __future__ import annotations

import datetime
import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from eip2review.doctor import configuration, data, machine, network, printing
from eip2review.doctor.findings import Finding, Verdict, examine, fine
from eip2review.management.commands.build_fonts import CUTS
from ratings.choices import PrintState
from ratings.journal.printing import SILENT
from ratings.models import Print
from ratings.typesetting import WIDTHS
from tests.certificates import issue
from tests.eip2review.conftest import Enter
from tests.servers import Process, free_port
from workshops.choices import Deed
from workshops.models import Workshop
from workshops.trail import record_act

FINE, LOOK, BROKEN = Verdict.FINE, Verdict.LOOK, Verdict.BROKEN


def said(finding: Finding, verdict: Verdict, words: str) -> None:
    """Check a finding: its verdict, some of its words, and that it says what to do unless all is well."""
    assert (finding.verdict, words in f"{finding.found} {finding.do}") == (verdict, True), finding
    assert bool(finding.do) == (verdict is not FINE)


@pytest.fixture
def here(enter: Enter) -> Path:
    return enter("here")


def test_examination_goes_on_after_a_check_that_stumbles_and_does_not_say_with_what_words() -> None:
    def stumble() -> Finding:
        raise ValueError("somebody's words")

    first, second = examine([("one", stumble), ("two", lambda: fine("Well."))])
    assert (first.about, first.verdict, second.about, second.verdict) == ("one", BROKEN, "two", FINE)
    assert "ValueError" in first.found
    assert "words" not in first.found


def test_versions(settings: Settings, tmp_path: Path) -> None:
    said(machine.versions(), FINE, "as locked")
    lock = (settings.BASE_DIR / "uv.lock").read_text()
    settings.BASE_DIR = tmp_path
    (tmp_path / "uv.lock").write_text(lock.replace('name = "segno"\nversion = "', 'name = "segno"\nversion = "99.'))
    said(machine.versions(), LOOK, "segno")


def test_room(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "ROOM_WANTED", 1)
    monkeypatch.setattr(machine, "ROOM_NEEDED", 1)
    said(machine.room(), FINE, "room")
    monkeypatch.setattr(machine, "ROOM_WANTED", 10**18)
    said(machine.room(), LOOK, "MB free")
    monkeypatch.setattr(machine, "ROOM_NEEDED", 10**18)
    said(machine.room(), BROKEN, "MB free")


def test_folder(here: Path) -> None:
    said(machine.folder(), FINE, "can be written to")
    here.chmod(0o500)
    heeds_rights = ("setpriv", "--bounding-set=-dac_override", "--inh-caps=-dac_override")  # which root does not
    env = {"VAR_DIR": str(here), "BUILT_DIR": str(settings.BUILT_DIR)}
    env["DATABASE_URL"] = f"sqlite:///{here}/midpoint.sqlite3"
    ran = doctor(env, "--json", under=() if os.geteuid() else heeds_rights)
    found = {each["about"]: each for each in json.loads(ran.stdout)}
    assert (found["folder"]["verdict"], ran.returncode) == (BROKEN, 1)
    assert f"{here} cannot be written to" in found["folder"]["found"]


def test_clock(here: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    assert 0 <= machine.clock_state() <= machine.UNSYNCHRONISED
    for state, verdict, words in (
        (0, FINE, "kept right"),
        (5, LOOK, "nothing keeps the clock right"),
    ):
        monkeypatch.setattr(machine, "clock_state", lambda state=state: state)
        said(machine.clock(), verdict, words)
    Workshop.objects.update(created_at=timezone.now() + datetime.timedelta(hours=1))
    said(machine.clock(), BROKEN, "was written on")


def test_secret_key(here: Path, settings: Settings) -> None:
    (here / "secret-key").chmod(0o644)
    settings.SECRET_KEY = "abcdefghij" * 5
    said(configuration.secret_key(), BROKEN, "chmod 600")
    (here / "secret-key").chmod(0o600)
    said(configuration.secret_key(), FINE, "private")
    settings.SECRET_KEY = "a" * 50
    said(configuration.secret_key(), BROKEN, "could be guessed")


def test_django_checks(settings: Settings) -> None:
    said(configuration.django_checks(), FINE, "nothing to say")
    settings.SECURE_COOKIES = True  # and nothing else of what goes with it
    said(configuration.django_checks(), LOOK, "manage.py check --deploy")


GOOD = {
    "PUBLIC_URL": "https://midpoint.example.org",
    "ALLOWED_HOSTS": ["midpoint.example.org"],
    "CSRF_TRUSTED_ORIGINS": ["https://midpoint.example.org"],
    "SECURE_COOKIES": True,
    "TRUSTED_PROXIES": 1,
    "DEBUG": False,
}


@pytest.mark.parametrize(
    ("change", "verdict", "words"),
    [
        ({}, FINE, "go together"),
        ({"PUBLIC_URL": "", "SECURE_COOKIES": False}, FINE, "go together"),
        ({"PUBLIC_URL": ""}, LOOK, "Set PUBLIC_URL"),
        ({"ALLOWED_HOSTS": ["elsewhere.example.org"]}, BROKEN, "Name that host"),
        ({"ALLOWED_HOSTS": ["*"]}, LOOK, "Any host name"),
        ({"SECURE_COOKIES": False}, BROKEN, "SECURE_COOKIES=true"),
        ({"PUBLIC_URL": "http://midpoint.example.org"}, BROKEN, "SECURE_COOKIES is true"),
        ({"CSRF_TRUSTED_ORIGINS": []}, BROKEN, "Set CSRF_TRUSTED_ORIGINS=https://midpoint.example.org"),
        ({"TRUSTED_PROXIES": 0}, BROKEN, "TRUSTED_PROXIES=1"),
        ({"TRUSTED_PROXIES": 0, "CSRF_TRUSTED_ORIGINS": [], "TLS_CERTIFICATE": "own.pem"}, FINE, "go together"),
        ({"DEBUG": True}, BROKEN, "DEBUG"),
    ],
)
def test_addresses(settings: Settings, change: dict[str, object], verdict: Verdict, words: str) -> None:
    for name, value in (GOOD | change).items():
        setattr(settings, name, value)
    said(configuration.addresses(), verdict, words)


def test_certificate(settings: Settings, tmp_path: Path) -> None:
    said(configuration.certificate(), FINE, "no certificate of its own")
    settings.PUBLIC_URL = "https://midpoint.example.org"
    good, late = issue(tmp_path, "midpoint.example.org"), issue(tmp_path, "midpoint.example.org", days=(-9, -2))
    settings.TLS_CERTIFICATE, settings.TLS_KEY = str(good.file), str(good.key)
    said(configuration.certificate(), FINE, "is good")
    settings.TLS_CERTIFICATE, settings.TLS_KEY = str(late.file), str(late.key)
    said(configuration.certificate(), BROKEN, "Renew it")


def test_fonts(monkeypatch: pytest.MonkeyPatch) -> None:
    said(printing.fonts(), FINE, "complete")
    monkeypatch.setattr(printing, "CUTS", [replace(CUTS[0], text="aЖ")])
    said(printing.fonts(), BROKEN, "lacks Ж")


def test_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    said(printing.letters(), FINE, "Bengali")
    monkeypatch.setattr(printing, "LETTERS", "a \U00016a40")
    said(printing.letters(), BROKEN, "\U00016a40")


def test_press(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program = tmp_path / "python"
    program.write_text(f'#!/bin/sh\nPYTHONPATH={tmp_path}:$PYTHONPATH exec {sys.executable} "$@"\n')
    program.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(program))
    said(printing.press(), FINE, "printed as PDF")
    (tmp_path / "cffi.py").write_text("raise OSError('cannot load library')")  # through which Pango is found
    said(printing.press(), BROKEN, "could not be printed")


def test_database(here: Path) -> None:
    said(data.database(), FINE, "SQLite answers")
    connection.close()
    connection.settings_dict["NAME"] = str(here)
    said(data.database(), BROKEN, "does not answer")


def test_migrations(enter: Enter) -> None:
    enter("before")
    said(data.migrations(), BROKEN, "not applied")
    enter("here")
    said(data.migrations(), FINE, "of this version")
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('workshops', '9999_x', 0)")
    said(data.migrations(), BROKEN, "9999_x")


@pytest.mark.parametrize(
    ("pragma", "other"), [("journal_mode", "DELETE"), ("synchronous", "NORMAL"), ("secure_delete", "OFF")]
)
def test_durability(here: Path, pragma: str, other: str) -> None:
    said(data.durability(), FINE, "writes through")
    connection.close()
    connection.settings_dict["OPTIONS"]["init_command"] += f"PRAGMA {pragma}={other};"
    said(data.durability(), BROKEN, pragma)


def test_integrity(here: Path) -> None:
    said(data.integrity(), FINE, "whole")
    connection.close()
    path = here / "midpoint.sqlite3"
    content = bytearray(path.read_bytes())
    size = int.from_bytes(content[16:18], "big")
    content[-size:] = b"\xff" * size
    path.write_bytes(content)
    said(data.integrity(), BROKEN, "damaged")


def test_guards(here: Path) -> None:
    said(data.guards(), FINE, "refuses changes")
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER trail_is_not_changed")
    said(data.guards(), BROKEN, "would let")


def test_trails(here: Path, settings: Settings) -> None:
    record_act(workshop=Workshop.objects.first(), user=None, act=Deed.DETAILS)
    said(data.trails(), FINE, "holds")
    settings.SECRET_KEY = "another process's" * 3
    said(data.trails(), BROKEN, "SECRET_KEY")


def test_due(here: Path) -> None:
    Workshop.objects.update(closed_at=None)
    said(data.due(), FINE, "Nothing is overdue")
    joined = Workshop.objects.filter(participants__isnull=False)
    joined.update(closed_at=timezone.now() - datetime.timedelta(minutes=settings.SEAL_AFTER + 4))
    said(data.due(), FINE, "Nothing is overdue")  # the server may be about to
    joined.update(closed_at=timezone.now() - datetime.timedelta(minutes=settings.SEAL_AFTER + 6))
    said(data.due(), LOOK, "seal_due")
    Workshop.objects.update(erase_on=timezone.localdate())
    said(data.due(), LOOK, "erase_due")


def test_print_that_nobody_is_at_any_more(here: Path) -> None:
    Print.objects.create(workshop=Workshop.objects.earliest("pk"), state=PrintState.PRINTING, heard_at=timezone.now())
    said(data.due(), FINE, "Nothing is overdue")
    for ago in (SILENT, -SILENT):  # or the clock was put back
        Print.objects.update(heard_at=timezone.now() - ago * 1.01)
        said(data.due(), LOOK, "print_due")


def test_kept_aside(here: Path) -> None:
    said(data.kept_aside(), FINE, "No database")
    (here / "midpoint-before-20260514-090000-000001.sqlite3").touch()
    said(data.kept_aside(), LOOK, "midpoint-before-20260514")


def test_cut_off(here: Path) -> None:
    said(data.cut_off(), FINE, "No restore")
    (here / "midpoint.sqlite3.restoring").touch()
    said(data.cut_off(), LOOK, "midpoint.sqlite3.restoring")


def test_bus(settings: Settings, redis_url: str) -> None:
    settings.REDIS_URL = ""
    said(data.bus(), FINE, "No Redis")
    settings.REDIS_URL = redis_url
    said(data.bus(), FINE, "Redis answers")
    settings.REDIS_URL = f"redis://127.0.0.1:{free_port()}/0"
    said(data.bus(), BROKEN, "does not answer")


def test_port(settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    settings.PORT = port = free_port()
    said(network.port(), FINE, "is free")
    command = [sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1", "--directory", str(tmp_path)]
    with Process(command, port=port):
        said(network.port(), BROKEN, "Something else")
        settings.PORT = 0
        monkeypatch.setattr(network, "USUAL_PORT", port)
        said(network.port(), LOOK, "make run takes the next")


def test_firewall(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    kept = tmp_path / "ufw.conf"
    monkeypatch.setattr(network, "FIREWALLS", {"ufw": (kept, *network.FIREWALLS["ufw"][1:])})
    said(network.firewall(), FINE, "No firewall")
    kept.write_text("ENABLED=no\n")
    said(network.firewall(), FINE, "No firewall")
    kept.write_text("ENABLED=yes\n")
    said(network.firewall(), LOOK, "ufw allow 8000/tcp")


def doctor(env: dict[str, str], *words: str, under: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
    """Run the command in a process, under another command if one is given."""
    command = [*under, sys.executable, "manage.py", "doctor", *words]
    return subprocess.run(
        command, cwd=settings.BASE_DIR, env={**os.environ, **env}, capture_output=True, text=True, check=False
    )


def test_doctor_finds_nothing_broken_in_an_installation_that_was_set_up(seed: Path, tmp_path: Path) -> None:
    shutil.copytree(seed, tmp_path / "var", ignore=shutil.ignore_patterns("fonts"))
    for built in ("fonts", "fonts-made-from", WIDTHS, "static"):  # what `make test` has prepared
        (tmp_path / "var" / built).symlink_to(settings.VAR_DIR / built)
    plain = {"SECRET_KEY": "", "REDIS_URL": "", "PUBLIC_URL": "", "PORT": str(free_port())}
    url = f"sqlite:///{tmp_path}/var/midpoint.sqlite3"
    ran = doctor({"VAR_DIR": str(tmp_path / "var"), "DATABASE_URL": url, **plain})
    assert (ran.returncode, ran.stderr) == (0, ""), ran.stdout
    findings = [line for line in ran.stdout.splitlines() if not line.startswith("        → ")]
    assert len(findings) == 26
    assert {line[:8] for line in findings} <= {"fine    ", "look at "}
    assert "fine    press: A page was printed as PDF, and reads as it should." in findings


def test_doctor_finds_all_that_is_broken_at_once_and_exits_with_an_error(tmp_path: Path) -> None:
    apart = ("unshare", "--net")  # a machine without a network
    can = subprocess.run([*apart, "true"], capture_output=True, check=False).returncode == 0
    faults = {
        "VAR_DIR": str(tmp_path),
        "DATABASE_URL": "postgres://nobody@127.0.0.1:9/nothing",
        "REDIS_URL": "redis://127.0.0.1:9/0",
        "SECRET_KEY": "short",
        "PUBLIC_URL": "https://midpoint.example.org",
        "DEBUG": "false",
    }
    ran = doctor(faults, "--json", under=(*(apart if can else ()), "prlimit", "--nofile=512:512"))
    found = {each["about"]: each for each in json.loads(ran.stdout)}
    broken = {name for name, each in found.items() if each["verdict"] == BROKEN}
    assert {"open files", "secret key", "addresses", "fonts", "static files", "database", "bus"} <= broken
    assert (ran.returncode, f"{len(broken)} of {len(found)} are broken" in ran.stderr) == (1, True)
    assert "Traceback" not in ran.stderr
    assert (found["networks"]["verdict"] == LOOK) == can
    assert all(each["do"] for each in found.values() if each["verdict"] != FINE)


def test_doctor_takes_an_address_only() -> None:
    with pytest.raises(CommandError, match="is no address"):
        call_command("doctor", url="midpoint.example.org")
