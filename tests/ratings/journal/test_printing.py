"""Prints: asked for once, made by whoever is at the press, kept while what they hold may be read."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, OperationalError, connection, transaction
from django.utils import timezone
from pypdf import PdfReader

from ratings.choices import CommentState, PrintState, Source
from ratings.commenting import record_comment
from ratings.deciding import hide_words, hold_words, redact_words, show_words
from ratings.journal import press, printing
from ratings.journal.build import build_journal
from ratings.journal.press import PressStopped, order_of, set_order
from ratings.journal.printing import (
    ask_for_print,
    bells,
    follow_print,
    forget_stale,
    last_good,
    print_due,
    printing_of,
)
from ratings.models import Comment, Imperative, Print, Score
from ratings.rehearsal import remove_rehearsal
from ratings.sealing import seal_workshop
from ratings.withdrawing import withdraw_answers
from tests import factories
from tests.ratings.journal import quick_press
from tests.ratings.journal.told import close, scales_of, told_in_words
from workshops.erasing import erase_workshop
from workshops.models import Workshop

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7 as if"


def printed(workshop: Workshop) -> Print:
    """Return a print of the journal as it is that is done; what is in the file does not matter here."""
    asked = ask_for_print(workshop)
    words = printing._words_of(build_journal(workshop))
    Print.objects.filter(pk=asked.pk).update(
        state=PrintState.DONE, pdf=PDF, pages=9, words=words, finished_at=timezone.now(), progress=100
    )
    asked.refresh_from_db()
    return asked


def change(workshop: Workshop) -> None:
    """Change something in the journal that nobody said."""
    workshop.venue += "!"
    workshop.save(update_fields=["venue"])


@pytest.fixture(autouse=True)
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the press set nothing."""
    monkeypatch.setattr(press, "MODULE", quick_press.__name__)


@pytest.fixture
def at_the_press() -> Iterator[list[str]]:
    """Let somebody be at the press who does nothing; return how often the bell was rung."""
    rung: list[str] = []
    bells.append(lambda: rung.append("rung"))
    yield rung
    bells.pop()


def test_journal_is_printed_once_and_again_after_a_change() -> None:
    workshop = told_in_words(1)
    asked = ask_for_print(workshop)
    assert (asked.state, printing_of(workshop).is_waiting) == (PrintState.WAITING, True)
    assert print_due() == [asked]
    done = follow_print(asked, seconds=0)
    assert done
    assert (done.state, done.progress, bytes(done.pdf or b"")[:8]) == (PrintState.DONE, 100, b"%PDF-1.7")
    assert (done.digest, done.pages) == (order_of(build_journal(workshop)).digest, quick_press.PAGES)
    assert ask_for_print(workshop) == done
    assert print_due() == []
    change(workshop)
    again = ask_for_print(workshop)
    assert again != done
    assert (printing_of(workshop).latest, last_good(workshop)) == (again, done)
    assert print_due() == [again]
    assert list(Print.objects.all()) == [again]  # the last good one only


def test_print_is_of_the_journal_as_it_is_when_it_is_printed() -> None:
    workshop = told_in_words(1)
    asked = ask_for_print(workshop)
    change(workshop)
    print_due()
    assert ask_for_print(workshop) == asked


def test_bell_is_rung_for_what_is_new(
    at_the_press: list[str], django_capture_on_commit_callbacks: pytest.FixtureRequest
) -> None:
    workshop = told_in_words(1)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        asked = ask_for_print(workshop)
    assert at_the_press == ["rung"]
    waited = follow_print(asked, seconds=0.15)
    assert waited
    assert waited.state == PrintState.WAITING
    printed(workshop)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        ask_for_print(workshop)
    assert at_the_press == ["rung"]


def test_only_one_print_is_under_way_however_many_press() -> None:
    first, second = (ask_for_print(told_in_words(1)) for _ in range(2))
    assert printing._claim() == first
    assert printing._claim() is None
    assert print_due() == []
    with pytest.raises(IntegrityError), transaction.atomic():
        Print.objects.filter(pk=second.pk).update(state=PrintState.PRINTING)


def test_print_whose_printer_was_killed_is_taken_up_again_and_not_for_ever() -> None:
    asked = ask_for_print(told_in_words(1))
    for tries in range(1, printing.TRIES + 1):
        claimed = printing._claim()
        assert claimed
        assert claimed.tries == tries
        Print.objects.update(heard_at=timezone.now() - printing.SILENT - timedelta(seconds=1))
    assert printing._claim() is None
    asked.refresh_from_db()
    assert asked.state == PrintState.FAILED


def test_print_of_which_was_heard_before_the_clock_was_put_back_is_taken_up_again() -> None:
    asked = ask_for_print(told_in_words(1))
    printing._claim()
    Print.objects.update(heard_at=timezone.now() + printing.SILENT + timedelta(minutes=1))
    assert printing._claim() == asked


def test_late_printer_changes_nothing_where_another_is_at_it() -> None:
    workshop = told_in_words(1)
    ask_for_print(workshop)
    late = printing._claim()
    Print.objects.update(heard_at=timezone.now() - printing.SILENT - timedelta(seconds=1))
    other = printing._claim()
    assert late
    assert other
    printing._note_taker(late)(50)
    printing._end(late, PrintState.FAILED)
    other.refresh_from_db()
    assert (other.state, other.progress) == (PrintState.PRINTING, 0)
    printing._note_taker(other)(50)
    assert printing_of(workshop).tens == 50


def test_print_that_is_put_back_gives_way_to_a_newer_one() -> None:
    workshop = told_in_words(1)
    ask_for_print(workshop)
    claimed = printing._claim()
    assert claimed
    change(workshop)
    newer = ask_for_print(workshop)
    printing._put_back(claimed)
    assert list(Print.objects.all()) == [newer]


def test_print_waits_again_when_the_press_is_busy(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = ask_for_print(told_in_words(1))
    monkeypatch.setattr(press, "WAIT_SECONDS", 0)
    with press.one_at_a_time():
        assert print_due() == []
    asked.refresh_from_db()
    assert asked.state == PrintState.WAITING


@contextmanager
def locked(column: str) -> Iterator[list[str]]:
    """Let the database be busy whenever this column of a print under way is written; return each time that it was."""
    refused: list[str] = []

    def refuse(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        written = sql.partition(" WHERE ")[0]
        if written.startswith("UPDATE") and f'"{column}"' in written and '"tries"' not in written:
            refused.append(sql)
            raise OperationalError("database is locked")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(refuse):
        yield refused


def test_print_waits_again_where_the_database_is_busy_at_its_end() -> None:
    asked = ask_for_print(told_in_words(1))
    with locked("finished_at"), pytest.raises(OperationalError):
        print_due()
    asked.refresh_from_db()
    assert asked.state == PrintState.WAITING
    assert [each.pk for each in print_due()] == [asked.pk]


def test_print_goes_on_where_the_database_is_busy_at_a_note_of_progress() -> None:
    asked = ask_for_print(told_in_words(1))
    with locked("heard_at") as refused:
        assert [each.pk for each in print_due()] == [asked.pk]
    assert refused


def test_print_that_failed_stays_so_until_somebody_asks_again(monkeypatch: pytest.MonkeyPatch) -> None:
    workshop = told_in_words(1)
    good = printed(workshop)
    change(workshop)
    asked = ask_for_print(workshop)
    with monkeypatch.context() as bounded:
        bounded.setattr(press, "SECONDS", 0)
        assert print_due() == [asked]
    asked.refresh_from_db()
    assert (asked.state, asked.too_large, asked.pdf) == (PrintState.FAILED, True, None)
    assert ask_for_print(workshop) == asked
    assert (printing_of(workshop).has_failed, last_good(workshop)) == (True, good)
    again = ask_for_print(workshop, again=True)
    assert again.state == PrintState.WAITING
    print_due()
    assert list(Print.objects.all()) == [again]


def test_press_stops_when_it_is_told_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(press, "MODULE", "ratings.journal.pdf")
    stopping, told = threading.Event(), []

    def tell(per_cent: int) -> None:
        told.append(per_cent)
        stopping.set()

    with pytest.raises(PressStopped):
        set_order(order_of(build_journal(told_in_words(1))), tell=tell, stopping=stopping)
    assert told[0] == 1
    with press.one_at_a_time(), pytest.raises(PressStopped), press.one_at_a_time(stopping):
        pass
    assert print_due(stopping) == []


def test_progress_rises_to_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(press, "MODULE", "ratings.journal.pdf")
    told: list[int] = []
    sheets = set_order(order_of(build_journal(told_in_words(1))), tell=told.append)
    assert len(PdfReader(io.BytesIO(sheets.pdf)).pages) == sheets.pages
    assert told == sorted(set(told))
    assert (told[0], told[-1]) == (1, 95)
    assert len(told) > 6


# What is forgotten


def test_print_goes_with_a_decision_that_keeps_words_back() -> None:
    workshop = told_in_words(1)
    comment = Comment.objects.filter(workshop=workshop).earliest("position")
    imperative = Imperative.objects.filter(workshop=workshop).earliest("position")
    decisions: list[Callable[[], None]] = [
        lambda: hold_words(words=imperative, user=None),
        lambda: hide_words(words=comment, user=None, reason="twice"),
        lambda: redact_words(words=comment, user=None, chosen=[0], reason="person"),
    ]
    for decide in decisions:
        printed(workshop)
        decide()
        assert not Print.objects.exists()
    good = printed(workshop)
    show_words(words=imperative, user=None)
    assert last_good(workshop) == good
    assert ask_for_print(workshop) != good


def test_print_that_is_under_way_when_words_are_hidden_is_thrown_away() -> None:
    workshop = told_in_words(1)
    asked = ask_for_print(workshop)
    claimed = printing._claim()
    assert claimed
    hide_words(words=Comment.objects.filter(workshop=workshop).earliest("position"), user=None, reason="twice")
    assert printing._carry_out(claimed, threading.Event())
    assert not Print.objects.exists()
    assert follow_print(asked, seconds=0) is None
    assert printing_of(workshop).latest is None


def test_print_goes_with_sealing_withdrawing_a_rehearsal_and_the_workshop() -> None:
    workshop = factories.workshop(deliverables=1)
    phone = factories.participant(workshop)
    scale = scales_of(workshop)[0]
    record_comment(participant=phone, scale=scale, text="Ours alone")
    close(workshop)
    printed(workshop)
    withdraw_answers(participant=phone)
    assert not Print.objects.exists()
    printed(workshop)
    remove_rehearsal(workshop=workshop)
    assert not Print.objects.exists()
    printed(workshop)
    seal_workshop(workshop=workshop)
    assert not Print.objects.exists()
    printed(workshop)
    certificate = erase_workshop(workshop=workshop, by="test")
    assert certificate.rows["ratings.Print"] == 1
    assert not Print.objects.exists()


def test_print_with_words_that_were_changed_since_is_not_given_out_and_soon_forgotten() -> None:
    workshop = factories.workshop(deliverables=1)
    phone = factories.participant(workshop)
    scale = scales_of(workshop)[0]
    record_comment(participant=phone, scale=scale, text="As I first put it")
    close(workshop)
    good = printed(workshop)
    assert last_good(workshop) == good
    forget_stale()
    assert last_good(workshop) == good
    record_comment(participant=phone, scale=scale, text="As I put it now")
    assert last_good(workshop) is None
    forget_stale()
    assert not Print.objects.exists()


def test_no_earlier_print_is_given_out_while_the_workshop_runs() -> None:
    workshop = told_in_words(1)
    printed(workshop)
    Workshop.objects.filter(pk=workshop.pk).update(closed_at=None)
    workshop.refresh_from_db()
    assert last_good(workshop) is None


def test_print_holds_nothing_of_what_the_room_has_not_been_shown() -> None:
    workshop = factories.workshop(deliverables=1)
    scale = scales_of(workshop)[0]
    Score.objects.create(workshop=workshop, scale=scale, value=7, source=Source.PAPER)
    factories.comment(workshop, scale, "Kept for the reveal", state=CommentState.SHOWN)
    assert "Kept for the reveal" not in order_of(build_journal(workshop)).body["html"]
    asked = ask_for_print(workshop)
    Score.objects.filter(scale=scale).update(value=2)
    assert ask_for_print(workshop) == asked
    assert Print.objects.count() == 1


def test_print_due_command_prints_and_says_what(capsys: pytest.CaptureFixture[str]) -> None:
    workshop, other = told_in_words(1), told_in_words(1)
    ask_for_print(workshop)
    ask_for_print(other)
    call_command("print_due")
    call_command("print_due")
    lines = capsys.readouterr().out.splitlines()
    assert lines == [f"{each.code}  {each}  4 pages" for each in (workshop, other)] + ["Nothing is due."]
