"""The workshop that is measured: with a facilitator signed in, participants joined, and answers given.

`python -m tests.load.scene --people 500 --answers 500` makes one in the database of the environment and prints it.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from tests.load.clients import request
from tests.servers import ROOT

if TYPE_CHECKING:
    from workshops.models import Scale

SECRET = "a" * 32  # the CSRF cookie and the form's token, the same for everybody


@dataclass(frozen=True)
class Scene:
    """All that the clients need to know of the workshop; they send requests, nothing else.

    Of its two scales the last is open; `streams` are the addresses of the live channel by kind of screen.
    """

    code: str
    session: str
    stages: list[int]
    scales: list[int]
    tokens: list[list[str]]
    streams: dict[str, str]
    fragment_size: int

    def open_stage(self, turn: int) -> bytes:
        """Return the facilitator's request that opens the one stage of two or the other."""
        return self._press(f"stages/{self.stages[turn % 2]}/open")

    def reveal(self) -> bytes:
        """Return the facilitator's request that shows the answers of the open stage to the room."""
        return self._press(f"stages/{self.stages[1]}/reveal")

    def cover(self) -> bytes:
        """Return the facilitator's request that takes them down again."""
        return self._press(f"stages/{self.stages[1]}/cover")

    def look(self, path: str) -> bytes:
        """Return the facilitator's request for a page or a part of one, such as `/desk/{code}/`."""
        headers = {**self._signed_in, "Accept-Encoding": "gzip"}
        return request("GET", path.format(code=self.code), headers=headers)

    def look_in(self, participant: int, turn: int) -> bytes:
        """Return a stranger's request for the phone page, answered with a redirect: the least that Django ever does."""
        return request("GET", f"/w/{self.code}/?{participant}.{turn}")

    def save_score(self, participant: int, turn: int, stage: int = 1) -> bytes:
        """Return a participant's request that saves a score, every third time with a comment."""
        name, token = self.tokens[participant % len(self.tokens)]
        headers = {"Cookie": f"{name}={token}; csrftoken={SECRET}", "HX-Request": "true"}
        text = "We have begun and it shows" if turn % 3 == 0 else ""
        form = {"csrfmiddlewaretoken": SECRET, "value": turn % 11, "mark": "", "text": text}
        path = f"/w/{self.code}/scales/{self.scales[stage % 2]}/score/"
        return request("POST", path, headers=headers, form=form)

    @property
    def _signed_in(self) -> dict[str, str]:
        return {"Cookie": f"sessionid={self.session}; csrftoken={SECRET}", "HX-Request": "true"}

    def _press(self, button: str) -> bytes:
        form = {"csrfmiddlewaretoken": SECRET}
        return request("POST", f"/desk/{self.code}/{button}/", headers=self._signed_in, form=form)


def prepare(directory: Path) -> dict[str, str]:
    """Make `directory` an installation of its own, and this process part of it; return the environment of servers."""
    for made in ("fonts", "fonts-made-from", "letter-widths.json", "static"):  # which takes a while: once is enough
        if (ROOT / "var" / made).exists():
            (directory / made).symlink_to(ROOT / "var" / made)
    env = {"VAR_DIR": str(directory), "DATABASE_URL": f"sqlite:///{directory}/midpoint.sqlite3", "REDIS_URL": ""}
    env |= {"SECRET_KEY": "only-for-tests", "DJANGO_SETTINGS_MODULE": "eip2review.settings"}
    os.environ |= env
    subprocess.run([sys.executable, "manage.py", "prepare"], cwd=ROOT, stdout=subprocess.DEVNULL, check=True)
    import django

    django.setup()
    return env


def set_scene(env: Mapping[str, str], *, people: int, answers: int = 0) -> Scene:
    """Return a new workshop in the database of `env`; so many of its people have answered the open question."""
    command = [sys.executable, "-m", "tests.load.scene", "--people", str(people), "--answers", str(answers)]
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, **env}, stdout=subprocess.PIPE, check=True)
    return Scene(**json.loads(done.stdout))


def _make(people: int, answers: int) -> Scene:
    from django.conf import settings
    from django.contrib.auth.models import User
    from django.db import transaction
    from django.test import Client
    from django.utils.module_loading import import_string

    from eip2review.examples import load_default_review
    from workshops.choices import StageKind
    from workshops.joining import cookie_name, join_workshop, new_ticket
    from workshops.live import stream_url
    from workshops.live.keys import SCREENS
    from workshops.planning import plan_workshop
    from workshops.sessions import open_stage

    facilitator, _ = User.objects.get_or_create(username="facilitator")
    edition = load_default_review()
    workshop = plan_workshop(edition=edition, organisation="Load", date=date(2030, 1, 1), facilitator=facilitator)
    first, second = workshop.stages.filter(kind=StageKind.SCALE).select_related("scale").order_by("position")[:2]
    open_stage(stage=second, user=facilitator)
    fragment = import_string(settings.PHONE_FRAGMENT)(workshop)
    open_stage(stage=first, user=facilitator)
    with transaction.atomic():
        tokens = [join_workshop(workshop=workshop, ticket=new_ticket()) for _ in range(people)]
        _answer(first.scale, workshop.code, tokens[:answers])
    client = Client()
    client.force_login(facilitator)
    return Scene(
        code=workshop.code,
        session=client.cookies["sessionid"].value,
        stages=[second.pk, first.pk],
        scales=[second.scale_id or 0, first.scale_id or 0],
        tokens=[[cookie_name(workshop.code), token] for token in tokens],
        streams={screen: stream_url(workshop, screen) for screen in SCREENS},
        fragment_size=len(fragment.html.encode()),
    )


def _answer(scale: Scale | None, code: str, tokens: Sequence[str]) -> None:
    """Save a score for each of these phones; all numbers come, some "can't say" among them."""
    from ratings.scoring import record_score
    from workshops.joining import hash_token
    from workshops.models import Participant

    assert scale is not None
    for number, token in enumerate(tokens):
        participant = Participant.objects.select_related("workshop").get(token_hash=hash_token(code, token))
        participant.token = token
        record_score(participant=participant, scale=scale, value=None if number % 12 == 11 else number % 12 % 11)


if __name__ == "__main__":
    import django

    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int, required=True)
    parser.add_argument("--answers", type=int, default=0)
    options = parser.parse_args()
    django.setup()
    sys.stdout.write(json.dumps(asdict(_make(options.people, options.answers))))
