"""A backup taken while phones answer holds every answer that was confirmed before it began, and the room goes on."""

from __future__ import annotations

import asyncio
import json
import os
import re
import sqlite3
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from psycopg import sql
from pytest_django import Settings

from eip2review.keeping.failures import InUse
from eip2review.keeping.in_use import nobody_serving
from tests.load.clients import dial, request
from tests.load.scene import SECRET
from tests.servers import app_server

PHONES = 4
SCENE = """
import datetime, json
from django.contrib.auth.models import User
from django.core.management import call_command
call_command("migrate", verbosity=0, skip_checks=True)
from eip2review.examples import load_default_review
from workshops.choices import StageKind
from workshops.joining import cookie_name, join_workshop, new_ticket
from workshops.planning import plan_workshop
from workshops.sessions import open_stage
user = User.objects.create_user("owner")
of = plan_workshop(
    edition=load_default_review(), organisation="Carreg", date=datetime.date(2030, 1, 1), facilitator=user
)
tokens = [join_workshop(workshop=of, ticket=new_ticket()) for _ in range(4)]
stage = of.stages.filter(kind=StageKind.SCALE)[0]
open_stage(stage=stage, user=user)
print(json.dumps({"code": of.code, "cookie": cookie_name(of.code), "tokens": tokens, "scale": stage.scale_id}))
"""
TEXTS = "SELECT text FROM ratings_comment ORDER BY text"


class Installation:
    """An installation with a room in it, in processes of its own."""

    def __init__(self, var: Path, database_url: str = "") -> None:
        var.mkdir(exist_ok=True)
        self.env = {"VAR_DIR": str(var), "SECRET_KEY": "", "REDIS_URL": ""}
        self.env["DATABASE_URL"] = database_url or f"sqlite:///{var}/midpoint.sqlite3"
        self.server = app_server(var_dir=var, **self.env)

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a command of it to its end."""
        command = [sys.executable, "manage.py", *words]
        env = {**os.environ, **self.env}
        return subprocess.run(command, cwd=settings.BASE_DIR, env=env, capture_output=True, text=True, check=False)

    def set_scene(self) -> Any:
        """Open the first scale of a workshop that four phones have joined; return what they need to know of it."""
        ran = self.command("shell", "-v", "0", "-c", SCENE)
        assert ran.returncode == 0, ran.stderr
        return json.loads(ran.stdout)

    def turns(self) -> list[int]:
        """Return the turn that each phone's one comment says."""
        if self.env["DATABASE_URL"].startswith("sqlite"):
            with closing(sqlite3.connect(self.env["DATABASE_URL"].removeprefix("sqlite:///"))) as opened:
                texts = [text for (text,) in opened.execute(TEXTS)]
        else:
            with closing(psycopg.connect(self.env["DATABASE_URL"])) as connected:
                texts = [text for (text,) in connected.execute(TEXTS)]
        found = [re.fullmatch(r"phone (\d) in turn (\d+)", text) for text in texts]
        assert [match[1] for match in found if match] == [str(phone) for phone in range(PHONES)]
        return [int(match[2]) for match in found if match]


def save(scene: Mapping[str, Any], phone: int, turn: int) -> bytes:
    """Return the request by which a phone says in which turn it is."""
    headers = {"Cookie": f"{scene['cookie']}={scene['tokens'][phone]}; csrftoken={SECRET}", "HX-Request": "true"}
    form = {"csrfmiddlewaretoken": SECRET, "value": turn % 11, "mark": "", "text": f"phone {phone} in turn {turn:06}"}
    return request("POST", f"/w/{scene['code']}/scales/{scene['scale']}/score/", headers=headers, form=form)


async def answer_while(
    port: int, scene: Mapping[str, Any], *command: str, env: Mapping[str, str]
) -> tuple[list[int], list[int], int]:
    """Let phones save as fast as they can, and meanwhile run a command; return each phone's last turn that was
    confirmed before it began, the last at the end, and how the command ended.
    """
    last = [0] * PHONES
    over = asyncio.Event()

    async def answer(phone: int) -> None:
        client = await dial(port)
        while not over.is_set():
            assert await client.ask(save(scene, phone, last[phone] + 1)) == 200
            last[phone] += 1
            await asyncio.sleep(0.05)  # the machine has a backup to make meanwhile
        client.transport.close()

    phones = [asyncio.create_task(answer(phone)) for phone in range(PHONES)]
    deadline = time.monotonic() + 60
    while min(last) < 5 and time.monotonic() < deadline:
        await asyncio.sleep(0.02)
    before = list(last)
    process = await asyncio.create_subprocess_exec(*command, cwd=settings.BASE_DIR, env={**os.environ, **env})
    ended = await asyncio.wait_for(process.wait(), 120)
    enough = [turn + 3 for turn in last]  # the room goes on
    while any(now < then for now, then in zip(last, enough, strict=True)) and time.monotonic() < deadline + 120:
        await asyncio.sleep(0.02)
    over.set()
    await asyncio.gather(*phones)
    return before, last, ended


def backed_up(here: Installation, file: Path) -> tuple[Mapping[str, Any], list[int], list[int]]:
    """Back up while phones answer; return the room, and each phone's turn before the backup and at the end."""
    scene = here.set_scene()
    with here.server:
        command = (sys.executable, "manage.py", "backup", str(file))
        before, last, ended = asyncio.run(answer_while(here.server.port, scene, *command, env=here.env))
        assert ended == 0
        with pytest.raises(InUse, match="The server is running"), nobody_serving():
            pass
    assert here.turns() == last
    return scene, before, last


@pytest.fixture
def here(tmp_path: Path, settings: Settings) -> Path:
    """The folder of an installation."""
    settings.VAR_DIR = tmp_path / "here"
    return tmp_path / "here"


def test_backup_of_a_session_holds_what_was_confirmed_and_the_room_goes_on_from_it(here: Path, tmp_path: Path) -> None:
    scene, before, last = backed_up(Installation(here), tmp_path / "session.backup")
    there = Installation(tmp_path / "there")
    restored = there.command("restore", str(tmp_path / "session.backup"))
    assert restored.returncode == 0, restored.stderr
    found = there.turns()
    assert all(then <= now <= end for then, now, end in zip(before, found, last, strict=True)), (before, found, last)
    with there.server:
        asyncio.run(_go_on(there.server.port, scene, found))
    assert there.turns() == [turn + 1 for turn in found]


def test_backup_of_a_session_on_postgresql_takes_the_place_of_what_came_since(
    here: Path, tmp_path: Path, postgres_url: str
) -> None:
    url = postgres_url.rpartition("/")[0] + "/kept"
    with closing(psycopg.connect(postgres_url, autocommit=True)) as opened:
        opened.execute("CREATE DATABASE kept")
    installation = Installation(here, url)
    scene, before, last = backed_up(installation, tmp_path / "session.backup")
    with closing(psycopg.connect(url, autocommit=True)) as other:
        assert other.execute("SELECT current_schema()").fetchone() == ("public",)
        refused = installation.command("restore", str(tmp_path / "session.backup"), "--replace")
        assert "Others are connected to the database" in refused.stderr
    assert installation.turns() == last
    restored = installation.command("restore", str(tmp_path / "session.backup"), "--replace")
    assert restored.returncode == 0, restored.stderr
    found = installation.turns()
    assert all(then <= now <= end for then, now, end in zip(before, found, last, strict=True)), (before, found, last)
    assert found != last
    with closing(psycopg.connect(url, autocommit=True)) as opened:
        kept = [name for (name,) in opened.execute("SELECT nspname FROM pg_namespace WHERE nspname !~ '^(pg|inf)'")]
        (aside,) = set(kept) - {"public"}
        assert f"DROP SCHEMA {aside} CASCADE" in restored.stdout
        assert opened.execute(
            sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(aside, "ratings_comment"))
        ).fetchone() == (PHONES,)
    assert "hold, the last is" in installation.command("check_trail", scene["code"]).stdout


async def _go_on(port: int, scene: Mapping[str, Any], found: list[int]) -> None:
    """Let each phone answer once more with the token that it had."""
    for phone, turn in enumerate(found):
        client = await dial(port)
        assert await client.ask(save(scene, phone, turn + 1)) == 200
        client.transport.close()
