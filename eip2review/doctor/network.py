"""Where phones find this machine, and what may stand between."""

from __future__ import annotations

import http.client
import socket
import ssl
from contextlib import closing
from pathlib import Path

from django.conf import settings

from eip2review.doctor.findings import Check, Finding, broken, fine, look
from eip2review.management.commands.serve import USUAL_PORT
from workshops.addresses import lan_addresses
from workshops.live.probe import probe_path

FIREWALLS = {
    "ufw": (Path("/etc/ufw/ufw.conf"), "ENABLED=yes", "ufw allow {port}/tcp"),
    "firewalld": (
        Path("/run/firewalld"),
        "",
        "firewall-cmd --add-port={port}/tcp",
    ),
}
"""Of each: what is there while it is on, what that says, and what lets phones through."""


def networks() -> Finding:
    """Look in which networks this machine is."""
    found = lan_addresses()
    if not found:
        return look(
            "This machine is in no network: phones cannot reach it.", "Join the room's wifi, or open a hotspot."
        )
    if len(found) > 1:
        return fine(f"Phones reach this machine at {found[0]}; its other addresses are {', '.join(found[1:])}.")
    return fine(f"Phones in the same network reach this machine at {found[0]}.")


def port() -> Finding:
    """Look whether the port is free, or taken by this installation."""
    number = settings.PORT or USUAL_PORT
    with socket.socket() as probe:
        probe.settimeout(2)
        if probe.connect_ex(("127.0.0.1", number)):
            return fine(f"Port {number} is free.")
    if _is_ours(number):
        return fine(f"Midpoint is running on port {number}.")
    found = f"Something else is using port {number}."
    if settings.PORT:
        return broken(found, "Stop it, or set PORT to another.")
    return look(found, "make run takes the next one that is free; phones are told that.")


def firewall() -> Finding:
    """Look for a firewall of the kinds that Debian and Ubuntu come with."""
    for name, (place, says, allow) in FIREWALLS.items():
        if place.exists() and (not says or says in place.read_text()):
            number = settings.PORT or USUAL_PORT
            return look(f"{name} is on, and may keep phones out.", f"Let them in: {allow.format(port=number)}")
    return fine("No firewall that is known here is on. One in the network may be: try with a phone.")


def _is_ours(number: int) -> bool:
    """Return whether what answers there knows this installation's secret key."""
    for scheme in (http.client.HTTPConnection, _unverified):
        with closing(scheme("127.0.0.1", number, timeout=5)) as connection:
            try:
                connection.request("GET", probe_path(quiet=0))
                if connection.getresponse().status == http.HTTPStatus.OK:
                    return True
            except (OSError, http.client.HTTPException):
                continue
    return False


def _unverified(host: str, port: int, *, timeout: float) -> http.client.HTTPSConnection:
    """Return a connection to this machine itself, whose certificate is for another name."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return http.client.HTTPSConnection(host, port, timeout=timeout, context=context)


CHECKS: list[tuple[str, Check]] = [
    ("networks", networks),
    ("port", port),
    ("firewall", firewall),
]
