"""The workshop that is measured: in a database of its own, with a facilitator signed in and participants joined."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tests.load.clients import request
from tests.servers import ROOT

SECRET = "a" * 32  # the CSRF cookie and the form's token, the same for everybody


@dataclass(frozen=True)
class Scene:
    """All that the clients need to know of the workshop; they send requests, nothing else."""

    code: str
    session: str
    stages: tuple[int, int]
    scale: int
    tokens: list[tuple[str, str]]
    phone_stream: str
    fragment_size: int

    def open_stage(self, turn: int) -> bytes:
        """Return the facilitator's request that opens the one stage of two or the other."""
        headers = {"Cookie": f"sessionid={self.session}; csrftoken={SECRET}", "HX-Request": "true"}
        path = f"/desk/{self.code}/stages/{self.stages[turn % 2]}/open/"
        return request("POST", path, headers=headers, form={"csrfmiddlewaretoken": SECRET})

    def look_in(self, participant: int, turn: int) -> bytes:
        """Return a stranger's request for the phone page, answered with a redirect: the least that Django ever does."""
        return request("GET", f"/w/{self.code}/?{participant}.{turn}")

    def save_score(self, participant: int, turn: int) -> bytes:
        """Return a participant's request that saves a score, every third time with a comment."""
        name, token = self.tokens[participant % len(self.tokens)]
        headers = {"Cookie": f"{name}={token}; csrftoken={SECRET}", "HX-Request": "true"}
        text = "We have begun and it shows" if turn % 3 == 0 else ""
        form = {"csrfmiddlewaretoken": SECRET, "value": turn % 11, "mark": "", "text": text}
        return request("POST", f"/w/{self.code}/scales/{self.scale}/score/", headers=headers, form=form)


def prepare(directory: Path) -> dict[str, str]:
    """Point this process at a new, migrated database in `directory`; return the environment that servers need."""
    static = ROOT / "var" / "static"
    if static.exists():  # collected and compressed already: once is enough
        (directory / "static").symlink_to(static)
    env = {"VAR_DIR": str(directory), "DATABASE_URL": f"sqlite:///{directory}/midpoint.sqlite3", "REDIS_URL": ""}
    os.environ |= {**env, "SECRET_KEY": "only-for-tests", "DJANGO_SETTINGS_MODULE": "eip2review.settings"}
    import django

    django.setup()
    from django.core.management import call_command

    call_command("prepare" if not static.exists() else "migrate", verbosity=0)
    return env


def set_scene(participants: int) -> Scene:
    """Make the workshop and open its first scale."""
    from django.conf import settings
    from django.contrib.auth.models import User
    from django.test import Client
    from django.utils.module_loading import import_string

    from eip2review.examples import load_default_review
    from workshops.choices import StageKind
    from workshops.joining import cookie_name, join_workshop, new_ticket
    from workshops.live import stream_url
    from workshops.planning import plan_workshop
    from workshops.sessions import open_stage

    facilitator = User.objects.create_user("facilitator")
    edition = load_default_review()
    workshop = plan_workshop(edition=edition, organisation="Load", date=date(2030, 1, 1), facilitator=facilitator)
    scales = workshop.stages.filter(kind=StageKind.SCALE)
    first, second = scales[0], scales[1]
    tokens = [join_workshop(workshop=workshop, ticket=new_ticket()) for _ in range(participants)]
    open_stage(stage=second, user=facilitator)
    fragment = import_string(settings.PHONE_FRAGMENT)(workshop)
    open_stage(stage=first, user=facilitator)
    client = Client()
    client.force_login(facilitator)
    return Scene(
        code=workshop.code,
        session=client.cookies["sessionid"].value,
        stages=(second.pk, first.pk),
        scale=first.scale_id or 0,
        tokens=[(cookie_name(workshop.code), token) for token in tokens],
        phone_stream=stream_url(workshop, "phone"),
        fragment_size=len(fragment.html.encode()),
    )
