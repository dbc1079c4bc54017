"""What is done at the desk to carry a workshop elsewhere, and to take one in: each act with where it is sent to."""

from __future__ import annotations

from collections.abc import Callable

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from ratings.carrying.locking import new_passphrase
from ratings.carrying.packing import carry_workshop
from ratings.sealing import seal_workshop
from tests import factories
from tests.ratings.carrying.finished import forget
from tests.routes import address
from workshops.choices import Deed, Move, StageKind
from workshops.models import Workshop

Act = Callable[[Workshop, Client], object]


def close(of: Workshop, browser: Client) -> object:
    """Seal it, to be packed."""
    factories.opened(of, StageKind.CLOSED)
    return browser.post(address("ratings:carry", of))


def pack(of: Workshop, browser: Client) -> object:
    """Download the file."""
    close(of, browser)
    return browser.post(address("ratings:carry_file", of), {"passphrase": new_passphrase()})


def bring(of: Workshop, browser: Client) -> object:
    """Take in a workshop that is nowhere any more."""
    carried, passphrase = factories.workshop(by=None), new_passphrase()
    factories.opened(carried, StageKind.CLOSED)
    carried.refresh_from_db()
    seal_workshop(workshop=carried)
    file = carry_workshop(workshop=carried, passphrase=passphrase, user=None)
    forget(carried)
    sent = {"file": SimpleUploadedFile("a.midpoint", file), "passphrase": passphrase}
    return browser.post(address("take_in", of), sent)


CARRYING: list[tuple[str, Act, Deed | Move]] = [
    ("ratings:carry", close, Move.SEAL),
    ("ratings:carry_file", pack, Deed.CARRIED),
    ("take_in", bring, Deed.TAKEN_IN),
]
