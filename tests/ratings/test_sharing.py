"""Links to a signed journal: what they show, when they end, what is counted, and what is told to whom."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from ratings.deciding import hide_words
from ratings.models import Comment, ShareLink, SignedJournal
from ratings.sealing import seal_workshop
from ratings.sharing import LinkOver, NotSigned, follow_link, share_journal
from tests import factories
from workshops import guessing
from workshops.choices import Role, StageKind
from workshops.guessing import WAIT
from workshops.models import Workshop

pytestmark = pytest.mark.django_db


@pytest.fixture
def of() -> Workshop:
    """Return a sealed workshop whose journal was signed off."""
    made = factories.workshop(deliverables=1, by=factories.facilitator())
    factories.comment(made, factories.scale(made), "It goes well")
    factories.opened(made, StageKind.CLOSED)
    made.refresh_from_db()
    seal_workshop(workshop=made)
    factories.signed_journal(made)
    return made


def owner(of: Workshop) -> Client:
    """Return the owner's browser."""
    return factories.desk(of.facilitators.get(role=Role.OWNER).user)


def shared(of: Workshop, *, days: int = 30, number: int | None = None) -> str:
    """Make a link; return its path."""
    token = share_journal(
        workshop=of,
        by=of.facilitators.get(role=Role.OWNER).user,
        label="The cabinet member",
        expires_on=timezone.localdate() + timedelta(days=days),
        number=number,
    )
    return reverse("ratings:shared", args=[token])


def change(of: Workshop) -> None:
    """Let the journal be another one."""
    hide_words(words=Comment.objects.get(workshop=of), user=None, reason="Unkind")


def make(of: Workshop, **changes: object) -> str:
    """Make a link at the desk; return the page."""
    values = {"number": "", "label": "The cabinet member", "expires_on": timezone.localdate() + timedelta(days=9)}
    answer = owner(of).post(reverse("ratings:share", args=[of.code]), values | changes)
    assert answer.status_code == 200
    return answer.content.decode()


def test_owner_makes_a_link_that_is_shown_once_and_leads_to_the_journal(of: Workshop) -> None:
    page = make(of)
    found = re.search(r'value="(http://testserver)(/shared/[\w-]{43}/)"', page)
    assert found is not None
    journal = Client().get(found[2])
    assert journal.status_code == 200
    assert "It goes well" in journal.content.decode()
    assert SignedJournal.objects.get().blocks in journal.content.decode()
    token = found[2].split("/")[2]
    assert token not in owner(of).get(reverse("ratings:sign_off", args=[of.code])).content.decode()
    assert token not in str(ShareLink.objects.values())


def test_shared_page_tells_nothing_of_the_desk_and_is_for_no_search_engine(of: Workshop) -> None:
    path = shared(of)
    for url in (path, path + "journal.md"):
        answer = Client().get(url)
        assert answer["X-Robots-Tag"] == "noindex, nofollow"
        assert answer["Referrer-Policy"] == "no-referrer"
        assert "no-store" in answer["Cache-Control"]
        assert "private" in answer["Cache-Control"]
        assert not answer.cookies
    page = Client().get(path).content.decode()
    assert of.code not in page
    assert "/desk/" not in page
    assert "cabinet" not in page
    robots = Client().get("/robots.txt")
    assert (robots.content.decode(), robots["Content-Type"]) == ("User-agent: *\nDisallow: /\n", "text/plain")


def test_link_gives_the_signed_files_and_no_others(of: Workshop) -> None:
    path = shared(of)
    kept = SignedJournal.objects.get().files.get(suffix="md")
    assert Client().get(path + "journal.md").content == bytes(kept.data)
    assert Client().get(path + "journal.docx").status_code == 404


def test_link_to_an_edition_stays_with_it_and_one_to_the_latest_goes_along(of: Workshop) -> None:
    first, latest = shared(of, number=1), shared(of)
    change(of)
    for path in (first, latest):
        assert "It goes well" in Client().get(path).content.decode(), "what changes today is not in what was signed"
    factories.signed_journal(of, number=2, name="Grace Hopper")
    old, new = (Client().get(path).content.decode() for path in (first, latest))
    assert "Edition 2 was signed off since." in old
    assert "It goes well" in old
    assert "Grace Hopper" in new
    assert "It goes well" not in new


def test_opening_is_counted_and_looking_ahead_is_not(of: Workshop) -> None:
    path = shared(of)
    browser = Client()
    assert browser.head(path).status_code == 200
    for name in ("Sec-Purpose", "Purpose"):
        assert browser.get(path, headers={name: "prefetch;prerender"}).status_code == 200
    browser.get(path + "journal.md")
    link = ShareLink.objects.get()
    assert (link.opened, link.last_opened_on) == (0, None)
    for _ in range(2):
        browser.get(path)
    link.refresh_from_db()
    assert (link.opened, link.last_opened_on) == (2, timezone.localdate())
    shown = owner(of).get(reverse("ratings:sign_off", args=[of.code])).content.decode()
    assert "Opened 2 times, last on" in shown


def test_unknown_revoked_and_expired_links_are_told_apart_by_nobody(of: Workshop) -> None:
    revoked, expired, last_day = shared(of), shared(of), shared(of, days=0)
    links = list(ShareLink.objects.order_by("pk"))
    ShareLink.objects.filter(pk=links[1].pk).update(expires_on=timezone.localdate() - timedelta(days=1))
    answer = owner(of).post(reverse("ratings:revoke", args=[of.code, links[0].pk]))
    assert (answer.status_code, answer["Location"].endswith("#links")) == (302, True)
    pages = set()
    for path in (revoked, expired, "/shared/nobodys/"):
        for url in (path, path + "journal.pdf"):
            answer = Client().get(url)
            assert (answer.status_code, answer["Referrer-Policy"]) == (404, "no-referrer")
            pages.add(answer.content)
    assert len(pages) == 1
    assert of.organisation.encode() not in pages.pop()
    assert Client().get(last_day).status_code == 200
    shown = owner(of).get(reverse("ratings:sign_off", args=[of.code])).content.decode()
    assert "revoked on" in shown
    assert shown.count("Revoke<") == 2


def test_revoking_twice_keeps_the_first_day(of: Workshop) -> None:
    shared(of)
    day = timezone.localdate() - timedelta(days=3)
    ShareLink.objects.update(revoked_on=day)
    owner(of).post(reverse("ratings:revoke", args=[of.code, ShareLink.objects.get().pk]))
    assert ShareLink.objects.get().revoked_on == day


@pytest.mark.parametrize("number", ["0", "99999999999999999999999", "9" * 5000])
def test_links_and_editions_of_another_workshop_and_of_nobody_are_not_found(of: Workshop, number: str) -> None:
    other = factories.workshop()
    factories.signed_journal(other, number=2)
    theirs = factories.share_link(other)
    desk = owner(of)
    for link in (theirs.pk, number):
        assert desk.post(f"/journal/{of.code}/sign-off/links/{link}/revoke/").status_code == 404
    for edition in (2, number):
        assert desk.get(f"/journal/{of.code}/editions/{edition}/").status_code == 404
        assert desk.get(f"/journal/{of.code}/editions/{edition}/journal.md").status_code == 404
    theirs.refresh_from_db()
    assert theirs.revoked_on is None


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"label": ""}, "Say whom it is for"),
        ({"expires_on": ""}, "Choose the last day."),
        ({"expires_on": "tomorrow"}, "Choose a day."),
        ({"expires_on": timezone.localdate() - timedelta(days=1)}, "at most a year from now."),
        ({"expires_on": timezone.localdate() + timedelta(days=366)}, "at most a year from now."),
        ({"number": "2"}, "Choose one of the editions in the list."),
        ({"number": "9" * 400}, "Choose one of the editions in the list."),
    ],
)
def test_link_that_was_not_made_well_is_not_made(of: Workshop, changes: dict[str, object], says: str) -> None:
    page = make(of, **changes)
    assert says in page
    assert "You see it only now" not in page
    assert not ShareLink.objects.exists()


def test_link_to_one_edition_is_made_at_the_desk(of: Workshop) -> None:
    assert "/shared/" in make(of, number="1")
    assert ShareLink.objects.get().signed == SignedJournal.objects.get()


def test_nothing_is_shared_before_it_is_signed() -> None:
    of = factories.workshop(by=factories.facilitator())
    factories.opened(of, StageKind.CLOSED)
    of.refresh_from_db()
    seal_workshop(workshop=of)
    with pytest.raises(NotSigned):
        shared(of)
    answer = owner(of).post(
        reverse("ratings:share", args=[of.code]), {"label": "Us", "expires_on": timezone.localdate()}
    )
    assert answer.status_code == 302
    assert "Share it" not in owner(of).get(reverse("ratings:sign_off", args=[of.code])).content.decode()
    assert not ShareLink.objects.exists()


def test_link_of_one_workshop_never_leads_to_another(of: Workshop) -> None:
    other = factories.workshop()
    factories.signed_journal(other)
    _link, signed = follow_link(shared(of).split("/")[2])
    assert signed.workshop == of
    with pytest.raises(LinkOver):
        follow_link("nobodys")


def test_network_that_tries_many_links_waits_while_codes_go_on(of: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    path = shared(of)
    monkeypatch.setattr(guessing, "MOST_WRONG", 3)
    for n in range(3):
        assert Client().get(f"/shared/{n}/").status_code == 404
    for url in (path, path + "journal.md"):
        answer = Client().get(url)
        assert (answer.status_code, answer["Retry-After"], answer["Referrer-Policy"]) == (429, str(WAIT), "no-referrer")
    assert Client().get(path, REMOTE_ADDR="203.0.113.9").status_code == 200
    assert Client().get("/join/100000/").status_code == 404
    assert Client().get("/verify/").status_code == 200
