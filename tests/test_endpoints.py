"""Every address × every role × how far the workshop has come: who gets what."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from copy import deepcopy
from typing import Any, NamedTuple

import pytest
from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponse, HttpResponseBase
from django.test import Client

from ratings.choices import CommentState
from ratings.journal import press
from ratings.models import Comment, Imperative
from ratings.sealing import seal_workshop
from tests import factories
from tests.ratings.journal import quick_press
from tests.rights import ACCOUNTS, METHODS, ROLES, Row, at_desk, same
from tests.routes import ROUTES, address
from workshops.choices import Phase, Role, StageKind
from workshops.invitations import invite
from workshops.models import Erasure, Stage, Workshop
from workshops.permissions import Act

pytestmark = pytest.mark.django_db

# What each role gets by address and method. A number is a status, a word names the page that the role is sent to. A
# method that is missing is not allowed: 405 for every role.
EVERYBODY = same("200 200 200 200 200 200 200")
SIGNED_IN = same("sign_in sign_in sign_in 200 200 200 200")
STAFF = same("sign_in sign_in sign_in 404 404 404 404")  # of the installation: nobody by their role in a workshop
PLANNER = same("sign_in sign_in sign_in 200 200 200 403")
OWN_REVIEW = same("sign_in sign_in sign_in 404 200 404 403")
DESK = at_desk(Act.LOOK)
MODERATE = at_desk(Act.MODERATE)
MODERATED = at_desk(Act.MODERATE, "imperatives")
READ = at_desk(Act.READ)
SHOWN = at_desk(Act.LOOK, "desk")
MOVE = at_desk(Act.MOVE, "desk")
PAPER = at_desk(Act.ENTER, "404")  # before its stage has been open
PHONE = same("join 200 join join join join join", sealed="join join join join join join join")
JOIN = {
    "GET": same("200 phone 200 200 200 200 200", sealed="200 200 200 200 200 200 200"),
    "POST": same(
        "phone phone phone phone phone phone phone",
        closed="200 phone 200 200 200 200 200",
        sealed="200 200 200 200 200 200 200",
    ),
}
TABLE: dict[str, dict[str, Row]] = {
    "workshops:home": {"GET": EVERYBODY},
    "workshops:enter_code": {"POST": EVERYBODY},
    "workshops:join": JOIN,
    "workshops:join_by_token": JOIN,
    "workshops:qr": {"GET": DESK},
    "workshops:leave": {"POST": same("home home home home home home home")},
    **ACCOUNTS,
    "workshops:sign_out": {"POST": same("home home home home home home home")},
    "workshops:workshops": {"GET": SIGNED_IN},
    "workshops:new_workshop": {"GET": PLANNER, "POST": PLANNER},
    "workshops:reviews": {"GET": PLANNER},
    "workshops:new_review": {"GET": PLANNER, "POST": PLANNER},
    "workshops:edit_review": {"GET": OWN_REVIEW, "POST": OWN_REVIEW},
    "workshops:edit_workshop": dict.fromkeys(("GET", "POST"), at_desk(Act.DETAILS)),
    "workshops:run_sheet": {"GET": DESK},
    "workshops:wifi": {"GET": at_desk(Act.WIFI), "POST": at_desk(Act.WIFI, "desk")},
    "workshops:wifi_qr": {"GET": at_desk(Act.LOOK, "404")},  # it is not known
    "workshops:people": {"GET": at_desk(Act.PEOPLE)},
    "workshops:change_role": {"POST": at_desk(Act.PEOPLE)},
    "workshops:remove_person": {"POST": at_desk(Act.PEOPLE, "people")},
    "workshops:invite_person": {"POST": at_desk(Act.PEOPLE)},
    "workshops:withdraw": {"POST": at_desk(Act.PEOPLE, "people")},
    "workshops:invitation": {
        "GET": EVERYBODY,
        "POST": same("200 200 200 workshops 404 404 404"),  # whoever comes first has used it up
    },
    "workshops:invite_planner": {"GET": STAFF, "POST": STAFF},
    "workshops:withdraw_planner": {"POST": STAFF},
    "workshops:move_to": {"POST": MOVE},
    "workshops:reveal": {"POST": MOVE},
    "workshops:cover": {"POST": MOVE},
    "workshops:timer": {"POST": MOVE},
    "workshops:one_more_minute": {"POST": MOVE},
    "workshops:pause": {"POST": MOVE},
    "workshops:resume": {"POST": MOVE},
    "workshops:blank": {"POST": SHOWN},
    "workshops:take_over": {"POST": SHOWN},
    "workshops:show": {"POST": SHOWN},
    "ratings:open_card": {"GET": PHONE},
    "ratings:question": {
        "GET": same("join phone join join join join join", sealed="join join join join join join join")
    },
    "ratings:answers": {"GET": PHONE},
    "ratings:copy": {"GET": PHONE},
    "ratings:withdraw": {
        "GET": PHONE,
        "POST": same("join phone join join join join join", sealed="join join join join join join join"),
    },
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
    "ratings:seal": {
        "GET": at_desk(Act.SEAL),
        "POST": same(  # the owner, who comes first, seals it
            "sign_in sign_in sign_in 404 409 409 403", closed="sign_in sign_in sign_in 404 desk 409 403"
        ),
    },
    "ratings:data": {"GET": at_desk(Act.ERASE), "POST": at_desk(Act.ERASE)},
    "ratings:export": {"GET": at_desk(Act.EXPORT)},
    "ratings:carry": {"GET": at_desk(Act.CARRY), "POST": at_desk(Act.CARRY)},
    "ratings:carry_file": {"POST": at_desk(Act.CARRY, "desk")},  # without a passphrase that was shown
    "take_in": {"GET": PLANNER, "POST": PLANNER},
    "ratings:trail": {"GET": at_desk(Act.TRAIL)},
    "ratings:trail_file": {"GET": at_desk(Act.TRAIL)},
    "ratings:certificate": {"GET": same("sign_in sign_in sign_in 404 200 404 404")},
    "ratings:add_aloud": {"POST": at_desk(Act.ENTER)},
    "ratings:paper": {"GET": PAPER, "POST": PAPER},
    "ratings:comments": {"GET": MODERATE},
    "ratings:themes": {"GET": at_desk(Act.MODERATE, "desk")},
    "ratings:deliverable_themes": {"GET": MODERATE},
    "ratings:group": {"POST": MODERATE},
    "ratings:comment": {"GET": MODERATE},
    "ratings:decision_log": {"GET": MODERATE},
    "ratings:decide": {"POST": MODERATE},
    "ratings:show_new": {"POST": at_desk(Act.MODERATE, "desk")},
    "ratings:imperatives": {"GET": MODERATE},
    "ratings:merge": {"POST": MODERATE},
    "ratings:put_away": {"POST": MODERATED},
    "ratings:imperative": {"GET": MODERATE},
    "ratings:decide_imperative": {"POST": MODERATE},
    "ratings:part": {"POST": MODERATED},
    "ratings:action": {"POST": MODERATED},
    "ratings:edit_journal": dict.fromkeys(("GET", "POST"), at_desk(Act.EDIT)),
    "ratings:edit_deliverable": dict.fromkeys(("GET", "POST"), at_desk(Act.EDIT)),
    "ratings:preview": {"GET": at_desk(Act.EDIT)},
    "ratings:preview_pages": {"GET": at_desk(Act.EDIT)},
    "ratings:preview_progress": {"GET": at_desk(Act.EDIT)},
    "ratings:preview_page": {"GET": at_desk(Act.EDIT, "404")},  # nothing was printed
    "ratings:remove_rehearsal": {"POST": at_desk(Act.MODERATE, "desk")},
    "ratings:wall_picture": {"GET": DESK},
    "ratings:journal_pdf": {"GET": READ},
    "ratings:printing": {"GET": READ},
    "ratings:last_print": {"GET": at_desk(Act.READ, "404")},  # nothing was printed
    "ratings:journal_file": {"GET": READ},
    "ratings:sign_off": {"GET": READ},
    "ratings:check": {"POST": at_desk(Act.CHECK)},
    "ratings:sign": {"POST": at_desk(Act.SIGN)},
    "ratings:share": {"POST": at_desk(Act.SHARE)},
    "ratings:revoke": {"POST": at_desk(Act.SHARE, "journal")},
    "ratings:signed_journal": {"GET": READ},
    "ratings:signed_file": {"GET": READ},
    "ratings:shared": {"GET": same("404 404 404 404 404 404 404")},  # with a token that nobody was given
    "ratings:shared_file": {"GET": same("404 404 404 404 404 404 404")},
    "ratings:verify": {"GET": EVERYBODY, "POST": EVERYBODY},
    "ratings:robots": {"GET": EVERYBODY},
    "phone": {"GET": PHONE},
    "desk": {"GET": DESK},
    "wall": {"GET": DESK},
    "journal": {"GET": READ},
}


class Cast(NamedTuple):
    """A workshop with something of everything, and a browser for each role."""

    of: Workshop
    at: Stage
    ids: dict[str, Any]
    browsers: dict[str, Client]


def make_cast(phase: Phase = Phase.OPEN) -> Cast:
    """Return a new cast of a workshop that has come so far; the review is its owner's own."""
    user, other_user = factories.facilitator(), factories.facilitator()
    of, elsewhere = factories.workshop(by=user), factories.workshop(by=other_user)
    review = of.edition.review
    review.owner = user
    review.save(update_fields=["owner"])
    factories.comment(of, factories.scale(of), "Words", state=CommentState.NEW)
    factories.imperative(of, "Do it")
    phones = [factories.phone(of), factories.phone(elsewhere)]
    if phase != Phase.OPEN:
        factories.opened(of, StageKind.CLOSED)
    if phase in (Phase.SEALED, Phase.CARRIED):
        of.refresh_from_db()
        seal_workshop(workshop=of)
    if phase == Phase.CARRIED:
        Workshop.objects.filter(pk=of.pk).update(carried_on=of.date)
    members = [factories.member(of, role) for role in (Role.FACILITATOR, Role.READER)]
    other = factories.member(of, Role.READER)
    browsers = [Client(), *phones, *map(factories.desk, (other_user, user, *members))]
    ids: dict[str, Any] = {
        "comment_id": Comment.objects.get(workshop=of).pk,
        "imperative_id": Imperative.objects.get(workshop=of).pk,
        "user_id": other.pk,
    }
    ids["erasure_id"] = Erasure.objects.create(
        organisation="Gone", date=of.date, due=of.date, rows={}, by=user.get_username(), user=user
    ).pk
    ids["number"] = factories.signed_journal(of).number
    ids["link_id"] = factories.share_link(of).pk
    ids |= {"token": invite(by=user, workshop=of, role=Role.READER), "invitation_id": of.invitations.get().pk}
    return Cast(of, factories.stage(of, StageKind.SCALE), ids, dict(zip(ROLES, browsers, strict=True)))


def gets(answer: HttpResponseBase) -> str:
    """Return what an answer is in the words of the table."""
    if answer.status_code != 302:
        return str(answer.status_code)
    path = answer.headers["Location"].split("?")[0]
    pages = {"/": "home", "/desk/": "workshops", "/desk/sign-in/": "sign_in", "/desk/account/again/": "again"}
    parts = path.strip("/").split("/")
    return pages.get(path) or (parts[-1] if parts[-1] in ("imperatives", "people") else parts[0].replace("w", "phone"))


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the press set nothing: what is in a file does not matter here."""
    monkeypatch.setattr(press, "MODULE", quick_press.__name__)


def test_every_address_is_in_the_table() -> None:
    assert set(TABLE) == set(ROUTES), "say who gets what at a new address"


def differs(name: str) -> bool:
    """Return whether a carried workshop is answered otherwise than a sealed one: the others are the same door."""
    return any(row(Phase.CARRIED) != row(Phase.SEALED) for row in TABLE[name].values())


@contextmanager
def lent(cast: Cast) -> Iterator[Cast]:
    """Lend a cast with browsers as new; what is done with them is taken back."""
    cache.clear()  # of what was tried too often
    with transaction.atomic():
        yield cast._replace(browsers=deepcopy(cast.browsers))
        transaction.set_rollback(True)


@pytest.mark.parametrize("phase", Phase)
def test_endpoint_gives_each_role_what_is_theirs_and_no_other_method(phase: Phase) -> None:
    made, wrong = make_cast(phase), {}
    for name in TABLE if phase != Phase.CARRIED else filter(differs, TABLE):
        with lent(made) as cast:
            got, due = answers(cast, name, phase)
            if got != due:
                wrong[name] = {method: (got[method], due[method]) for method in due if got[method] != due[method]}
    assert wrong == {}  # what each role gets, and what is theirs


def answers(cast: Cast, name: str, phase: Phase) -> tuple[dict[str, str], dict[str, str]]:
    """Return what each role gets at an address, and what the table says, by method.

    Methods that the address does not take are tried while the workshop is open, by a stranger and by the owner.
    """
    path = address(name, cast.of, at=cast.at, **cast.ids)

    def get(method: str, roles: Sequence[str]) -> str:
        form = ("sent=1", "application/x-www-form-urlencoded")
        return " ".join(gets(cast.browsers[role].generic(method, path, *form)) for role in roles)

    row = TABLE[name]
    got = {method: get(method, ROLES) for method in row}
    due = {method: row[method](phase) for method in row}
    for method in set(METHODS) - set(row) if phase == Phase.OPEN else ():
        got[method], due[method] = get(method, ("stranger", Role.OWNER)), "405 405"
    return got, due


def insider(cast: Cast, name: str) -> Client:
    """Return the browser that is let in at an address: the phone's or the owner's."""
    return cast.browsers["participant" if name in FOR_PHONES else "owner"]


FOR_PHONES = {
    name for name, row in TABLE.items() if next(iter(row.values()))(Phase.OPEN).split()[0] in ("join", "phone")
}
WITH_CODE = [name for name in TABLE if "code" in ROUTES[name].pattern.converters]
WITH_ID = [
    name
    for name in TABLE
    if {*ROUTES[name].pattern.converters} - {"code", "suffix", "token", "pk", "provider_id", "number", "link_id"}
    and name != "ratings:question"
]


def test_unknown_code_is_not_found_by_those_who_are_let_in() -> None:
    cast = make_cast()
    for name in {*WITH_CODE} - {"workshops:leave"}:  # which looks nothing up
        path = address(name, cast.of, at=cast.at, **cast.ids).replace(cast.of.code, "000000")
        found = gets(insider(cast, name).generic(next(iter(TABLE[name])), path))
        assert found == ("join" if name in FOR_PHONES else "404"), name  # the join page says 404, and counts


@pytest.mark.parametrize(
    "code", ["12345", "1234567", "abcdef", "%00", "%D9%A4%D9%A8%D9%A8%D9%A8%D9%A8%D9%A8", "12345%0A", "a%20b;c", "%FF"]
)
def test_code_of_another_shape_is_not_found_by_those_who_are_let_in(code: str) -> None:
    cast = make_cast()
    for name in WITH_CODE:
        path = address(name, cast.of, at=cast.at, **cast.ids).replace(cast.of.code, code)
        assert insider(cast, name).generic(next(iter(TABLE[name])), path).status_code == 404, name


def test_nothing_is_taken_without_a_token_of_the_page() -> None:
    cast = make_cast()
    for browser in (cast.browsers["participant"], cast.browsers["owner"]):
        browser.handler.enforce_csrf_checks = True
        for name in (name for name in TABLE if "POST" in TABLE[name]):
            answer = browser.post(address(name, cast.of, at=cast.at, **cast.ids))
            assert answer.status_code == 403, name
            assert "This was not saved" in answer.content.decode(), name


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
