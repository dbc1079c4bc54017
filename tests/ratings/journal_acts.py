"""What is done at the desk with a journal, to edit, sign, share and carry it: each act with where it is sent to."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from ratings.journal.chapter import read_chapter
from ratings.journal.formats import FORMATS
from ratings.journal.notes import read_notes
from ratings.sealing import seal_workshop
from ratings.signing import read_sign_off
from tests import factories
from tests.ratings.carrying.acts import CARRYING
from tests.routes import address
from workshops.choices import Deed, Move, StageKind
from workshops.models import Workshop

Act = Callable[[Workshop, Client], object]


def edit(of: Workshop, browser: Client) -> object:
    """Write an introduction."""
    sent = {"introduction": "Half way.", "grouping": "theme", "read": read_notes(of).read}
    return browser.post(address("ratings:edit_journal", of), sent | {"terms-TOTAL_FORMS": 0, "terms-INITIAL_FORMS": 0})


def edit_deliverable(of: Workshop, browser: Client) -> object:
    """Write a deliverable's lead."""
    read = read_chapter(of, of.edition.deliverables.all()[0]).read
    return browser.post(address("ratings:edit_deliverable", of), {"lead": "In short.", "read": read})


def check(of: Workshop, browser: Client) -> object:
    """Say that the journal was checked."""
    return browser.post(address("ratings:check", of), {"read": read_sign_off(of).fingerprint})


def sign(of: Workshop, browser: Client) -> object:
    """Sign it off, in the one format that takes no time."""
    check(of, browser)
    sent = {"name": "Ada Lovelace", "role": "Director", "read": read_sign_off(of).fingerprint}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ratings.signing.FORMATS", {"md": FORMATS["md"]})
        return browser.post(address("ratings:sign", of), sent)


def share(of: Workshop, browser: Client) -> object:
    """Make a link."""
    factories.signed_journal(of)
    sent = {"label": "The cabinet member", "expires_on": timezone.localdate()}
    return browser.post(address("ratings:share", of), sent)


def revoke(of: Workshop, browser: Client) -> object:
    """Revoke a link."""
    return browser.post(address("ratings:revoke", of, link_id=factories.share_link(of).pk))


def take_away(of: Workshop, browser: Client) -> object:
    """Download a signed file."""
    return browser.get(address("ratings:signed_file", of, number=factories.signed_journal(of).number))


def _sealed(act: Act) -> Act:
    """Return what seals the workshop, and then does it."""

    def seal_and_act(of: Workshop, browser: Client) -> object:
        factories.opened(of, StageKind.CLOSED)
        of.refresh_from_db()
        seal_workshop(workshop=of)
        return act(of, browser)

    return seal_and_act


ON_JOURNALS: list[tuple[str, Act, Deed | Move]] = [
    ("ratings:edit_journal", edit, Deed.EDITED),
    ("ratings:edit_deliverable", edit_deliverable, Deed.EDITED),
    ("ratings:check", _sealed(check), Deed.CHECKED),
    ("ratings:sign", _sealed(sign), Deed.SIGNED),
    ("ratings:share", _sealed(share), Deed.SHARED),
    ("ratings:revoke", _sealed(revoke), Deed.REVOKED),
    ("ratings:signed_file", _sealed(take_away), Deed.TOOK_OUT),
    *CARRYING,
]
SIGNED_FILES = {"ratings:signed_file", "ratings:shared_file", "ratings:carry_file"}
"""What is downloaded of what was signed, by a link nobody does whom we know; and what is packed."""
