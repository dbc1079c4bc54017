"""A file that only its passphrase opens: what is in it can be neither read nor changed on its way.

The passphrase is made here, of 99 random bits, so that nobody can guess it; scrypt makes the key of it. The file is

    MAGIC, with the version of this form       20 bytes
    SHA-256 of everything that follows         32: tells damage from a wrong passphrase, and guards nothing
    salt of scrypt (N 32768, r 8, p 1)         16
    nonce of AES-256-GCM                       12
    what scrypt gives beyond the key           16: tells a wrong passphrase from damage
    the rest, sealed by AES-256-GCM            16 more than what is in it; all before it is authenticated too
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from django.utils.crypto import constant_time_compare

MAGIC = b"midpoint workshop 1\n"
DIGEST, SALT, NONCE, KEY, CHECK, TAG = 32, 16, 12, 32, 16, 16
HEAD = len(MAGIC) + DIGEST + SALT + NONCE + CHECK
LARGEST = 33_554_432
"""Bytes of a file: some thirty editions of a journal with all their files."""
LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""What a passphrase is made of: nothing that is read as another when it is told on the telephone or written down."""
GROUPS, IN_GROUP = 5, 4


class CannotOpen(Exception):
    """The file cannot be opened."""


class NotLocked(CannotOpen):
    """It is no file of this kind, or of a form that this version does not know."""


class Damaged(CannotOpen):
    """Some of it is missing or is not as it was written."""


class WrongPassphrase(CannotOpen):
    """Another passphrase opens it."""


class TooLarge(Exception):
    """This is more than a file may hold."""


def new_passphrase() -> str:
    """Return a passphrase of five groups of four letters and digits, to be told by voice or written down."""
    groups = ("".join(secrets.choice(LETTERS) for _each in range(IN_GROUP)) for _group in range(GROUPS))
    return "-".join(groups)


def clean_passphrase(typed: str) -> str:
    """Return a passphrase as it was made from how it was typed; empty when nothing like it could have been made here.

    Case, blanks and dashes do not matter.
    """
    letters = re.sub(r"[\s\u2010-\u2015\u2212-]", "", typed).upper()
    if len(letters) != GROUPS * IN_GROUP or not set(letters) <= set(LETTERS):
        return ""
    return "-".join(letters[start : start + IN_GROUP] for start in range(0, len(letters), IN_GROUP))


def lock(content: bytes, passphrase: str) -> bytes:
    """Return the file that holds this content; raises TooLarge, and ValueError for a passphrase not made here."""
    if len(content) > LARGEST - HEAD - TAG:
        raise TooLarge(len(content))
    salt, nonce = os.urandom(SALT), os.urandom(NONCE)
    key, check = _derive(salt, passphrase)
    head = salt + nonce + check
    body = head + AESGCM(key).encrypt(nonce, content, MAGIC + head)
    return MAGIC + hashlib.sha256(body).digest() + body


def unlock(file: bytes, passphrase: str) -> bytes:
    """Return what a file holds. Raises CannotOpen (NotLocked, Damaged, WrongPassphrase).

    Takes a tenth of a second and 32 MB, and neither where the file is damaged or the passphrase was not made here.
    """
    if not file.startswith(MAGIC) or len(file) > LARGEST:
        raise NotLocked
    digest, body = file[len(MAGIC) : len(MAGIC) + DIGEST], file[len(MAGIC) + DIGEST :]
    if len(file) < HEAD + TAG or hashlib.sha256(body).digest() != digest:
        raise Damaged
    if not clean_passphrase(passphrase):
        raise WrongPassphrase
    head, sealed = body[: SALT + NONCE + CHECK], body[SALT + NONCE + CHECK :]
    salt, nonce, check = head[:SALT], head[SALT : SALT + NONCE], head[SALT + NONCE :]
    key, known = _derive(salt, passphrase)
    if not constant_time_compare(check, known):
        raise WrongPassphrase
    try:
        return AESGCM(key).decrypt(nonce, sealed, MAGIC + head)
    except InvalidTag as error:
        raise Damaged from error


def _derive(salt: bytes, passphrase: str) -> tuple[bytes, bytes]:
    """Return the key of a passphrase, and what tells whether it is the right one."""
    cleaned = clean_passphrase(passphrase)
    if not cleaned:
        raise ValueError("this passphrase was not made here")
    derived = Scrypt(salt=salt, length=KEY + CHECK, n=2**15, r=8, p=1).derive(cleaned.encode())
    return derived[:KEY], derived[KEY:]
