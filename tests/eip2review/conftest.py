"""Installations on SQLite of their own, which a test is inside of, one at a time."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import connections
from pytest_django import DjangoDbBlocker, Settings

from tests.raw import tell

Enter = Callable[[str], Path]

SEED = """
import shutil
from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection
from workshops.models import Review

def keep(name):
    (settings.VAR_DIR / name).mkdir()
    connection.close()
    shutil.copy(settings.VAR_DIR / "midpoint.sqlite3", settings.VAR_DIR / name)

call_command("migrate", "ratings", "0003", verbosity=0, skip_checks=True)
with connection.cursor() as cursor:
    cursor.execute("INSERT INTO workshops_review (title) VALUES ('Then')")
keep("before")
call_command("migrate", verbosity=0, skip_checks=True)
Review.objects.update(title="What every new installation has")
keep("new")
Review.objects.all().delete()
from eip2review.examples import load_example
from workshops.joining import join_workshop, new_ticket
from workshops.models import Workshop
from workshops.trail import record_act
from workshops.choices import Deed
user = User.objects.create_user("owner")
load_example(facilitator=user)
ready = Workshop.objects.get(closed_at=None)
join_workshop(workshop=ready, ticket=new_ticket())
record_act(workshop=ready, user=user, act=Deed.DETAILS, about="venue")
"""


@pytest.fixture(scope="session")
def seed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation with two workshops, one of which a phone has joined."""
    var = tmp_path_factory.mktemp("seed")
    tell(var, SEED)
    return var


@pytest.fixture
def enter(
    seed: Path,
    tmp_path: Path,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[Enter]:
    """What makes this process work in an installation by its name.

    "here" is a copy of the seed, "before" is of an earlier version, "new" was set up and never used; others are empty.
    """
    monkeypatch.delenv("SECRET_KEY", raising=False)
    tests = connections["default"]
    for name in ("before", "new"):
        shutil.copytree(seed / name, tmp_path / name)
    shutil.copytree(seed, tmp_path / "here", ignore=shutil.ignore_patterns("before", "new", "fonts"))

    def into(name: str) -> Path:
        var = tmp_path / name
        var.mkdir(exist_ok=True)
        key = var / "secret-key"
        if not key.exists():
            key.write_text(f"the secret key of {name}")
        if connections["default"] is not tests:
            connections["default"].close()
        mine = tests.copy()
        mine.settings_dict["NAME"] = str(var / "midpoint.sqlite3")
        connections["default"] = mine
        settings.VAR_DIR, settings.SECRET_KEY = var, key.read_text()
        return var

    with django_db_blocker.unblock():
        try:
            yield into
        finally:
            if connections["default"] is not tests:
                connections["default"].close()
            connections["default"] = tests
