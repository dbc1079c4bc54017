"""The real application with a back door for the tests of the live channel: `python -m tests.workshops.live_app`.

`/test/…` changes a workshop inside the server's process, as a view would, and tells who is connected. Lost notices stay
lost unless LIVE_RESYNC says how many seconds apart the hub looks for them.
"""

import argparse
import asyncio
import json
import os
from collections.abc import Callable
from datetime import date
from functools import partial
from http import HTTPStatus
from threading import Event, Thread
from urllib.parse import parse_qs

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings_live"

from django.contrib.auth import get_user_model
from django.db import close_old_connections, connection, transaction

from eip2review import asgi, server
from workshops.choices import Role
from workshops.erasing import erase_workshop
from workshops.live import PhoneFragment, Topic, announce, hub, stream_url
from workshops.live.stream import Message, Receive, Send, answer
from workshops.models import Edition, Review, Workshop
from workshops.people import give_role, remove_person

hub.RESYNC = float(os.environ.get("LIVE_RESYNC", "3600"))
hub.FORGET = float(os.environ.get("LIVE_FORGET", "300"))
hub.KEEP_ALIVE = float(os.environ.get("LIVE_KEEP_ALIVE", "0.5"))


def phone_fragment(workshop: Workshop) -> PhoneFragment:
    """Show the venue, which the tests change; a lobby follows the tally; a broken venue cannot be rendered.

    A large one takes half a megabyte.
    """
    if workshop.venue == "broken":
        raise ValueError("a fragment that cannot be rendered")
    html = f"<p>{workshop.venue}\nGöteborg</p>"
    if workshop.venue == "lobby":
        html = f"<p>{workshop.participants.count()}</p>"
    if workshop.venue.startswith("large"):
        html += "<!-- -->" * 62_500
    return PhoneFragment(stage=workshop.venue, html=html, fresh=True, follows_tally=workshop.venue == "lobby")


def make(code: str, venue: str) -> dict[str, str]:
    """Make a workshop; return the addresses of its screens."""
    review = Review.objects.create(title="A review")
    edition = Edition.objects.create(review=review, title="A review", imperative_question="What next?")
    workshop = Workshop.objects.create(edition=edition, organisation="A", date=date(2030, 1, 1), code=code, venue=venue)
    return {screen: stream_url(workshop, screen) for screen in ("phone", "wall", "desk")}


def admit(code: str, name: str, role: str = "facilitator") -> dict[str, str]:
    """Give somebody a role in a workshop; return the addresses of their screens."""
    workshop, (user, _) = Workshop.objects.get(code=code), get_user_model().objects.get_or_create(username=name)
    give_role(workshop=workshop, user=user, role=Role(role))
    return {screen: stream_url(workshop, screen, user.pk) for screen in ("wall", "desk")}


def dismiss(code: str, name: str) -> None:
    """Take somebody's role away."""
    remove_person(workshop=Workshop.objects.get(code=code), user=get_user_model().objects.get(username=name))


def move(code: str, venue: str, outcome: str = "commit") -> int:
    """Change the venue, announce it, and commit, roll back, or commit without a word; return the revision."""
    with transaction.atomic():
        workshop = Workshop.objects.get(code=code)
        workshop.venue = venue
        workshop.save(update_fields=["venue"])
        announce(workshop, Topic.STAGE)
        transaction.set_rollback(outcome == "rollback")
        if outcome == "silent":
            connection.run_on_commit.clear()
    return workshop.revision


def tally(code: str, times: str = "1", joining: str = "0") -> None:
    """Announce a tally so many times, each in its own transaction, after so many have joined."""
    workshop = Workshop.objects.get(code=code)
    for number in range(int(joining)):
        workshop.participants.create(token_hash=f"{code} {workshop.participants.count()} {number}")
    for _ in range(int(times)):
        with transaction.atomic():
            announce(workshop, Topic.TALLY)


def hold(code: str) -> None:
    """Begin to change a workshop, and never end it."""
    begun = Event()

    def change() -> None:
        with transaction.atomic():
            Workshop.objects.select_for_update().get(code=code)
            begun.set()
            Event().wait()

    Thread(target=change, daemon=True).start()
    begun.wait()


def remove(code: str) -> None:
    """Delete a workshop, telling nobody."""
    erase_workshop(workshop=Workshop.objects.get(code=code), by="a test")


COMMANDS: dict[str, Callable[..., object]] = {
    "make": make,
    "admit": admit,
    "dismiss": dismiss,
    "move": move,
    "tally": tally,
    "hold": hold,
    "remove": remove,
}


def obey(command: str, **arguments: str) -> object:
    """Run a command, as a request begins: a connection that is dead is not used again."""
    close_old_connections()
    return COMMANDS[command](**arguments)


async def application(scope: Message, receive: Receive, send: Send) -> None:
    """Answer `/test/<command>?<arguments>` here, the rest as in production."""
    if not scope.get("path", "").startswith("/test/"):
        await asgi.application(scope, receive, send)
        return
    name = scope["path"].removeprefix("/test/")
    arguments = {key: values[0] for key, values in parse_qs(scope["query_string"].decode()).items()}
    result: object
    if name == "clients":
        room = hub.hub.rooms.get(arguments["code"])
        result = {"clients": room.clients if room else 0, "known": room is not None}
    else:
        result = await asyncio.get_running_loop().run_in_executor(None, partial(obey, name, **arguments))
    await answer(send, HTTPStatus.OK, [(b"content-type", b"application/json")], json.dumps(result).encode())


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int)
    server.run(port=parser.parse_args().port, application="tests.workshops.live_app:application")
