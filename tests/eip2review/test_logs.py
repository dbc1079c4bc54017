"""The log says what went wrong and where, and nothing that somebody wrote, gave or was let in with."""

from __future__ import annotations

import json
import logging

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from eip2review.logs import CarefulFormatter, JsonFormatter
from ratings.models import Comment
from tests import factories
from tests.routes import ROUTES
from workshops.choices import Role
from workshops.erasing import erase_workshop
from workshops.invitations import invite
from workshops.joining import join_path

WORDS = "Our team lead never listens"


def written(records: list[logging.LogRecord]) -> str:
    """Return what the console would say, through the formatter that the settings name."""
    (formatter,) = {each.formatter for each in logging.root.handlers if isinstance(each.formatter, CarefulFormatter)}
    return "\n".join(formatter.format(record) for record in records)


@pytest.mark.parametrize("formatter", [CarefulFormatter(), JsonFormatter()])
@pytest.mark.parametrize(("host", "digits", "status"), [("elsewhere.example", 6, 400), ("testserver", 300_000, 413)])
def test_refused_request_is_one_line_and_no_fault(
    formatter: logging.Formatter,
    host: str,
    digits: int,
    status: int,
    caplog: pytest.LogCaptureFixture,
    settings: Settings,
    db: None,
) -> None:
    settings.ALLOWED_HOSTS = ["testserver"]
    assert Client(SERVER_NAME=host).post("/join/", {"code": "1" * digits}).status_code == status
    (record,) = [each for each in caplog.records if each.name.startswith("django.security.")]
    assert record.exc_info
    said = formatter.format(record)
    assert ("\n" in said, "Traceback" in said, "exception.py" in said) == (False, False, False)


@pytest.mark.django_db
def test_refused_row_is_not_written_out(caplog: pytest.LogCaptureFixture) -> None:
    """PostgreSQL says the whole row that it refused."""
    of = factories.workshop()
    try:
        with transaction.atomic():
            Comment.objects.create(workshop=of, scale=factories.scale(of), text=WORDS, state="no such state")
    except IntegrityError:
        logging.getLogger("django.request").exception("Internal Server Error: %s", "/w/123456/scales/1/score/")
    said = written(caplog.records)
    assert "django.db.utils.IntegrityError" in said
    assert "in test_refused_row_is_not_written_out" in said
    assert "Internal Server Error: /w/…/scales/1/score/" in said
    assert not [word for word in WORDS.split() if word in said.replace(__file__, "")]


def test_exception_within_an_exception_says_its_kind_and_no_more(caplog: pytest.LogCaptureFixture) -> None:
    try:
        try:
            int(WORDS)
        except ValueError as error:
            raise KeyError(WORDS) from error
    except KeyError:
        logging.getLogger("ratings").exception("It failed")
    said = written(caplog.records)
    assert said.index("builtins.KeyError") < said.index("builtins.ValueError")
    assert WORDS not in said


@pytest.mark.django_db
def test_code_and_tokens_are_not_written_out(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    user = factories.facilitator()
    of = factories.workshop(by=user)
    token = invite(by=user, workshop=of, role=Role.OWNER)
    paths = [reverse("workshops:invitation", args=[token]), join_path(of), f"/join/{of.code}/"]
    strict = Client(enforce_csrf_checks=True)
    for path in paths:
        assert strict.post(path).status_code == 403
    erase_workshop(workshop=of, by="ann")
    for path in paths:
        assert Client().get(path).status_code == 404

    def broken(*args: object, **kwargs: object) -> None:
        raise RuntimeError(token)

    monkeypatch.setattr(ROUTES["workshops:invitation"], "callback", broken)
    assert Client(raise_request_exception=False).get(paths[0]).status_code == 500
    said = written(caplog.records)
    assert "Internal Server Error: /invitation/…/" in said
    assert "Forbidden" in said
    secrets = [token, of.code, join_path(of).strip("/").split("/")[-1]]
    assert [secret for secret in secrets if secret in said] == []


def test_json_is_as_careful(caplog: pytest.LogCaptureFixture) -> None:
    try:
        raise KeyError(WORDS)
    except KeyError:
        logging.getLogger("ratings").exception("%s failed", "/w/123456/")
    (line,) = [JsonFormatter().format(record) for record in caplog.records]
    said = json.loads(line)
    assert WORDS not in line
    assert said.pop("exception").endswith("builtins.KeyError")
    assert said == {"level": "ERROR", "logger": "ratings", "event": "%s failed", "message": "/w/…/ failed"}
