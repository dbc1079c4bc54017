"""A slice of what `python -m tests.fuzz` sends, and whether its judge finds what it looks for."""

from __future__ import annotations

import random

import pytest
from django.http import HttpResponse
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz import campaign, journals
from tests.fuzz.crawl import forms_of
from tests.fuzz.hostile import MARK, MARKUP
from tests.fuzz.judge import as_browsers_do, faults
from tests.fuzz.scenes import SCENES
from tests.ratings.journal.shapes import SHAPES, journal_of

LATER = {
    "Content-Security-Policy": "default-src 'none'",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["open at scale", "revealed at rag", "sealed"])
def test_nothing_that_is_sent_makes_a_workshop_stumble(name: str) -> None:
    report = campaign.Report()
    campaign.play(name, 45, random.Random(name), report, roles=("participant", "owner"))
    assert report.examples == {}
    assert report.sent > 30
    assert len(report.routes) > 10


def test_every_input_is_shared_out() -> None:
    assert sum(campaign.shares(100_001).values()) == 100_001
    assert set(campaign.shares(100)) == set(SCENES)


@pytest.mark.parametrize(
    ("html", "method", "fault"),
    [
        *((f"<main>{each}</main>", "GET", "") for each in MARKUP if each.startswith(("<", '"', "'</", "</"))),
        ("<main><a href='javascript:x()'>x</a></main>", "GET", "leads elsewhere"),
        (f"<main><form action='//{MARK}.example'></form></main>", "GET", "leads elsewhere"),
        ("<main><p role='alert'></p></main>", "POST", "says nothing"),
        ("<main><input aria-invalid='true'></main>", "POST", "does not say why"),
    ],
)
def test_judge_finds_what_a_page_may_not_hold(html: str, method: str, fault: str) -> None:
    answer = HttpResponse(html, headers=LATER)
    assert any(fault in each for each in faults(answer, method=method, thorough=True)), html


@pytest.mark.parametrize("text", MARKUP)
def test_judge_leaves_escaped_words_alone(text: str) -> None:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;").replace("'", "&#x27;")
    answer = HttpResponse(f"<main><p title='{escaped}'>{escaped}</p></main>", headers=LATER)
    assert list(faults(answer, method="GET", thorough=True)) == []


def test_judge_finds_what_a_response_may_not_be() -> None:
    for answer, fault in [
        (HttpResponse(status=500, headers=LATER), "status 500"),
        (HttpResponse("<main>No.</main>", status=400, headers=LATER), "without a sentence"),
        (HttpResponse("no", status=400, headers=LATER, content_type="text/plain"), "that is no page"),
        (HttpResponse(headers=LATER | {"Location": "//elsewhere.example"}), "leads elsewhere"),
        (HttpResponse(headers=LATER | {f"X-{MARK}": "1"}), "a header that was sent"),
        (HttpResponse(), "no Content-Security-Policy"),
    ]:
        assert any(fault in each for each in faults(answer, method="GET"))
    cookie = HttpResponse(headers=LATER)
    cookie.set_cookie("sent", "x")
    assert [*faults(cookie, method="GET")] == ["a cookie that was sent: sent"]


def test_crawl_finds_a_form_with_all_that_it_would_send() -> None:
    (form,) = forms_of(
        "<form method=post action=save/><input name=a value=1><input type=checkbox name=b>"
        "<textarea name=c>\nx</textarea>"
        "<select name=d><option value=1><option value=2 selected></select><button name=e value=f></form>",
        "/desk/",
    )
    assert (form.method, form.action) == ("POST", "/desk/save/")
    assert dict(form.fields) == {"a": "1", "c": "x", "d": "2"}
    assert form.names == {"a", "b", "c", "d"}
    assert form.buttons == [("e", "f")]


WORDS = st.sampled_from([*MARKUP, "=1+1", "\t@x", "＝1", "\u202eabc", "# Heading", "- [ ] <br>&#0;", "\x00", "\ud7ff"])


@settings(max_examples=4)
@given(
    st.lists(WORDS | st.text(max_size=40), min_size=5, max_size=30),
    st.sampled_from(["nothing-said", "urdu-and-arabic"]),
)
def test_no_words_make_a_writer_of_journals_stumble(words: list[str], shape: str) -> None:
    chance = random.Random(0)
    journal = journals.spoiled(journal_of(SHAPES[shape]), lambda: chance.choice(words))
    assert list(journals.faults(journal)) == []


def test_standard_reader_finds_what_breaks_out_of_foreign_markup() -> None:
    assert as_browsers_do(f"<math><mtext></form><form><mglyph><style></math><img src onerror={MARK}()>")
