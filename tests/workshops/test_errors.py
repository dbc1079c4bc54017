"""Whatever is refused, by the product or by what it stands on, is refused with a page that says what to do."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseBadRequest, HttpResponseForbidden
from django.test import Client, RequestFactory

from tests import factories
from tests.fuzz.judge import faults
from workshops.views.errors import forbidden, worded_refusals

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("sent", "status", "sentence"),
    [
        ({"data": {"code": "x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)}}, 413, "That is more than fits"),
        ({"data": {f"field-{n}": "" for n in range(1001)}}, 413, "That is more than fits"),
        ({"data": {"code": "1"}, "headers": {"host": "<b>"}}, 400, "This could not be read"),
    ],
    ids=["too long", "too many fields", "no host"],
)
def test_what_django_refuses_has_a_page(
    client: Client, sent: dict[str, dict[str, str]], status: int, sentence: str
) -> None:
    body = urlencode(sent.pop("data"))
    answer = client.post("/join/", body, content_type="application/x-www-form-urlencoded", **sent)  # type: ignore[arg-type]
    assert answer.status_code == status
    assert sentence in answer.content.decode()
    assert list(faults(answer, method="POST")) == []


def test_too_many_files_have_a_page(client: Client) -> None:
    part = '--b\r\nContent-Disposition: form-data; name="a"; filename="a"\r\n\r\nx\r\n'
    answer = client.post("/join/", part * 101 + "--b--\r\n", content_type="multipart/form-data; boundary=b")
    assert answer.status_code == 413


@pytest.mark.parametrize("signed_in", [True, False])
def test_wrong_method_has_a_page_and_says_which_is_right(signed_in: bool) -> None:
    of = factories.workshop()
    browser = factories.desk(factories.facilitator()) if signed_in else Client()
    answer = browser.get(f"/join/{of.code}/leave/")
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "POST"
    assert "This address only takes what a button sends" in answer.content.decode()
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"


def test_bare_refusal_is_given_its_page_and_words_are_left_alone() -> None:
    request = RequestFactory().get("/")
    assert b"not for you" in worded_refusals(lambda _request: HttpResponseForbidden())(request).content  # type: ignore[attr-defined]
    said = worded_refusals(lambda _request: HttpResponseBadRequest("Too short"))(request)
    assert isinstance(said, HttpResponse)
    assert said.content == b"Too short"


def test_what_is_forbidden_has_a_page() -> None:
    answer = forbidden(RequestFactory().get("/"), PermissionDenied())
    assert answer.status_code == 403
    assert "This is not for you to do" in answer.content.decode()
