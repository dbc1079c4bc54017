"""The pages of a phone that has not joined yet."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests import factories
from workshops.choices import StageKind
from workshops.joining import join_path, new_ticket
from workshops.models import Participant, Workshop

pytestmark = pytest.mark.django_db


def type_code(client: Client, code: str, ticket: str | None = None) -> Any:
    """Send the form of the start page."""
    return client.post("/join/", {"code": code, "ticket": new_ticket() if ticket is None else ticket})


def test_start_page_has_a_ticket_of_its_own_each_time() -> None:
    client = Client()
    tickets = [re.findall(r'name="ticket" value="([\w-]{32})"', client.get("/").content.decode()) for _ in range(2)]
    assert len(tickets[0]) == len(tickets[1]) == 1
    assert tickets[0] != tickets[1]
    assert "no-store" in client.get("/").headers["Cache-Control"]


def test_start_page_leads_a_facilitator_to_the_desk() -> None:
    assert "Facilitator sign-in" in Client().get("/").content.decode()
    page = factories.desk(factories.facilitator()).get("/").content.decode()
    assert "Facilitator sign-in" not in page
    assert page.count("To the desk") == 2


@pytest.mark.parametrize(
    "write", [str, lambda code: f"{code[:3]} {code[3:]}", lambda code: f" {code[:3]}-{code[3:]}. "]
)
def test_code_joins_however_it_is_written(write: Any) -> None:
    of = factories.workshop()
    client = Client()
    joined = type_code(client, write(of.code))
    assert joined.headers["Location"] == f"/w/{of.code}/?joined=1"
    assert client.get(joined.headers["Location"]).status_code == 200
    assert Participant.objects.get().workshop == of


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "The code has six digits"),
        ("12345", "The code has six digits"),
        ("999999", "No workshop is open with this code"),
        ("<b>1</b>", "The code has six digits"),
    ],
)
def test_wrong_code_gets_a_plain_sentence_and_keeps_what_was_typed(typed: str, sentence: str) -> None:
    factories.workshop()
    page = type_code(Client(), typed).content.decode()
    assert sentence in page
    assert "<title>Error: join the workshop" in page
    assert "<b>1</b>" not in page
    assert f'value="{typed}"'.replace("<", "&lt;").replace(">", "&gt;") in page
    assert 'aria-invalid="true"' in page
    assert not Participant.objects.exists()


def test_closed_workshop_says_so_to_strangers() -> None:
    of = factories.workshop()
    factories.opened(of, StageKind.CLOSED)
    for answer in (type_code(Client(), of.code), Client().get(f"/join/{of.code}/"), Client().post(f"/join/{of.code}/")):
        assert "This workshop has closed" in answer.content.decode()
    assert not Participant.objects.exists()


def test_phone_that_was_there_still_finds_its_answers_after_the_close() -> None:
    of = factories.workshop()
    phone = factories.phone(of)
    factories.opened(of, StageKind.CLOSED)
    assert phone.get(f"/join/{of.code}/").headers["Location"] == f"/w/{of.code}/"
    assert "Thank you" in phone.get(f"/w/{of.code}/").content.decode()


def test_join_page_names_the_workshop_and_joins() -> None:
    of = factories.workshop()
    client = Client()
    page = client.get(f"/join/{of.code}/").content.decode()
    assert "Half way there, Carreg Bay Council" in page
    assert "Where do you work?" not in page
    ticket = re.findall(r'name="ticket" value="([\w-]{32})"', page)[0]
    for _ in range(2):
        assert client.post(f"/join/{of.code}/", {"ticket": ticket}).status_code == 302
    assert Participant.objects.count() == 1


def test_pressing_join_twice_before_the_first_answer_joins_once() -> None:
    of = factories.workshop()
    ticket = new_ticket()
    tokens = [type_code(Client(), of.code, ticket).cookies[f"midpoint-{of.code}"].value for _ in range(2)]
    assert tokens == [ticket, ticket]
    assert Participant.objects.count() == 1


def test_same_phone_coming_back_is_the_same_participant() -> None:
    of = factories.workshop(groups=("Early help",))
    phone = factories.phone(of)
    for answer in (type_code(phone, of.code), phone.get(f"/join/{of.code}/"), phone.post(f"/join/{of.code}/")):
        assert answer.headers["Location"] == f"/w/{of.code}/"
    assert Participant.objects.count() == 1


def test_workshop_with_groups_asks_before_joining() -> None:
    of = factories.workshop(groups=("Early help", "Duty team"))
    client = Client()
    asked = type_code(client, of.code)
    assert asked.headers["Location"] == join_path(of)
    assert not Participant.objects.exists()
    page = client.get(join_path(of)).content.decode()
    assert "Where do you work?" in page
    assert re.findall(r"<span>(Early help|Duty team)</span>", page) == ["Early help", "Duty team"]
    duty = of.groups.get(name="Duty team")
    client.post(f"/join/{of.code}/", {"ticket": new_ticket(), "group": duty.pk})
    assert Participant.objects.get().group == duty


def test_group_is_optional_and_one_of_another_workshop_is_refused() -> None:
    of, other = (factories.workshop(groups=("Early help",)) for _ in range(2))
    refused = Client().post(f"/join/{of.code}/", {"ticket": new_ticket(), "group": other.groups.get().pk})
    assert "Choose one of the groups in the list" in refused.content.decode()
    assert "<title>Error: join the workshop" in refused.content.decode()
    assert not Participant.objects.exists()
    Client().post(f"/join/{of.code}/", {"ticket": new_ticket()})
    assert Participant.objects.get().group is None


def test_phone_that_keeps_no_cookie_is_told_what_to_do() -> None:
    of = factories.workshop()
    forgetful = Client()
    joined = type_code(forgetful, of.code)
    forgetful.cookies.clear()
    page = forgetful.get(joined.headers["Location"], follow=True).content.decode()
    assert "did not keep the ticket" in page
    assert "did not keep the ticket" not in forgetful.get(f"/join/{of.code}/").content.decode()


def test_leaving_forgets_the_workshop_and_keeps_the_answers() -> None:
    one, other = factories.workshop(), factories.workshop()
    phone = factories.phone(one)
    type_code(phone, other.code)
    assert phone.post(f"/join/{one.code}/leave/").headers["Location"] == "/"
    assert phone.get(f"/w/{one.code}/").headers["Location"] == f"/join/{one.code}/"
    assert phone.get(f"/w/{other.code}/").status_code == 200
    assert Participant.objects.count() == 2


def test_qr_code_is_a_picture_of_the_join_address(settings: Any) -> None:
    settings.PUBLIC_URL = "https://midpoint.example.org"
    user = factories.facilitator()
    one, other = factories.workshop(by=user), factories.workshop(by=user)
    desk = factories.desk(user)
    pictures = [desk.get(f"/join/{of.code}/qr.svg") for of in (one, other)]
    assert {picture.headers["Content-Type"] for picture in pictures} == {"image/svg+xml"}
    assert pictures[0].content.startswith(b"<?xml")
    assert pictures[0].content != pictures[1].content
    settings.PUBLIC_URL = "https://elsewhere.example.org"
    assert desk.get(f"/join/{one.code}/qr.svg").content != pictures[0].content


@pytest.mark.parametrize("groups", [(), ("One",), ("One", "Two", "Three")])
def test_join_page_takes_as_many_queries_for_three_groups_as_for_one(
    django_assert_num_queries: Any, groups: tuple[str, ...]
) -> None:
    of = factories.workshop(groups=groups)
    path = reverse("workshops:join", args=[of.code])
    with django_assert_num_queries(2):
        assert Client().get(path).status_code == 200
    assert Workshop.objects.count() == 1
