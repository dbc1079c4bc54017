"""Joining: codes as people type them, the ticket that joins once, the phone that comes back."""

import re
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from tests import factories
from workshops.choices import StageKind
from workshops.joining import (
    COOKIE_AGE,
    UnknownCode,
    WorkshopClosed,
    clean_code,
    cookie_name,
    find_open_workshop,
    find_participant,
    hash_token,
    join_workshop,
    new_ticket,
    remember_phone,
)
from workshops.models import Participant, Workshop

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("482913", "482913"),
        ("482 913", "482913"),
        ("482-913", "482913"),
        (" 482\N{NO-BREAK SPACE}913 ", "482913"),
        ("482–913.", "482913"),
        ("Code: 4 8 2 9 1 3", "482913"),
        ("", ""),
        ("abc", ""),
        ("٤٨٢٩١٣", ""),
        ("\x00482913", "482913"),
    ],
)
def test_code_is_read_as_people_type_it(typed: str, code: str) -> None:
    assert clean_code(typed) == code


def test_open_workshop_is_found_by_its_code() -> None:
    of = factories.workshop()
    assert find_open_workshop(of.spaced_code) == of


@pytest.mark.parametrize("typed", ["", "000000", "48291", "4829133", "abc"])
def test_unknown_code_is_said_so(typed: str) -> None:
    factories.workshop()
    with pytest.raises(UnknownCode):
        find_open_workshop(typed)


def test_closed_workshop_is_named() -> None:
    of = factories.workshop()
    factories.opened(of, StageKind.CLOSED)
    with pytest.raises(WorkshopClosed, match=of.code) as caught:
        find_open_workshop(of.code)
    assert caught.value.workshop == of


def test_ticket_joins_once_however_often_it_is_sent() -> None:
    of = factories.workshop()
    ticket = new_ticket()
    assert [join_workshop(workshop=of, ticket=ticket) for _ in range(3)] == [ticket] * 3
    assert Participant.objects.get().token_hash == hash_token(of.code, ticket)


def test_two_tickets_are_two_participants() -> None:
    of = factories.workshop()
    assert factories.participant(of) != factories.participant(of)


def test_ticket_sent_to_two_workshops_joins_both_as_strangers() -> None:
    one, other = factories.workshop(), factories.workshop()
    ticket = new_ticket()
    join_workshop(workshop=one, ticket=ticket)
    join_workshop(workshop=other, ticket=ticket)
    hashes = Participant.objects.order_by("pk").values_list("workshop", "token_hash")
    assert [workshop for workshop, _ in hashes] == [one.pk, other.pk]
    assert len({token_hash for _, token_hash in hashes}) == 2


@pytest.mark.parametrize("ticket", ["", "short", "x" * 31, "x" * 33, "x" * 31 + "\n", "é" * 32, "<b>" + "x" * 29])
def test_malformed_ticket_is_replaced(ticket: str) -> None:
    of = factories.workshop()
    token = join_workshop(workshop=of, ticket=ticket)
    assert token != ticket
    assert re.fullmatch(r"[A-Za-z0-9_-]{32}", token)
    assert Participant.objects.get().token_hash == hash_token(of.code, token)


def test_group_is_kept_from_the_first_time() -> None:
    of = factories.workshop(groups=("Early help", "Duty team"))
    early, duty = of.groups.all()
    ticket = new_ticket()
    join_workshop(workshop=of, ticket=ticket, group=early)
    join_workshop(workshop=of, ticket=ticket, group=duty)
    assert Participant.objects.get().group == early


def test_only_a_hash_of_the_token_is_kept() -> None:
    of = factories.workshop()
    token = join_workshop(workshop=of, ticket=new_ticket())
    kept = Participant.objects.values().get()
    assert token not in str(kept)
    assert re.fullmatch("[0-9a-f]{64}", kept["token_hash"])
    assert set(kept) == {"id", "workshop_id", "token_hash", "group_id", "rehearsal"}


def test_tickets_differ() -> None:
    assert len({new_ticket() for _ in range(50)}) == 50


def request_with(**cookies: str) -> Any:
    """Return a request that carries these cookies."""
    request = RequestFactory().get("/")
    request.COOKIES.update(cookies)
    return request


def test_participant_is_found_by_the_cookie_in_one_query(django_assert_num_queries: Any) -> None:
    of = factories.workshop()
    token = join_workshop(workshop=of, ticket=new_ticket())
    with django_assert_num_queries(1):
        found = find_participant(request_with(**{cookie_name(of.code): token}), of.code)
        assert found is not None
        assert found.workshop == of
    assert found == Participant.objects.get()


def test_no_participant_without_the_right_cookie() -> None:
    one, other = factories.workshop(), factories.workshop()
    token = join_workshop(workshop=one, ticket=new_ticket())
    assert find_participant(request_with(), one.code) is None
    assert find_participant(request_with(**{cookie_name(one.code): ""}), one.code) is None
    assert find_participant(request_with(**{cookie_name(one.code): "forged"}), one.code) is None
    assert find_participant(request_with(**{cookie_name(other.code): token}), other.code) is None
    assert find_participant(request_with(**{cookie_name(one.code): token}), other.code) is None


@pytest.mark.parametrize("secure", [True, False])
def test_cookie_is_out_of_reach_and_lasts_two_weeks(settings: Any, secure: bool) -> None:
    settings.SECURE_COOKIES = secure
    response = HttpResponse()
    remember_phone(response, Workshop(code="482913"), "token")
    cookie = response.cookies["midpoint-482913"]
    assert cookie.value == "token"
    assert (cookie["httponly"], cookie["samesite"], bool(cookie["secure"])) == (True, "Lax", secure)
    assert int(cookie["max-age"]) == COOKIE_AGE == 14 * 24 * 3600


def test_no_name_address_or_agent_is_kept_of_a_phone() -> None:
    of = factories.workshop()
    client = Client(REMOTE_ADDR="203.0.113.77", HTTP_USER_AGENT="Telltale/1.0")
    client.post("/join/", {"code": of.code, "ticket": new_ticket()})
    assert Participant.objects.count() == 1
    assert "203.0.113.77" not in str(Participant.objects.values().get())
    assert not client.session.keys()
