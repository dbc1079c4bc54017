"""One command for the morning: a free port, a first sign-in, and where everything is."""

import http.client
import re
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import date
from io import StringIO
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core.management.base import CommandError
from pytest_django import Settings

from eip2review.management.commands import serve
from tests.servers import Process
from tests.servers import free_port as any_free_port
from workshops.addresses import lan_addresses
from workshops.models import Edition, Review, Workshop


@contextmanager
def listening() -> Iterator[int]:
    """Hold a port of the loopback address."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_free_port_is_the_one_asked_for() -> None:
    port = any_free_port()
    assert serve.free_port("127.0.0.1", port) == port


def test_free_port_refuses_one_in_use_and_names_another() -> None:
    with listening() as port, pytest.raises(CommandError, match=f"Port {port} .* in use.* PORT={port + 1}"):
        serve.free_port("127.0.0.1", port)


@pytest.mark.parametrize("host", ["nowhere.invalid", "192.0.2.77"])
def test_free_port_blames_no_port_for_an_address_that_is_not_ours(host: str) -> None:
    with pytest.raises(CommandError, match=rf"^{host} is no address of this computer\. Take HOST out of \.env\.$"):
        serve.free_port(host, 0)


def test_free_port_goes_on_to_the_next_when_none_was_asked_for() -> None:
    with listening() as port:
        assert serve.free_port("127.0.0.1", 0, usual=port) > port


@pytest.fixture
def own_var_dir(settings: Settings, tmp_path: Path) -> Path:
    """Keep the sign-in of these tests apart from that of the installation."""
    settings.VAR_DIR = tmp_path
    return tmp_path


@pytest.mark.django_db
def test_first_sign_in_works_is_kept_private_and_stays(own_var_dir: Path) -> None:
    password = serve.first_sign_in()
    assert password is not None
    assert re.fullmatch(r"([a-z2-9]{4}-){2}[a-z2-9]{4}", password)
    assert User.objects.get(username="facilitator").check_password(password)
    assert (own_var_dir / "sign-in").stat().st_mode & 0o777 == 0o600
    assert serve.first_sign_in() == password


@pytest.mark.django_db
def test_first_sign_in_is_not_told_once_changed_or_deleted(own_var_dir: Path) -> None:
    serve.first_sign_in()
    (own_var_dir / "sign-in").write_text("not-what-opens\n")
    assert serve.first_sign_in() is None
    (own_var_dir / "sign-in").unlink()
    assert serve.first_sign_in() is None


@pytest.fixture
def workshop(db: None) -> Workshop:
    """A workshop that has not closed."""
    edition = Edition.objects.create(review=Review.objects.create(title="Half way"), imperative_question="What next?")
    return Workshop.objects.create(edition=edition, organisation="Ashby", date=date(2026, 5, 7), code="482913")


def banner(*, password: str | None = "abcd-efgh-jkmn", lan: Sequence[str] = ("192.168.1.20",), host: str = "::") -> str:
    """Return what the command prints before it serves on port 8000."""
    printed = StringIO()
    serve.Command(stdout=printed).say_where(host=host, port=8000, password=password, lan=lan)
    return printed.getvalue()


def test_banner_says_where_desk_wall_and_phones_are(workshop: Workshop) -> None:
    printed = banner()
    assert "http://127.0.0.1:8000/desk/\n" in printed
    assert "abcd-efgh-jkmn" in printed
    assert "http://127.0.0.1:8000/wall/482913/\n" in printed
    assert "http://192.168.1.20:8000/join/482913/" in printed
    assert "482 913" in printed
    assert "Ashby" in printed
    assert "█" in printed


def test_banner_prints_no_password_that_was_changed(workshop: Workshop) -> None:
    assert "changepassword facilitator" in banner(password=None)


def test_banner_prefers_the_public_address(workshop: Workshop, settings: Settings) -> None:
    settings.PUBLIC_URL = "https://midpoint.example.org"
    assert "https://midpoint.example.org/join/482913/" in banner(lan=())


def test_banner_without_a_network_says_what_to_do(workshop: Workshop) -> None:
    printed = banner(lan=())
    assert "cannot reach this computer" in printed
    assert "hotspot" in printed
    assert "█" not in printed


def test_banner_of_a_server_that_lets_in_nobody_but_itself_sends_no_phone_there(workshop: Workshop) -> None:
    assert serve.reachable_at("::") == lan_addresses()
    printed = banner(host="127.0.0.1", lan=serve.reachable_at("127.0.0.1"))
    assert "HOST=127.0.0.1 lets in nobody but itself" in printed
    assert "http://127.0.0.1:8000/desk/\n" in printed
    assert "█" not in printed


def test_banner_of_a_server_at_one_address_names_that_alone(workshop: Workshop) -> None:
    printed = banner(host="192.168.7.7", lan=serve.reachable_at("192.168.7.7"))
    assert "http://192.168.7.7:8000/desk/\n" in printed
    assert "http://192.168.7.7:8000/join/482913/" in printed
    assert "127.0.0.1" not in printed


def test_banner_names_the_other_networks_that_phones_may_be_in(workshop: Workshop) -> None:
    assert "more than one network" not in banner()
    printed = banner(lan=("192.168.1.20", "10.0.0.5"))
    assert "http://192.168.1.20:8000/join/482913/" in printed
    assert "open the wall\n          at http://10.0.0.5:8000:" in printed


@pytest.mark.django_db
def test_banner_without_an_open_workshop_sends_to_the_desk() -> None:
    printed = banner()
    assert "No workshop is open" in printed
    assert "/wall/" not in printed


def test_terminal_qr_brings_its_own_colours() -> None:
    plain, coloured = (serve.terminal_qr("http://192.168.1.20:8000/", coloured=coloured) for coloured in (False, True))
    assert "\033" not in plain
    assert [
        line.removeprefix("\033[97;40m").removesuffix("\033[0m") for line in coloured.splitlines()
    ] == plain.splitlines()
    assert all(line.startswith("\033[97;40m") for line in coloured.splitlines())


def test_serve_goes_from_nothing_to_a_sign_in_that_works(tmp_path: Path) -> None:
    for built in (
        "fonts",
        "fonts-made-from",
        "letter-widths.json",
        "static",
    ):  # what `make test` prepared; building them again would take a while
        (tmp_path / built).symlink_to(settings.BUILT_DIR / built)
    port = any_free_port()
    environment = {"VAR_DIR": str(tmp_path), "DATABASE_URL": f"sqlite:///{tmp_path}/midpoint.sqlite3", "PUBLIC_URL": ""}
    command = [sys.executable, "-u", "manage.py", "serve", "--host", "127.0.0.1", "--port", str(port)]
    with Process(command, port=port, env=environment):
        password = (tmp_path / "sign-in").read_text().strip()
        status, location = sign_in(port, password)
        assert (status, location) == (302, "/desk/")
        assert sign_in(port, "not-the-password")[0] == 200
        again = subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, text=True, check=False)
        assert again.returncode == 1
        assert f"Port {port}" in again.stderr


def sign_in(port: int, password: str) -> tuple[int, str | None]:
    """Sign in over HTTP as the first facilitator; return the status and where it leads."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
        connection.request("GET", "/desk/sign-in/")
        page = connection.getresponse()
        cookie = page.headers["Set-Cookie"].split(";")[0]
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.read().decode())
        assert token is not None
        form = {"login": "facilitator", "password": password, "csrfmiddlewaretoken": token[1]}
        headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST", "/desk/sign-in/", urlencode(form), headers)
        answer = connection.getresponse()
        return answer.status, answer.headers["Location"]
