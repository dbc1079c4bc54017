"""The lock of a file that is carried: one passphrase opens it, and whatever happened to it on its way is noticed."""

from __future__ import annotations

import hashlib
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ratings.carrying.locking import (
    CHECK,
    DIGEST,
    GROUPS,
    HEAD,
    IN_GROUP,
    LARGEST,
    LETTERS,
    MAGIC,
    NONCE,
    SALT,
    TAG,
    CannotOpen,
    Damaged,
    NotLocked,
    TooLarge,
    WrongPassphrase,
    clean_passphrase,
    lock,
    new_passphrase,
    unlock,
)

PASSPHRASE = "ABCD-EFGH-JKMN-PQRS-TUVW"
CONTENT = b"What people said in the morning. " * 40
FILE = lock(CONTENT, PASSPHRASE)


def with_its_digest(file: bytes) -> bytes:
    """Return a file whose digest is right again, as whoever changes one on purpose would leave it."""
    body = file[len(MAGIC) + DIGEST :]
    return MAGIC + hashlib.sha256(body).digest() + body


def flipped(file: bytes, place: int, bit: int = 0) -> bytes:
    """Return a file with one bit turned around."""
    return file[:place] + bytes([file[place] ^ (1 << bit)]) + file[place + 1 :]


def test_file_gives_back_what_was_locked_and_shows_none_of_it() -> None:
    assert unlock(FILE, PASSPHRASE) == CONTENT
    assert len(FILE) == len(CONTENT) + HEAD + TAG
    assert b"people" not in FILE
    assert PASSPHRASE.encode() not in FILE
    again = lock(CONTENT, PASSPHRASE)
    assert again[len(MAGIC) :] != FILE[len(MAGIC) :]
    assert again[-200:] != FILE[-200:]  # another key and another nonce each time


@pytest.mark.parametrize("typed", ["abcd efgh jkmn pqrs tuvw", "ABCDEFGHJKMNPQRSTUVW", " abcd–efgh—jkmn−pqrs tuvw\n"])
def test_passphrase_is_taken_as_people_type_it(typed: str) -> None:
    assert clean_passphrase(typed) == PASSPHRASE


@pytest.mark.parametrize(
    "typed", ["", "ABCD", PASSPHRASE + "A", PASSPHRASE.replace("A", "0"), PASSPHRASE.replace("A", "İ"), "\0" * 20]
)
def test_what_was_never_made_here_is_no_passphrase(typed: str) -> None:
    assert clean_passphrase(typed) == ""
    with pytest.raises(WrongPassphrase):
        unlock(FILE, typed)
    with pytest.raises(ValueError, match="not made here"):
        lock(CONTENT, typed)


def test_passphrases_are_long_and_no_letter_is_read_as_another() -> None:
    made = {new_passphrase() for _n in range(200)}
    assert len(made) == 200
    assert all(clean_passphrase(each) == each for each in made)
    assert set("".join(made)) == {*LETTERS, "-"}
    assert not set("0O1IL") & set(LETTERS)
    assert GROUPS * IN_GROUP * math.log2(len(LETTERS)) > 99


def test_another_passphrase_does_not_open_it() -> None:
    with pytest.raises(WrongPassphrase):
        unlock(FILE, "ABCD-EFGH-JKMN-PQRS-TUVX")


@pytest.mark.parametrize("place", [*range(len(MAGIC), HEAD, 7), HEAD, len(FILE) - 1])
def test_a_bit_that_turned_on_the_way_is_damage(place: int) -> None:
    with pytest.raises(Damaged):
        unlock(flipped(FILE, place), PASSPHRASE)


@pytest.mark.parametrize("place", range(len(MAGIC)))
def test_what_begins_otherwise_is_not_ours(place: int) -> None:
    with pytest.raises(NotLocked):
        unlock(flipped(FILE, place), PASSPHRASE)


@pytest.mark.parametrize(
    ("part", "error"),
    [
        (len(MAGIC) + DIGEST, WrongPassphrase),  # the salt: it gives another key, as another passphrase would
        (len(MAGIC) + DIGEST + SALT, Damaged),  # the nonce
        (len(MAGIC) + DIGEST + SALT + NONCE + CHECK - 1, WrongPassphrase),
        (HEAD + 5, Damaged),
        (len(FILE) - 1, Damaged),  # the tag
    ],
)
def test_whoever_changes_it_on_purpose_is_noticed(part: int, error: type[CannotOpen]) -> None:
    with pytest.raises(error):
        unlock(with_its_digest(flipped(FILE, part)), PASSPHRASE)


@pytest.mark.parametrize("length", [0, 5, len(MAGIC) - 1])
def test_the_beginning_alone_is_not_ours(length: int) -> None:
    with pytest.raises(NotLocked):
        unlock(FILE[:length], PASSPHRASE)


@given(length=st.integers(len(MAGIC), len(FILE) - 1), more=st.binary(max_size=3))
@settings(max_examples=100)
def test_a_file_that_was_cut_short_is_damage(length: int, more: bytes) -> None:
    if FILE[:length] + more != FILE[: length + len(more)]:
        with pytest.raises(Damaged):
            unlock(FILE[:length] + more, PASSPHRASE)
    with pytest.raises(Damaged):
        unlock(FILE[:length], PASSPHRASE)
    with pytest.raises(Damaged):
        unlock(with_its_digest(FILE[: min(length, HEAD + TAG - 1)]), PASSPHRASE)


def test_no_more_is_locked_than_is_opened() -> None:
    with pytest.raises(TooLarge):
        lock(bytes(LARGEST - HEAD - TAG + 1), PASSPHRASE)
    with pytest.raises(NotLocked):
        unlock(MAGIC + bytes(LARGEST), PASSPHRASE)
    largest = bytes(LARGEST - HEAD - TAG)
    assert unlock(lock(largest, PASSPHRASE), PASSPHRASE) == largest
