"""Guessing join codes: who must wait, who never does, and what is remembered of an address."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache, caches
from django.test import Client, RequestFactory, override_settings
from pytest_django import Settings

from eip2review.counting import SteadyRedisCache
from tests import factories
from tests.servers import free_port, redis_server
from workshops.choices import StageKind
from workshops.guessing import MOST_WRONG, WAIT, must_wait, network_of, note_wrong_code
from workshops.joining import join_path, join_token, new_ticket
from workshops.models import Participant, Workshop

pytestmark = pytest.mark.django_db


def type_code(code: str, address: str = "203.0.113.7", client: Client | None = None) -> Any:
    """Type a code on a phone of this network."""
    return (client or Client()).post("/join/", {"code": code, "ticket": new_ticket()}, REMOTE_ADDR=address)


def use_up(of: Workshop, address: str = "203.0.113.7") -> None:
    """Try as many wrong codes from a network as it may, by typing and by address."""
    wrong = (str(code) for code in range(100_000, 200_000) if str(code) != of.code)
    for n in range(MOST_WRONG):
        answer = (
            type_code(next(wrong), address) if n % 2 else Client().get(f"/join/{next(wrong)}/", REMOTE_ADDR=address)
        )
        assert answer.status_code in (200, 404)


def test_network_that_tries_many_codes_waits_and_is_told_what_to_do() -> None:
    of = factories.workshop()
    use_up(of)
    for answer in (
        type_code(of.code),
        type_code("999999"),
        Client().get(f"/join/{of.code}/", REMOTE_ADDR="203.0.113.7"),
    ):
        assert (answer.status_code, answer.headers["Retry-After"]) == (429, str(WAIT))
        assert "Point your camera at the QR code" in answer.content.decode()
        assert of.organisation not in answer.content.decode()
    assert not Participant.objects.exists()


def test_other_networks_join_while_one_waits() -> None:
    of = factories.workshop()
    use_up(of)
    assert type_code(of.code, "203.0.113.8").status_code == 302


def test_qr_code_and_a_phone_that_has_joined_pass_where_codes_must_wait() -> None:
    of = factories.workshop()
    phone = factories.phone(of)
    use_up(of)
    assert type_code(of.code, client=phone).headers["Location"] == f"/w/{of.code}/"
    assert of.organisation in Client().get(join_path(of), REMOTE_ADDR="203.0.113.7").content.decode()
    assert Client().post(join_path(of), {"ticket": new_ticket()}, REMOTE_ADDR="203.0.113.7").status_code == 302


def test_two_hundred_phones_behind_one_address_join_though_many_swap_digits_or_have_an_old_code() -> None:
    of, old = factories.workshop(), factories.workshop()
    factories.opened(old, StageKind.CLOSED)
    swapped = [of.code[:a] + of.code[a + 1] + of.code[a] + of.code[a + 2 :] for a in range(5)]
    for n in range(200):
        phone = Client()
        if n % 3 == 0:
            assert type_code(swapped[n % 5], client=phone).status_code in (200, 302)
        if n % 3 == 1:
            assert "This workshop has closed" in type_code(old.code, client=phone).content.decode()
        assert type_code(of.code, client=phone).status_code == 302
    assert Participant.objects.filter(workshop=of).count() == 200


def test_code_of_a_closed_workshop_names_nobody_and_its_qr_code_says_it_kindly() -> None:
    of = factories.workshop()
    factories.opened(of, StageKind.CLOSED)
    for page in (type_code(of.code), Client().get(f"/join/{of.code}/")):
        assert "This workshop has closed" in page.content.decode()
        assert of.organisation not in page.content.decode()
    assert "This workshop has closed" in Client().get(join_path(of)).content.decode()


def test_wrong_token_leads_to_typing_the_code_and_tells_nothing() -> None:
    one, other = factories.workshop(), factories.workshop()
    told = set()
    for path in (f"/join/{one.code}/{join_token(other)}/", f"/join/{one.code}/x/", "/join/000000/x/"):
        page = Client().get(path)
        assert page.status_code == 404
        assert "Type the code that is on the wall" in page.content.decode()
        assert 'name="code"' in page.content.decode()
        told.add(one.organisation in page.content.decode())
    assert told == {False}


def test_token_is_long_its_workshops_own_and_good_in_an_address() -> None:
    tokens = {join_token(factories.workshop()) for _ in range(5)}
    assert len(tokens) == 5
    assert all(len(token) == 22 and token.replace("-", "").replace("_", "").isalnum() for token in tokens)


@pytest.mark.parametrize(
    ("proxies", "sender", "passed_on", "network"),
    [
        (0, "203.0.113.7", "", "203.0.113.7"),
        (0, "203.0.113.7", "198.51.100.9", "203.0.113.7"),  # nobody is believed unless a setting says so
        (1, "10.0.0.1", "198.51.100.9", "198.51.100.9"),
        (1, "10.0.0.1", "1.1.1.1, 198.51.100.9", "198.51.100.9"),  # what the client said of itself stands first
        (2, "10.0.0.1", "1.1.1.1, 198.51.100.9, 10.0.0.2", "198.51.100.9"),
        (2, "203.0.113.7", "198.51.100.9", "203.0.113.7"),  # did not come through both
        (1, "10.0.0.1", "", "10.0.0.1"),
        (0, "2001:db8:1:2::7", "", "2001:db8:1::/48"),
        (0, "::ffff:203.0.113.7", "", "203.0.113.7"),
        (1, "10.0.0.1", "nonsense", ""),
        (0, "", "", ""),
    ],
)
def test_network_is_what_the_trusted_proxies_saw(
    settings: Settings, proxies: int, sender: str, passed_on: str, network: str
) -> None:
    settings.TRUSTED_PROXIES = proxies
    headers = {"X-Forwarded-For": passed_on} if passed_on else {}
    assert network_of(RequestFactory().get("/", REMOTE_ADDR=sender, headers=headers)) == network


def test_cache_holds_no_address_and_no_code_and_forgets_within_minutes(settings: Settings) -> None:
    settings.CACHES = {"default": {"BACKEND": "eip2review.steady.SteadyCache", "LOCATION": "looked at"}}
    note_wrong_code(RequestFactory().get("/", REMOTE_ADDR="203.0.113.7"), "482913")
    kept: Any = caches["default"]
    assert len(kept._cache) == 2
    assert "203.0.113" not in str(kept._cache)
    assert "482913" not in str(kept._cache)
    assert max(kept._expire_info.values()) - min(kept._expire_info.values()) < 5
    assert WAIT <= 600
    kept.clear()


@pytest.fixture
def redis_cache(tmp_path: Path) -> Iterator[Any]:
    """Count in a Redis of this test's own, as an installation does; yield its server."""
    with redis_server(tmp_path, free_port()) as redis:
        url = f"redis://127.0.0.1:{redis.port}/0"
        backend = {"BACKEND": "eip2review.counting.SteadyRedisCache", "LOCATION": url}
        with override_settings(CACHES={"default": backend}):
            yield redis
            caches["default"]._own.clear()  # type: ignore[attr-defined]
    SteadyRedisCache.until = 0.0


def test_wrong_codes_are_counted_in_redis_alike(redis_cache: Any) -> None:
    of = factories.workshop()
    use_up(of)
    assert type_code(of.code).status_code == 429
    assert type_code(of.code, "203.0.113.8").status_code == 302


def test_each_process_counts_for_itself_while_redis_is_away_and_with_the_others_when_it_is_back(
    redis_cache: Any, caplog: pytest.LogCaptureFixture
) -> None:
    of, early = factories.workshop(), RequestFactory().get("/", REMOTE_ADDR="203.0.113.8")
    for code in range(MOST_WRONG):
        note_wrong_code(early, f"{code:06}")
    redis_cache.kill()
    with caplog.at_level(logging.WARNING):
        assert type_code(of.code).status_code == 302
        use_up(of)
        assert type_code(of.code).status_code == 429
        assert not must_wait(early)
    assert "Redis is away, guesses are counted by each process" in caplog.text
    assert "203.0.113" not in caplog.text
    redis_cache.start()
    SteadyRedisCache.until = 0.0
    assert not must_wait(RequestFactory().get("/", REMOTE_ADDR="203.0.113.7"))
    for code in range(MOST_WRONG):
        note_wrong_code(early, f"{code:06}")
    assert must_wait(early)


def test_facilitator_signs_in_while_redis_is_away_and_a_guesser_is_stopped(redis_cache: Any) -> None:
    user = factories.facilitator()
    user.set_password("a long enough password")
    user.save()
    redis_cache.kill()
    sent = {"login": user.username, "password": "a long enough password"}
    assert Client().post("/desk/sign-in/", sent).status_code == 302
    for _ in range(15):
        assert "do not go together" in Client().post("/desk/sign-in/", {**sent, "password": "x"}).content.decode()
    assert "tried too often" in Client().post("/desk/sign-in/", sent).content.decode()


def test_network_may_try_again_once_the_count_is_forgotten() -> None:
    request = RequestFactory().get("/", REMOTE_ADDR="203.0.113.7")
    for code in range(MOST_WRONG):
        note_wrong_code(request, f"{code:06}")
    assert must_wait(request)
    cache.clear()
    assert not must_wait(request)
