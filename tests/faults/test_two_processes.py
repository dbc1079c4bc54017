"""Two processes serve phones from one SQLite file: nothing is lost, each follows the other, a lock is waited out."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import closing

from tests.e2e.installation import Installation
from tests.faults.hall import hall
from tests.faults.phones import Phone

PEOPLE, ROUNDS = 40, 6


def test_phones_of_two_processes_lose_nothing_and_follow_each_other(installation: Installation) -> None:
    here = hall(installation, PEOPLE)
    for number, phone in enumerate(here.phones):
        phone.port = installation.ports[number % 2]

    def answer(phone: Phone) -> None:
        for turn in range(ROUNDS):
            phone.save(turn, f"what I said in turn {turn}")

    with ThreadPoolExecutor(PEOPLE) as threads:
        list(threads.map(answer, here.phones))
    assert here.saved() == {phone.cookie: phone.confirmed for phone in here.phones}
    assert here.counts() == (PEOPLE, PEOPLE)
    assert set().union(*(phone.statuses for phone in here.phones)) <= {200, 503}
    assert here.troubles() == []
    for port in installation.ports:
        here.goes_on(port)


def test_save_that_meets_a_lock_is_refused_clearly_and_saved_when_the_lock_has_gone(installation: Installation) -> None:
    here = hall(installation, 1)
    phone = here.phones[0]
    with (
        ThreadPoolExecutor(1) as thread,
        closing(sqlite3.connect(installation.var_dir / "midpoint.sqlite3", isolation_level=None)) as other,
    ):
        other.execute("BEGIN IMMEDIATE")
        saving = thread.submit(phone.save, 7)
        while 503 not in phone.statuses:
            assert not wait([saving], 0.05).done
        other.execute("ROLLBACK")
        saving.result()
    assert phone.statuses == {503, 200}
    assert here.answer_of(phone) == phone.confirmed == "7 "
    here.goes_on()
