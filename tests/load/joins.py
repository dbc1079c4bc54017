"""Phones that join: `saves.over_http(ports, joins.by_code(code), 302, clients, seconds)` says how many a second."""

import secrets

from tests.load.clients import request
from tests.load.saves import Question
from tests.load.scene import SECRET


def by_code(code: str) -> Question:
    """Return the requests of phones that join by typing the code; each is another phone, answered with a redirect."""

    def ask(client: int, turn: int) -> bytes:
        form = {"csrfmiddlewaretoken": SECRET, "code": code, "ticket": secrets.token_urlsafe(24)}
        return request("POST", "/join/", headers={"Cookie": f"csrftoken={SECRET}"}, form=form)

    return ask
