"""Guessing: how many join codes that no workshop has may be tried from one network before it must wait.

Links to signed journals, fingerprints and passphrases are counted in the same way, each kind apart from the others.

A room is one network to us, so what counts is wrong codes, each once: two hundred phones that join, or that all type
yesterday's code, are no guesser. The cache holds no address, only a keyed hash that is another every day, and forgets
it after WAIT seconds.
"""

from __future__ import annotations

import ipaddress
from contextlib import suppress

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

WAIT = 600
"""Seconds that wrong codes are remembered, and that a network must wait at most."""
MOST_WRONG = 60
"""So many different wrong codes may be tried from one network in that time."""


CODES, LINKS, FINGERPRINTS, PASSPHRASES = "codes", "links", "fingerprints", "passphrases"
"""What may be guessed at."""


def must_wait(request: HttpRequest, kind: str = CODES) -> bool:
    """Return whether too many wrong codes came from this request's network, so that no code is taken from it now."""
    return bool(cache.get(_key(request, kind), 0) >= MOST_WRONG)


def note_wrong_code(request: HttpRequest, code: str, kind: str = CODES) -> None:
    """Count a code that leads nowhere against the network it came from; the same code counts once."""
    key = _key(request, kind)
    if cache.add(f"{key}-{_hash(code)}", 1, WAIT) and not cache.add(key, 1, WAIT):
        with suppress(ValueError):  # the count was forgotten at this very moment
            cache.incr(key)


def network_of(request: HttpRequest) -> str:
    """Return the network that a request comes from: an IPv4 address, or the first 48 bits of an IPv6 one.

    Behind TRUSTED_PROXIES proxies it is the address that the outermost of them saw; what the client says of itself in
    the same header is never believed. A request that did not come through all of them is its sender's.
    """
    address = request.META.get("REMOTE_ADDR", "")
    if settings.TRUSTED_PROXIES > 0:
        passed_on = request.headers.get("X-Forwarded-For", "").split(",")
        if len(passed_on) >= settings.TRUSTED_PROXIES:
            address = passed_on[-settings.TRUSTED_PROXIES].strip() or address
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if isinstance(ip, ipaddress.IPv6Address):
        return str(ip.ipv4_mapped or ipaddress.ip_network((int(ip), 48), strict=False))
    return str(ip)


def _key(request: HttpRequest, kind: str) -> str:
    return f"wrong-{kind}-{_hash(network_of(request))}"


def _hash(words: str) -> str:
    return salted_hmac(f"workshops.guessing {timezone.localdate()}", words, algorithm="sha256").hexdigest()
