"""The settings: do they go together?"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks
from django.http.request import validate_host

from eip2review.doctor.findings import Check, Finding, broken, fine, look, worst
from eip2review.keeping.making import own_key
from eip2review.tls import UnusableCertificate, configured

KEY_LENGTH = 50


def secret_key() -> Finding:
    """Look whether the secret key is long, and nobody else's to read."""
    if len(settings.SECRET_KEY) < KEY_LENGTH or len(set(settings.SECRET_KEY)) < 5:
        return broken(
            "The secret key could be guessed: sessions and trails are worth no more than it.",
            f"Set SECRET_KEY to {KEY_LENGTH} random characters. The trails so far hold with the old one only.",
        )
    kept = own_key()
    if kept and kept.stat().st_mode & 0o077:
        return broken(f"Others on this machine can read {kept}.", f"chmod 600 {kept}")
    return fine("The secret key is long, and private.")


def django_checks() -> Finding:
    """Let Django look at the settings: behind TLS also at what matters on a server."""
    found = checks.run_checks(include_deployment_checks=settings.SECURE_COOKIES)
    serious = [message for message in found if message.level >= checks.WARNING and not message.is_silenced()]
    if not serious:
        return fine("Django has nothing to say about the settings.")
    first = serious[0]
    command = "manage.py check --deploy" if settings.SECURE_COOKIES else "manage.py check"
    say = broken if first.is_serious() else look
    return say(f"Django says of {len(serious)} settings: {first.id}.", f"Read it: {command}")


def addresses() -> Finding:
    """Look whether the public address, the host names, the proxies and the cookies are of one mind."""
    return worst(_contradictions(), "The public address, host names, proxies and cookies go together.")


def certificate() -> Finding:
    """Look at the certificate that the server itself serves with."""
    try:
        tls = configured()
    except UnusableCertificate as refusal:
        return broken("The server's own certificate cannot be used.", str(refusal))
    return fine("The server's own certificate is good." if tls else "The server has no certificate of its own.")


def _contradictions() -> Iterator[Finding]:
    public = urlsplit(settings.PUBLIC_URL)
    if settings.DEBUG:
        yield broken("DEBUG is on: errors show everything to everybody.", "Take DEBUG out of .env.")
    if not settings.PUBLIC_URL:
        if settings.SECURE_COOKIES:
            yield look("SECURE_COOKIES is set and PUBLIC_URL is not.", "Set PUBLIC_URL to what phones open.")
        return
    if not validate_host(str(public.hostname), settings.ALLOWED_HOSTS):
        yield broken(
            f"PUBLIC_URL leads to {public.hostname}, which ALLOWED_HOSTS refuses.", "Name that host in ALLOWED_HOSTS."
        )
    if "*" in settings.ALLOWED_HOSTS:
        yield look("Any host name is taken for this installation's.", "Set ALLOWED_HOSTS to its name.")
    if (public.scheme == "https") != settings.SECURE_COOKIES:
        yield broken(
            f"PUBLIC_URL is {public.scheme}, and SECURE_COOKIES is {str(settings.SECURE_COOKIES).lower()}.",
            "Set SECURE_COOKIES=true with https, and only then: else nobody can stay signed in.",
        )
    if public.scheme == "https" and not settings.TLS_CERTIFICATE:
        yield from _proxy_contradictions(f"{public.scheme}://{public.netloc}")


def _proxy_contradictions(origin: str) -> Iterator[Finding]:
    if origin not in settings.CSRF_TRUSTED_ORIGINS:
        yield broken("Forms sent from the public address are refused.", f"Set CSRF_TRUSTED_ORIGINS={origin}")
    if settings.TRUSTED_PROXIES < 1:
        yield broken(
            "A proxy ends TLS, and TRUSTED_PROXIES does not count it: all phones are one network to the limits.",
            "Set TRUSTED_PROXIES=1, or to as many as each request comes through.",
        )


CHECKS: list[tuple[str, Check]] = [
    ("secret key", secret_key),
    ("settings", django_checks),
    ("addresses", addresses),
    ("certificate", certificate),
]
