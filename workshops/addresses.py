"""Where phones can reach this installation."""

import fcntl
import io
import socket
import struct
from urllib.parse import urlsplit

import segno
from django.conf import settings
from django.http import HttpRequest, HttpResponse

GET_ADDRESS = 0x8915  # Linux: SIOCGIFADDR
NOT_IN_THE_ROOM = ("lo", "docker", "br-", "veth", "virbr", "tun", "tap", "wg", "tailscale", "zt", "ppp")
LOOPBACK = {"localhost", "127.0.0.1", "::1", "0.0.0.0"}  # noqa: S104 (compared with, never bound)


def lan_address() -> str | None:
    """Return this machine's IPv4 address in the local network, or None when it has none. Sends nothing."""
    return next(iter(lan_addresses()), None)


def lan_addresses() -> list[str]:
    """Return this machine's IPv4 addresses in the networks that it is in; first the one that phones are told."""
    routed = _routed_address()
    nearby = _interface_addresses()
    if routed is None or (nearby and routed not in nearby):
        return nearby
    return [routed, *(address for address in nearby if address != routed)]


def join_base_url(request: HttpRequest) -> str:
    """Return scheme, host and port for what phones are to open, without a trailing slash.

    PUBLIC_URL if set; else the address that this request came to, unless only this machine can reach that: then
    the machine's address in the local network, if it has one.
    """
    if settings.PUBLIC_URL:
        return str(settings.PUBLIC_URL)
    asked = urlsplit(f"{request.scheme}://{request.get_host()}")
    lan = lan_address() if asked.hostname in LOOPBACK else None
    if not lan:
        return asked.geturl()
    return f"{asked.scheme}://{lan}:{asked.port}" if asked.port else f"{asked.scheme}://{lan}"


def draw_code(code: segno.QRCode) -> HttpResponse:
    """Return a QR code as a picture that is sharp at any size."""
    picture = io.BytesIO()
    code.save(picture, kind="svg", border=2, scale=8, omitsize=True)
    return HttpResponse(picture.getvalue(), content_type="image/svg+xml")


def _interface_addresses() -> list[str]:
    """Return the IPv4 addresses of the network interfaces that could lead into the room; none where it is not Linux."""
    addresses = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        for _index, name in socket.if_nameindex():
            if name.startswith(NOT_IN_THE_ROOM):
                continue
            try:
                answer = fcntl.ioctl(probe, GET_ADDRESS, struct.pack("256s", name.encode()))
            except OSError:  # this interface has no address
                continue
            addresses.append(socket.inet_ntoa(answer[20:24]))
    return addresses


def _routed_address() -> str | None:
    """Return the address that traffic to elsewhere would leave from; None without a route or when it is loopback."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("198.51.100.1", 9))  # reserved for documentation; connecting a UDP socket sends nothing
        except OSError:
            return None
        address: str = probe.getsockname()[0]
    return None if address.startswith("127.") else address
