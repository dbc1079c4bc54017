"""The pages beside the form: drawn from the PDF, the last good ones while another is printed."""

from __future__ import annotations

import io

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image

from ratings.choices import PrintState
from ratings.deciding import hide_words
from ratings.journal import press, printing
from ratings.journal.preview import WIDTH, draw_page
from ratings.journal.printing import ask_for_print, follow_print, print_due
from ratings.models import Comment, Print
from tests import factories
from tests.ratings.journal import quick_press
from tests.ratings.journal.edited import to_edit
from tests.ratings.journal.told import told_in_words
from workshops.choices import Role
from workshops.models import Facilitator, Workshop

pytestmark = pytest.mark.django_db


def desk_of(workshop: Workshop) -> Client:
    """Return a browser of a new facilitator of this workshop."""
    user = factories.facilitator()
    Facilitator.objects.create(workshop=workshop, user=user, role=Role.FACILITATOR)
    return factories.desk(user)


def get(desk: Client, name: str, of: Workshop, *ids: int, query: str = "") -> str:
    """Return a page, or a fragment of one."""
    return desk.get(reverse(f"ratings:{name}", args=[of.code, *ids]) + query).content.decode()


def test_pages_are_pictures_of_the_pdf_and_go_with_words_that_are_taken_out() -> None:
    of = told_in_words(1)
    desk = desk_of(of)
    page = get(desk, "preview", of)
    done = Print.objects.get(state=PrintState.DONE)
    assert done.pages is not None
    assert page.count("<img") == done.pages
    assert f'alt="Page {done.pages} of {done.pages}"' in page
    last = reverse("ratings:preview_page", args=[of.code, done.pk, done.pages])
    assert f'src="{last}"' in page
    answer = desk.get(last)
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("image/png", "private, no-store")
    with Image.open(io.BytesIO(answer.content)) as picture:
        assert picture.width == WIDTH
        assert picture.height == pytest.approx(WIDTH * 297 / 210, abs=2)
        assert len(picture.convert("L").getcolors() or ()) > 20
    assert draw_page(of, done.pk, done.pages + 1) is None
    other = told_in_words(1)
    assert draw_page(other, done.pk, 1) is None
    Workshop.objects.filter(pk=of.pk).update(closed_at=None)  # then only the journal as it is now
    of.refresh_from_db()
    assert draw_page(of, done.pk, 1) is None
    Workshop.objects.filter(pk=of.pk).update(closed_at=other.closed_at)
    hide_words(words=Comment.objects.filter(workshop=of)[0], user=None, reason="Unkind")
    assert desk.get(last).status_code == 404


def test_last_good_pages_stay_in_sight_while_others_are_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(press, "MODULE", quick_press.__name__)
    of = to_edit()
    desk = factories.desk(of.facilitators.get().user)
    assert "from before" not in get(desk, "preview", of)
    first = Print.objects.get()
    monkeypatch.setattr(printing, "bells", [lambda: None])  # somebody is at the press, who is slow
    Workshop.objects.filter(pk=of.pk).update(venue="Elsewhere")
    page = get(desk, "preview", of)
    assert "waits for its turn at the press" in page
    assert "These pages are from before." in page
    assert page.count(f"/pages/{first.pk}/") == quick_press.PAGES
    assert 'http-equiv="refresh"' in get(desk, "preview_pages", of)
    url = reverse("ratings:preview_progress", args=[of.code])
    assert f'hx-get="{url}?seen=waiting-0"' in page
    assert desk.get(f"{url}?seen=waiting-0").status_code == 204
    Print.objects.filter(state=PrintState.WAITING).update(state=PrintState.PRINTING, progress=47)
    assert "being printed: 40% done." in get(desk, "preview_progress", of, query="?seen=waiting-0")
    Print.objects.filter(state=PrintState.PRINTING).update(progress=3)
    assert "What you saved is being printed." in get(desk, "preview_progress", of)
    Print.objects.filter(state=PrintState.PRINTING).update(state=PrintState.WAITING)
    print_due()
    after = get(desk, "preview_progress", of, query="?seen=printing-0")
    assert f'hx-get="{reverse("ratings:preview", args=[of.code])}" hx-trigger="load"' in after
    page = get(desk, "preview", of)
    assert "from before" not in page
    assert f"/pages/{first.pk}/" not in page


@pytest.mark.parametrize(
    ("bound", "value", "sentence"),
    [
        ("SECONDS", 0, "took more time or memory"),
        ("MODULE", "ratings.journal.no_such_module", "The pages could not be printed."),
    ],
)
def test_pages_that_cannot_be_printed_say_so_and_can_be_tried_again(
    bound: str, value: object, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    of = to_edit()
    desk = factories.desk(of.facilitators.get().user)
    monkeypatch.setattr(press, bound, value)
    page = get(desk, "preview", of)
    assert sentence in page
    assert "<img" not in page
    monkeypatch.undo()
    monkeypatch.setattr(press, "MODULE", quick_press.__name__)
    assert sentence in get(desk, "preview", of)
    assert get(desk, "preview_pages", of, query="?again=1").count("<img") == quick_press.PAGES


def test_pages_of_a_workshop_that_runs_are_those_of_now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(press, "MODULE", quick_press.__name__)
    of = factories.workshop(by=factories.facilitator("ann"))
    desk = factories.desk(of.facilitators.get().user)
    assert get(desk, "preview", of).count("<img") == quick_press.PAGES
    monkeypatch.setattr(printing, "bells", [lambda: None])
    follow_print(ask_for_print(of), seconds=0)
    Workshop.objects.filter(pk=of.pk).update(venue="Elsewhere")
    assert "<img" not in get(desk, "preview", of)
