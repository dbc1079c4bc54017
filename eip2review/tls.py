"""The server's own certificate, for a laptop that phones reach by a name; behind a proxy there is none."""

from __future__ import annotations

import ssl
from datetime import datetime
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from cryptography import x509
from django.conf import settings
from django.utils import timezone

MINUTE = "%d.%m.%Y %H:%M"


class UnusableCertificate(Exception):
    """Phones would refuse this certificate, or the server cannot read it: the sentence says why, and what to do."""


class Tls(NamedTuple):
    """The files of a certificate, with those between it and a known authority, and of its private key."""

    certificate: Path
    key: Path


def configured() -> Tls | None:
    """Return what the settings say, fit to serve with now; None without. Raises UnusableCertificate."""
    now = timezone.now()
    return read_tls(settings.TLS_CERTIFICATE, settings.TLS_KEY, public_url=settings.PUBLIC_URL, at=now)


def read_tls(certificate: str, key: str, *, public_url: str, at: datetime) -> Tls | None:
    """Return the certificate to serve with, fit for `public_url` at a moment; None when neither file is named.

    Raises UnusableCertificate.
    """
    if not certificate and not key:
        return None
    if not certificate or not key:
        raise UnusableCertificate("Set both TLS_CERTIFICATE and TLS_KEY, or neither.")
    tls = Tls(Path(certificate), Path(key))
    name = urlsplit(public_url)
    if name.scheme != "https" or not name.hostname:
        raise UnusableCertificate(
            "With a certificate the QR code must say its name: set PUBLIC_URL to https://, the name in the certificate "
            "and the port, such as https://midpoint.example.org:8000."
        )
    _check(tls, name.hostname, at)
    return tls


def _check(tls: Tls, host: str, at: datetime) -> None:
    for file in tls:
        try:
            file.read_bytes()
        except OSError as error:
            raise UnusableCertificate(
                f"{file} cannot be read: {error.strerror}. Look at its path and rights."
            ) from None
    try:
        certificate = x509.load_pem_x509_certificates(tls.certificate.read_bytes())[0]
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(*tls, password=_no_password)
    except ssl.SSLError:
        raise UnusableCertificate(
            f"{tls.key} is not the key of {tls.certificate}, or it asks for a password. Take both files from the same "
            "place, the key without a password."
        ) from None
    except ValueError:
        raise UnusableCertificate(f"{tls.certificate} is not a certificate as PEM. Ask for one in that form.") from None
    first, last = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if not first <= at <= last:
        raise UnusableCertificate(
            f"{tls.certificate} is valid from {first:{MINUTE}} to {last:{MINUTE}}, and not at {at:{MINUTE}} (UTC): "
            "phones would refuse it. Renew it, or look at this computer's clock."
        )
    names = _names(certificate)
    if not any(_fits(name, host.lower()) for name in names):
        raise UnusableCertificate(
            f"{tls.certificate} is for {', '.join(names) or 'no name'}, and PUBLIC_URL says {host}: phones would "
            "refuse it. Set PUBLIC_URL to a name of the certificate."
        )


def _no_password() -> str:
    """Say nothing when OpenSSL would ask for a key's password at the terminal."""
    return ""


def _names(certificate: x509.Certificate) -> list[str]:
    try:
        said = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return []
    addresses = [str(address) for address in said.get_values_for_type(x509.IPAddress)]
    return [name.lower() for name in said.get_values_for_type(x509.DNSName)] + addresses


def _fits(name: str, host: str) -> bool:
    """Whether a certificate's name is this host's; a star stands for one part (RFC 6125, section 6.4.3)."""
    return name == host or (name.startswith("*.") and host.partition(".")[2] == name[2:])
