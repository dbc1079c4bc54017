"""Certificates for tests: of an authority that a test makes, or signed by nobody but themselves."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec


@dataclass(frozen=True)
class Issued:
    """A certificate with its key, and the files that hold them."""

    certificate: x509.Certificate
    private: ec.EllipticCurvePrivateKey
    file: Path
    key: Path


def issue(
    folder: Path,
    *names: str,
    by: Issued | None = None,
    authority: bool = False,
    days: tuple[int, int] = (-1, 90),
    password: bytes | None = None,
) -> Issued:
    """Write a certificate for these names, valid between these days from now; without `by` signed by itself."""
    private = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, names[0] if names else "nobody")])
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(by.certificate.subject if by else subject)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + timedelta(days=days[0]))
        .not_valid_after(now + timedelta(days=days[1]))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
    )
    if names and not authority:
        builder = builder.add_extension(x509.SubjectAlternativeName([_name(name) for name in names]), critical=False)
    certificate = builder.sign(by.private if by else private, hashes.SHA256())
    stem = f"{names[0].replace('*', 'star') if names else 'nobody'}-{certificate.serial_number:x}"[:60]
    issued = Issued(certificate, private, folder / f"{stem}.pem", folder / f"{stem}.key")
    issued.file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    locked = serialization.BestAvailableEncryption(password) if password else serialization.NoEncryption()
    form = serialization.PrivateFormat.PKCS8
    issued.key.write_bytes(private.private_bytes(serialization.Encoding.PEM, form, locked))
    return issued


def _name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)
