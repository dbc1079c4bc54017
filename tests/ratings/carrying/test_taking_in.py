"""A workshop that is carried elsewhere is the same there: once, as a whole, or not at all."""

import pytest

from ratings.carrying.locking import new_passphrase
from ratings.carrying.packing import carry_workshop
from ratings.carrying.taking_in import take_in
from ratings.journal.build import build_journal
from ratings.journal.record import content_json
from tests import factories
from tests.ratings.carrying.finished import finished, forget

pytestmark = pytest.mark.django_db


def test_it():
    user = factories.facilitator("ann")
    of = finished(user)
    before = content_json(build_journal(of))
    p = new_passphrase()
    f = carry_workshop(workshop=of, passphrase=p, user=user)
    print(len(f))
    forget(of)
    got = take_in(file=f, passphrase=p, owner=user)
    print(got)
    assert content_json(build_journal(got.workshop)) == before
