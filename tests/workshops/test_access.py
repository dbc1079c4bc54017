"""The doors: who is let in, and where the others are sent."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from tests import factories
from workshops.access import participant_required, requires
from workshops.models import Participant, Workshop
from workshops.permissions import Act

pytestmark = pytest.mark.django_db


def test_facilitator_is_let_in_with_the_workshop() -> None:
    user = factories.facilitator()
    of = factories.workshop(by=user)

    @requires(Act.LOOK)
    def view(request: HttpRequest, workshop: Workshop, stage_id: int) -> HttpResponse:
        return HttpResponse(f"{workshop.pk} {stage_id}")

    request = RequestFactory().get("/")
    request.user = user
    assert view(request, code=of.code, stage_id=7).content == f"{of.pk} 7".encode()  # type: ignore[attr-defined]


def test_participant_is_let_in_as_themselves() -> None:
    of = factories.workshop()
    phone = factories.phone(of)

    @participant_required
    def view(request: HttpRequest, participant: Participant) -> HttpResponse:
        return HttpResponse(f"{participant.pk}")

    request = RequestFactory().get("/")
    request.COOKIES.update({name: morsel.value for name, morsel in phone.cookies.items()})
    assert view(request, of.code).content == str(Participant.objects.get().pk).encode()  # type: ignore[attr-defined]


def test_stranger_at_the_desk_signs_in_and_comes_back() -> None:
    of = factories.workshop(by=factories.facilitator("ann"))
    desk = reverse("desk", args=[of.code])
    client = Client()
    sent = client.get(desk)
    assert sent.headers["Location"] == f"/desk/sign-in/?next={desk}"
    signed_in = client.post(sent.headers["Location"], {"login": "ann", "password": "open sesame 10", "next": desk})
    assert signed_in.headers["Location"] == desk
    assert client.get(desk).status_code == 200


def test_desk_of_others_looks_like_no_desk() -> None:
    of = factories.workshop(by=factories.facilitator())
    client = factories.desk(factories.facilitator())
    others, nobodys = client.get(reverse("desk", args=[of.code])), client.get(reverse("desk", args=["999999"]))
    assert (others.status_code, nobodys.status_code) == (404, 404)
    assert others.content == nobodys.content


def test_phone_that_has_not_joined_is_sent_to_join() -> None:
    of = factories.workshop()
    assert Client().get(reverse("phone", args=[of.code])).headers["Location"] == f"/join/{of.code}/"


def test_phone_that_lost_its_cookie_at_once_is_told_so() -> None:
    of = factories.workshop()
    sent = Client().get(reverse("phone", args=[of.code]) + "?joined=1")
    assert sent.headers["Location"] == f"/join/{of.code}/?lost=1"


def test_phone_at_a_code_that_nobody_has_learns_that_on_the_join_page_alone() -> None:
    @participant_required
    def view(request: HttpRequest, participant: Participant) -> HttpResponse:
        raise AssertionError("nobody may come in")

    assert view(RequestFactory().get("/"), "999999").headers["Location"] == "/join/999999/"


@pytest.mark.parametrize(
    ("name", "start"), [("ratings:open_card", "/join/{code}/"), ("ratings:tally", "/desk/sign-in/?next=/desk/{code}/")]
)
def test_htmx_takes_the_whole_page_elsewhere(name: str, start: str) -> None:
    of = factories.workshop()
    answer = Client().get(reverse(name, args=[of.code]), headers={"HX-Request": "true"})
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["HX-Redirect"].startswith(start.format(code=of.code))
