"""Where phones are told to go."""

import socket

import pytest
from django.test import RequestFactory
from pytest_django import Settings

from workshops.addresses import join_base_url, lan_address, lan_addresses


def asked_at(host: str, *, secure: bool = False) -> str:
    """Return the address for phones when the wall was opened at this host."""
    return join_base_url(RequestFactory().get("/", secure=secure, headers={"host": host}))


def test_lan_address_is_one_of_this_machine_that_others_can_reach() -> None:
    address = lan_address()
    if address is None:
        pytest.skip("this machine is in no network")
    assert not address.startswith("127.")
    with socket.create_server((address, 0)) as server:  # refused for an address that is not ours
        assert server.getsockname()[0] == address


def test_lan_addresses_are_all_different_and_begin_with_the_one_that_phones_are_told() -> None:
    addresses = lan_addresses()
    assert addresses[:1] == [address for address in [lan_address()] if address]
    assert len(set(addresses)) == len(addresses)


def test_join_base_url_is_the_public_address_when_set(settings: Settings) -> None:
    settings.PUBLIC_URL = "https://midpoint.example.org"
    assert asked_at("127.0.0.1:8000") == "https://midpoint.example.org"


@pytest.mark.parametrize(
    ("host", "secure", "expected"),
    [
        ("192.168.1.20:8000", False, "http://192.168.1.20:8000"),
        ("midpoint.example.org", True, "https://midpoint.example.org"),
        ("[fd00::2]:8000", False, "http://[fd00::2]:8000"),
    ],
)
def test_join_base_url_is_where_the_wall_was_opened(host: str, secure: bool, expected: str) -> None:
    assert asked_at(host, secure=secure) == expected


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
def test_join_base_url_leaves_loopback_for_the_network(host: str) -> None:
    lan = lan_address() or host
    assert asked_at(f"{host}:8000") == f"http://{lan}:8000"
    assert asked_at(host) == f"http://{lan}"
