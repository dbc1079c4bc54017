"""`manage.py serve`: everything that a morning needs from one command."""

import errno
import secrets
import socket
from argparse import ArgumentParser
from collections.abc import Sequence
from contextlib import suppress
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import segno
from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from eip2review import server
from eip2review.tls import UnusableCertificate, configured
from workshops.addresses import LOOPBACK, lan_addresses
from workshops.joining import join_path
from workshops.models import Workshop

FACILITATOR = "facilitator"
USUAL_PORT = 8000
HTTPS_PORT = 443
EVERYWHERE = {"0.0.0.0", "::"}  # noqa: S104 (compared with)
UNAMBIGUOUS = "abcdefghjkmnpqrstuvwxyz23456789"  # no l and 1, no o and 0, no i

SIGN_IN = """\
          user name {user}
          password  {password}

"""
CHANGED = """\
          user name {user}, with the password you chose. To set another:
          .venv/bin/python manage.py changepassword {user}

"""
NO_WORKSHOP = "  No workshop is open. Make one at the desk: its join code and QR code are shown there.\n"
PHONES = """\

  Phones  {base}/ and the code {code}
          or this QR code, which is {join}
          They join {organisation}. They must be in the same network as this computer.

"""
MORE_NETWORKS = """
          This computer is in more than one network. If phones are in another, open the wall
          at {others}: its QR code then leads there.
"""
NO_NETWORK = """
  Phones  cannot reach this computer: it is in no network. Join the room's wifi, or open
          a hotspot on a phone and join that, then reload the wall: its QR code leads here.
"""
NOT_LET_IN = """
  Phones  cannot reach this computer: HOST={host} lets in nobody but itself. Take HOST out
          of .env or of the command, and start again.
"""


class Command(BaseCommand):
    """Bring the installation up to date, make what a first run lacks, say where everything is, and serve."""

    help = "Prepare, make the first sign-in and an example workshop when there are none, and serve."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the address to serve on; HOST and PORT of the environment are the defaults."""
        parser.add_argument("--host", default=settings.HOST)
        parser.add_argument("--port", type=int, default=settings.PORT, help=f"default: {USUAL_PORT} or the next free")
        parser.add_argument("--force", action="store_true", help="migrate also while a workshop is in session")

    def handle(self, *args: Any, host: str, port: int, force: bool, **options: Any) -> None:
        """Serve until stopped. Exits with a sentence when the port is taken, the database does not allow it, or phones
        would refuse the certificate.
        """
        try:
            tls = configured()
        except UnusableCertificate as error:
            raise CommandError(str(error)) from None
        if tls and not port:
            port = urlsplit(settings.PUBLIC_URL).port or HTTPS_PORT
        port = free_port(host, port)
        call_command("prepare", force=force)
        password = first_sign_in()
        if not Workshop.objects.exists():
            call_command("load_example", facilitator=FACILITATOR)
        self.say_where(host=host, port=port, password=password, lan=reachable_at(host))
        self.stdout.flush()
        with suppress(KeyboardInterrupt):
            server.run(host=host, port=port, tls=tls)

    def say_where(self, *, host: str, port: int, password: str | None, lan: Sequence[str]) -> None:
        """Print the addresses of the desk, the wall and the phones, with what opens them."""
        here = (
            settings.PUBLIC_URL
            if settings.TLS_CERTIFICATE
            else f"http://{'127.0.0.1' if host in EVERYWHERE else host}:{port}"
        )
        base = settings.PUBLIC_URL or (f"http://{lan[0]}:{port}" if lan else "")
        workshop = Workshop.objects.filter(closed_at=None).order_by("-created_at", "-pk").first()
        self.stdout.write("\nMidpoint is running. Ctrl-C stops it; nothing entered is lost.\n\n")
        self.stdout.write(f"  Desk    {here}{reverse('workshops:workshops')}")
        self.stdout.write(
            SIGN_IN.format(user=FACILITATOR, password=password) if password else CHANGED.format(user=FACILITATOR)
        )
        if workshop is None:
            self.stdout.write(NO_WORKSHOP)
            return
        self.stdout.write(f"  Wall    {here}{reverse('wall', args=[workshop.code])}")
        if base:
            join = base + join_path(workshop)
            self.stdout.write(
                PHONES.format(base=base, code=workshop.spaced_code, join=join, organisation=workshop.organisation)
            )
            self.stdout.write(terminal_qr(join, coloured=self.stdout.isatty()))
            if len(lan) > 1 and not settings.PUBLIC_URL:
                self.stdout.write(MORE_NETWORKS.format(others=" or ".join(f"http://{each}:{port}" for each in lan[1:])))
        else:
            self.stdout.write(NOT_LET_IN.format(host=host) if host in LOOPBACK - EVERYWHERE else NO_NETWORK)


def terminal_qr(text: str, *, coloured: bool) -> str:
    """Return a QR code in block characters; `coloured` makes it white on black whatever the terminal's colours are."""
    drawn = StringIO()
    segno.make(text, error="m", micro=False).terminal(drawn, compact=True, border=4)
    if not coloured:
        return drawn.getvalue()
    return "".join(f"\033[97;40m{line}\033[0m\n" for line in drawn.getvalue().splitlines())


def reachable_at(host: str) -> list[str]:
    """Return the addresses at which phones reach a server that listens on `host`."""
    if host in EVERYWHERE:
        return lan_addresses()
    return [] if host in LOOPBACK else [host]


def free_port(host: str, port: int, *, usual: int = USUAL_PORT) -> int:
    """Return `port`, or for 0 the first free port from `usual` on; CommandError when `port` is in use, or `host` is no
    address of this computer.
    """
    for candidate in [port] if port else range(usual, usual + 100):
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, candidate))
            except OSError as error:
                if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
                    raise CommandError(f"{host} is no address of this computer. Take HOST out of .env.") from None
                refusal = error
            else:
                return candidate
    raise CommandError(
        f"Port {candidate} of {host} cannot be used: {refusal.strerror}. "
        f"Stop what is using it, or choose another: make run PORT={candidate + 1}"
    )


def first_sign_in() -> str | None:
    """Return the password of the first facilitator, making both on the first run; None once it has been changed."""
    kept: Path = settings.VAR_DIR / "sign-in"
    user, is_new = User.objects.get_or_create(username=FACILITATOR, defaults={"is_staff": True})
    if is_new:
        password = "-".join("".join(secrets.choice(UNAMBIGUOUS) for _ in range(4)) for _ in range(3))
        user.set_password(password)
        user.save(update_fields=["password"])
        kept.touch(mode=0o600)
        kept.write_text(f"{password}\n")
        return password
    password = kept.read_text().strip() if kept.exists() else ""
    return password if password and user.check_password(password) else None
