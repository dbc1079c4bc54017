"""Every address × every role: who gets what, and that nothing sent to one makes it stumble."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import pytest
from django.http import HttpResponse, HttpResponseBase
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from ratings.choices import CommentState
from ratings.models import Comment, Imperative
from tests import factories
from tests.routes import ROUTES, address
from workshops.choices import StageKind
from workshops.models import Facilitator, Stage, Workshop

pytestmark = pytest.mark.django_db

ROLES = ("stranger", "participant", "participant elsewhere", "facilitator elsewhere", "facilitator")

# What each role gets, in the order of ROLES, by address and method. A number is a status, a word names the page that
# the role is sent to. A method that is missing is not allowed: 405 for every role.
EVERYBODY = "200 200 200 200 200"
SIGNED_IN = "sign_in sign_in sign_in 200 200"
DESK = "sign_in sign_in sign_in 404 200"
NOT_YET = "sign_in sign_in sign_in 404 404"  # before its stage has been open
MOVE = "sign_in sign_in sign_in 404 desk"
PHONE = "join 200 join join join"
TABLE = {
    "workshops:home": {"GET": EVERYBODY},
    "workshops:enter_code": {"POST": EVERYBODY},
    "workshops:join": {"GET": "200 phone 200 200 200", "POST": "phone phone phone phone phone"},
    "workshops:qr": {"GET": EVERYBODY},
    "workshops:leave": {"POST": "home home home home home"},
    "workshops:sign_in": {
        **dict.fromkeys(("GET", "POST", "PUT"), "200 200 200 workshops workshops"),
        **dict.fromkeys(("PATCH", "DELETE"), "405 405 405 workshops workshops"),
    },
    "workshops:sign_out": {"POST": "home home home home home"},
    "workshops:workshops": {"GET": SIGNED_IN},
    "workshops:new_workshop": {"GET": SIGNED_IN, "POST": SIGNED_IN},
    "workshops:reviews": {"GET": SIGNED_IN},
    "workshops:new_review": {"GET": SIGNED_IN, "POST": SIGNED_IN},
    "workshops:edit_review": {"GET": DESK, "POST": DESK},
    "workshops:edit_workshop": {"GET": DESK, "POST": DESK},
    "workshops:run_sheet": {"GET": DESK, "POST": DESK},
    "workshops:add_facilitator": {"GET": DESK, "POST": DESK},
    "workshops:move_to": {"POST": MOVE},
    "workshops:reveal": {"POST": MOVE},
    "workshops:cover": {"POST": MOVE},
    "workshops:timer": {"POST": MOVE},
    "workshops:one_more_minute": {"POST": MOVE},
    "workshops:pause": {"POST": MOVE},
    "workshops:resume": {"POST": MOVE},
    "workshops:blank": {"POST": MOVE},
    "workshops:take_over": {"POST": MOVE},
    "workshops:show": {"POST": MOVE},
    "ratings:open_card": {"GET": PHONE},
    "ratings:question": {"GET": "join phone join join join"},
    "ratings:answers": {"GET": PHONE},
    "ratings:save_score": {"POST": PHONE},
    "ratings:save_higher": {"POST": PHONE},
    "ratings:save_rag": {"POST": PHONE},
    "ratings:save_imperatives": {"POST": PHONE},
    "ratings:save_votes": {"POST": PHONE},
    "ratings:now": {"GET": DESK},
    "ratings:tally": {"GET": DESK},
    "ratings:peek": {"GET": DESK},
    "ratings:log": {"GET": DESK},
    "ratings:closing": {"GET": DESK},
    "ratings:add_aloud": {"POST": DESK},
    "ratings:paper": {"GET": NOT_YET, "POST": NOT_YET},
    "ratings:comments": {"GET": DESK},
    "ratings:themes": {"GET": "sign_in sign_in sign_in 404 desk"},
    "ratings:deliverable_themes": {"GET": DESK},
    "ratings:group": {"POST": DESK},
    "ratings:comment": {"GET": DESK},
    "ratings:decision_log": {"GET": DESK},
    "ratings:decide": {"POST": DESK},
    "ratings:show_new": {"POST": MOVE},
    "ratings:imperatives": {"GET": DESK},
    "ratings:merge": {"POST": DESK},
    "ratings:put_away": {"POST": "sign_in sign_in sign_in 404 imperatives"},
    "ratings:imperative": {"GET": DESK},
    "ratings:decide_imperative": {"POST": DESK},
    "ratings:part": {"POST": "sign_in sign_in sign_in 404 imperatives"},
    "ratings:action": {"POST": "sign_in sign_in sign_in 404 imperatives"},
    "ratings:remove_rehearsal": {"POST": MOVE},
    "ratings:wall_picture": {"GET": DESK},
    "ratings:journal_pdf": {"GET": DESK},
    "ratings:journal_file": {"GET": DESK},
    "phone": {"GET": PHONE},
    "desk": {"GET": DESK},
    "wall": {"GET": DESK},
    "journal": {"GET": DESK},
}
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


class Cast(NamedTuple):
    """A workshop with something of everything, and a browser for each role."""

    of: Workshop
    at: Stage
    ids: dict[str, int]
    browsers: dict[str, Client]


def make_cast() -> Cast:
    """Return a new cast; the review is the facilitator's own."""
    user, other_user = factories.facilitator(), factories.facilitator()
    of, elsewhere = factories.workshop(by=user), factories.workshop(by=other_user)
    review = of.edition.review
    review.owner = user
    review.save(update_fields=["owner"])
    comment = factories.comment(of, factories.scale(of), "Words", state=CommentState.NEW)
    imperative = factories.imperative(of, "Do it")
    browsers = [
        Client(),
        factories.phone(of),
        factories.phone(elsewhere),
        factories.desk(other_user),
        factories.desk(user),
    ]
    ids = {"comment_id": comment.pk, "imperative_id": imperative.pk}
    return Cast(of, factories.stage(of, StageKind.SCALE), ids, dict(zip(ROLES, browsers, strict=True)))


def gets(answer: HttpResponseBase) -> str:
    """Return what an answer is in the words of the table."""
    if answer.status_code != 302:
        return str(answer.status_code)
    path = answer.headers["Location"].split("?")[0]
    pages = {"/": "home", "/desk/": "workshops", "/desk/sign-in/": "sign_in"}
    return pages.get(path) or path.strip("/").split("/")[-1 if path.endswith("/imperatives/") else 0].replace(
        "w", "phone"
    )


def test_every_address_is_in_the_table() -> None:
    assert set(TABLE) == set(ROUTES), "say who gets what at a new address"


@pytest.mark.parametrize("name", TABLE)
def test_endpoint_gives_each_role_what_is_theirs_and_no_other_method(name: str) -> None:
    cast = make_cast()
    path = address(name, cast.of, at=cast.at, **cast.ids)

    def get(method: str, role: str) -> str:
        return gets(cast.browsers[role].generic(method, path, "sent=1", "application/x-www-form-urlencoded"))

    got = {method: " ".join(get(method, role) for role in ROLES) for method in METHODS}
    assert got == {method: TABLE[name].get(method, "405 405 405 405 405") for method in METHODS}


def insider(cast: Cast, name: str) -> Client:
    """Return the browser that is let in at an address: the phone's or the facilitator's."""
    return cast.browsers["participant" if name in FOR_PHONES else "facilitator"]


FOR_PHONES = {name for name, row in TABLE.items() if next(iter(row.values())).split()[0] in ("join", "phone")}
WITH_CODE = [name for name in TABLE if "code" in ROUTES[name].pattern.converters]
WITH_ID = [
    name for name in TABLE if {*ROUTES[name].pattern.converters} - {"code", "suffix"} and name != "ratings:question"
]


def test_unknown_code_is_not_found_by_those_who_are_let_in() -> None:
    cast = make_cast()
    for name in {*WITH_CODE} - {"workshops:leave"}:  # which looks nothing up
        path = address(name, cast.of, at=cast.at, **cast.ids).replace(cast.of.code, "000000")
        assert insider(cast, name).generic(next(iter(TABLE[name])), path).status_code == 404, name


@pytest.mark.parametrize(
    "code", ["12345", "1234567", "abcdef", "%00", "%D9%A4%D9%A8%D9%A8%D9%A8%D9%A8%D9%A8", "12345%0A", "a%20b;c", "%FF"]
)
def test_code_of_another_shape_is_not_found_by_anybody(code: str) -> None:
    cast = make_cast()
    for name in WITH_CODE:
        path = address(name, cast.of, at=cast.at, **cast.ids).replace(cast.of.code, code)
        for browser in (cast.browsers["stranger"], insider(cast, name)):
            assert browser.generic(next(iter(TABLE[name])), path).status_code == 404, name


@pytest.mark.parametrize("name", [name for name in TABLE if "POST" in TABLE[name]])
def test_nothing_is_taken_without_a_token_of_the_page(name: str) -> None:
    cast = make_cast()
    for browser in (cast.browsers["participant"], cast.browsers["facilitator"]):
        browser.handler.enforce_csrf_checks = True
        answer = browser.post(address(name, cast.of, at=cast.at, **cast.ids))
        assert answer.status_code == 403
        assert "This was not saved" in answer.content.decode()


def test_ids_of_another_workshop_are_not_found() -> None:
    cast, theirs = make_cast(), make_cast()
    for name in {*WITH_ID} - {"workshops:edit_review"}:
        path = address(name, theirs.of, at=theirs.at, **theirs.ids).replace(theirs.of.code, cast.of.code)
        method = next(iter(TABLE[name]))
        answer = insider(cast, name).generic(method, path, b"state=shown", "application/x-www-form-urlencoded")
        assert answer.status_code == 404, name
    assert Comment.objects.get(workshop=theirs.of).state == CommentState.NEW
    assert insider(cast, "desk").get(address("workshops:edit_review", theirs.of)).status_code == 404


@pytest.mark.parametrize("number", ["0", "99999999999999999999999", "9" * 4000, "9" * 5000])
def test_ids_that_nobody_has_are_not_found(number: str) -> None:
    cast = make_cast()
    for name in WITH_ID:
        names = {*ROUTES[name].pattern.converters} - {"code"}
        path = address(name, cast.of, at=cast.at, **dict.fromkeys(names, 777777777)).replace("777777777", number)
        assert insider(cast, name).generic(next(iter(TABLE[name])), path).status_code == 404, name


def test_pages_say_what_went_wrong() -> None:
    assert "There is nothing at this address" in Client().get("/nowhere/").content.decode()
    closed = Client(raise_request_exception=False)
    with broken_view():
        answer = closed.get("/")
    assert answer.status_code == 500
    assert "Something went wrong here" in answer.content.decode()


@contextmanager
def broken_view() -> Iterator[None]:
    """Make the start page fail."""
    pattern = ROUTES["workshops:home"]
    view = pattern.callback

    def broken(request: Any) -> HttpResponse:
        raise RuntimeError("on purpose")

    pattern.callback = broken
    try:
        yield
    finally:
        pattern.callback = view


# Hostile input

NASTY = [
    "\x00",
    "a\x00b",
    "\N{RIGHT-TO-LEFT OVERRIDE}gpj.exe\N{POP DIRECTIONAL FORMATTING}",
    "\N{COMBINING ACUTE ACCENT}" * 300,
    "9" * 5000,
    "-1",
    "1e9",
    "99999999999999999999",
    "٣",
    "²",
    "x" * 10_000,
    "<script>alert(1)</script>",
    "\"'><img src=x onerror=alert(1)>",
    "{{ 7|add:7 }}{% load x %}",
    "' OR 1=1 --",
    "\r\nSet-Cookie: a=b",
    "\ud7ff\U0010ffff",
    "   \t\n ",
]
TEXT = st.sampled_from(NASTY) | st.text(max_size=60) | st.integers().map(str)
FIELDS = {
    "workshops:enter_code": ["code", "ticket"],
    "workshops:join": ["group", "ticket"],
    "workshops:sign_in": ["username", "password", "next"],
    "workshops:new_workshop": ["review", "organisation", "venue", "date", "groups", "self_paced_until", "erase_on"],
    "workshops:new_review": [
        *["title", "imperative_question", "epigraph", "asks_higher", "add", "save"],
        *[
            f"deliverables-{name}"
            for name in ("TOTAL_FORMS", "INITIAL_FORMS", "0-name", "0-key", "0-ORDER", "0-DELETE")
        ],
    ],
    "workshops:edit_review": ["title", "imperative_question", "save", "deliverables-TOTAL_FORMS", "deliverables-0-key"],
    "workshops:edit_workshop": ["organisation", "venue", "date", "self_paced_until", "erase_on"],
    "workshops:add_facilitator": ["username"],
    "workshops:show": ["view", "page"],
    "workshops:run_sheet": ["network", "password"],
    "workshops:timer": ["minutes", "closes"],
    "workshops:blank": ["blank"],
    "ratings:save_score": ["value", "mark", "text"],
    "ratings:save_higher": ["higher"],
    "ratings:save_rag": ["value"],
    "ratings:save_imperatives": ["text_1", "text_2", "deliverables_1", "deliverables_2"],
    "ratings:save_votes": ["imperative"],
    "ratings:add_aloud": ["about", "text", "mark", "source"],
    "ratings:paper": ["0", "10", "unsure"],
    "ratings:decide": ["do", "reason", "own_reason", "words", "kind", "read", "list"],
    "ratings:show_new": ["seen", "list"],
    "ratings:group": ["comments", "name", "new_name", "do"],
    "ratings:merge": ["leading", "others"],
    "ratings:put_away": ["suggestion"],
    "ratings:decide_imperative": ["do", "reason", "own_reason", "words", "kind", "read"],
    "ratings:action": ["owner", "due"],
}
NO_FIELDS = {
    *("workshops:leave", "workshops:sign_out", "workshops:move_to", "workshops:reveal", "workshops:cover"),
    *("workshops:one_more_minute", "workshops:pause", "workshops:resume", "workshops:take_over"),
    *("workshops:one_more_minute", "workshops:pause", "workshops:resume", "workshops:take_over"),
    *("ratings:part", "ratings:remove_rehearsal"),
}
SLOW = {"journal", "ratings:journal_pdf", "ratings:journal_file"}  # they have tests of their own
TELLTALE = "<b data-sent>"
OPEN_AT = {
    "ratings:save_score": StageKind.SCALE,
    "ratings:save_rag": StageKind.RAG,
    "ratings:save_imperatives": StageKind.IMPERATIVES,
    "ratings:save_votes": StageKind.PRIORITIES,
}


def test_every_form_is_tried_below() -> None:
    assert {name for name in TABLE if "POST" in TABLE[name]} == {*FIELDS, *NO_FIELDS}


class TestHostileInput(TestCase):
    """Whatever is sent, the answer is a page, and what was typed is never markup."""

    @settings(max_examples=20)
    @given(st.data())
    def test_no_text_makes_a_form_stumble(self, data: st.DataObject) -> None:
        cast = make_cast()
        for name, fields in FIELDS.items():
            role = (
                "stranger" if name in ("workshops:enter_code", "workshops:join", "workshops:sign_in") else "facilitator"
            )
            if name in OPEN_AT:
                role = "participant"
                factories.opened(cast.of, OPEN_AT[name])
            sent = {field: data.draw(TEXT, label=field) for field in fields}
            if data.draw(st.booleans(), label="as markup"):
                sent = {field: f"{TELLTALE}{text}" for field, text in sent.items()}
            headers = {"HX-Request": "true"} if data.draw(st.booleans(), label="htmx") else {}
            path = address(name, cast.of, at=cast.at, **cast.ids)
            answer = cast.browsers[role].post(path, sent, headers=headers)
            assert answer.status_code in (200, 302, 404), (name, answer.status_code)
            assert TELLTALE not in answer.content.decode(), name

    @settings(max_examples=8)
    @given(TEXT)
    def test_no_query_makes_a_page_stumble(self, text: str) -> None:
        cast = make_cast()
        for name, methods in TABLE.items():
            if "GET" not in methods or name in SLOW:
                continue
            query = dict.fromkeys(("copy", "review", "next", "theme", "lost", "joined", "page"), text)
            path = address(name, cast.of, at=cast.at, **cast.ids)
            for browser in (cast.browsers["stranger"], insider(cast, name)):
                assert browser.get(path, query).status_code in (200, 302, 400, 404), name


def test_what_was_typed_is_never_markup_on_any_page() -> None:
    """Everything that people type, on every page that shows it, in every state of its stage."""
    cast = make_cast()
    of = cast.of
    Workshop.objects.filter(pk=of.pk).update(organisation=TELLTALE, venue=TELLTALE)
    type(of.edition).objects.filter(pk=of.edition.pk).update(title=TELLTALE, epigraph=TELLTALE)
    type(of.edition.review).objects.filter(pk=of.edition.review.pk).update(title=TELLTALE)
    of.edition.deliverables.update(name=TELLTALE, lead=TELLTALE, short_name=TELLTALE)
    for deliverable in of.edition.deliverables.all():
        deliverable.scales.update(anchor_ten=TELLTALE, anchor_zero=TELLTALE, short_ten=TELLTALE, short_zero=TELLTALE)
    of.groups.create(name=TELLTALE, position=1)
    Comment.objects.filter(workshop=of).update(text=TELLTALE, state=CommentState.SHOWN)
    Imperative.objects.filter(workshop=of).update(text=TELLTALE)
    Facilitator.objects.create(workshop=of, user=factories.facilitator(TELLTALE))
    escaped = 0
    for kind in StageKind:
        for bring in (factories.opened, factories.revealed):
            if bring is factories.revealed and not factories.stage(of, kind).asks:
                continue
            bring(of, kind)
            for name, methods in TABLE.items():
                if "GET" in methods and name not in SLOW:
                    page = insider(cast, name).get(address(name, of, at=cast.at, **cast.ids)).content.decode()
                    assert TELLTALE not in page, (name, kind)
                    escaped += "&lt;b data-sent&gt;" in page
    assert escaped > 50
