"""Every act at the desk leaves an entry in the trail; the owner reads it and takes it away."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client

from ratings.exporting import export_workshop
from ratings.imperatives import merge_imperatives
from ratings.models import Comment, Imperative
from ratings.rehearsal import mark_as_rehearsal
from ratings.sealing import seal_workshop
from tests import factories
from tests.ratings.journal_acts import ON_JOURNALS, SIGNED_FILES
from tests.rights import ACCOUNTS
from tests.routes import address
from tests.test_endpoints import FOR_PHONES, TABLE
from workshops.append_only import lift_guards, raise_guards
from workshops.choices import Deed, Move, Role, StageKind
from workshops.invitations import invite
from workshops.joining import hash_token, join_workshop, new_ticket
from workshops.models import Invitation, TrailEntry, Workshop
from workshops.sessions import reveal_stage
from workshops.timing import pause_timer, set_timer
from workshops.trail import record_act, trail_of

pytestmark = pytest.mark.django_db


class Desk(NamedTuple):
    """A workshop at a scale, its owner, and their browser."""

    of: Workshop
    user: User
    browser: Client

    @property
    def ids(self) -> dict[str, int]:
        """What addresses name."""
        comment, imperative = Comment.objects.get(workshop=self.of), Imperative.objects.filter(workshop=self.of)[0]
        return {"comment_id": comment.pk, "imperative_id": imperative.pk}

    def at(self, name: str, **changes: Any) -> str:
        """Return an address in this workshop; stages are the first scale's, unless `changes` say otherwise."""
        return address(name, self.of, **(self.ids | changes))


@pytest.fixture
def desk() -> Desk:
    """Return the desk of a workshop whose first scale is open, with a comment and two imperatives."""
    user = factories.facilitator("ann")
    of = factories.workshop(by=user)
    of.edition.review.owner = user
    of.edition.review.save(update_fields=["owner"])
    factories.comment(of, factories.scale(of), "Megan said so", state="new")  # type: ignore[arg-type]
    for text in ("Do it", "Do it soon"):
        factories.imperative(of, text)
    factories.opened(of, StageKind.SCALE)
    return Desk(of, user, factories.desk(user))


def _send(name: str, data: Mapping[str, object] | None = None, **changes: Any) -> Callable[[Desk], object]:
    return lambda desk: desk.browser.post(desk.at(name, **changes), data or {})


def _fetch(name: str) -> Callable[[Desk], object]:
    return lambda desk: desk.browser.get(desk.at(name))


def _person(name: str, data: dict[str, object]) -> Callable[[Desk], object]:
    def send(desk: Desk) -> object:
        user = factories.member(desk.of, Role.READER)
        return desk.browser.post(desk.at(name, user_id=user.pk), data)

    return send


def _withdraw(name: str, *, to_workshop: bool) -> Callable[[Desk], object]:
    def send(desk: Desk) -> object:
        User.objects.filter(pk=desk.user.pk).update(is_staff=True)
        workshop, role = (desk.of, Role.READER) if to_workshop else (None, None)
        invite(by=desk.user, workshop=workshop, role=role)
        return desk.browser.post(desk.at(name, invitation_id=Invitation.objects.get().pk))

    return send


def _follow(desk: Desk) -> object:
    token = invite(by=factories.member(desk.of, Role.OWNER), workshop=desk.of, role=Role.OWNER)
    return desk.browser.post(desk.at("workshops:invitation", token=token))


def _invite_planner(desk: Desk) -> object:
    User.objects.filter(pk=desk.user.pk).update(is_staff=True)
    return desk.browser.post(desk.at("workshops:invite_planner"))


def _plan(desk: Desk) -> object:
    details = {"review": desk.of.edition.review_id, "organisation": "Elsewhere", "date": "2026-05-14"}
    return desk.browser.post(desk.at("workshops:new_workshop"), details)


def _review(name: str) -> Callable[[Desk], object]:
    row = factories.deliverable_row("Safety")
    said = {f"deliverables-0-{key}": value for key, value in row.items()} | {"deliverables-0-ORDER": "1"}
    counts = {"deliverables-TOTAL_FORMS": "1", "deliverables-INITIAL_FORMS": "0"}
    edition = {"title": "Half way", "imperative_question": "What next?", "threshold": "5", "save": "1"}
    return _send(name, edition | counts | said)


def _revealed(after: Callable[[Desk], object]) -> Callable[[Desk], object]:
    def act(desk: Desk) -> object:
        reveal_stage(stage=factories.stage(desk.of, StageKind.SCALE), user=desk.user)
        return after(desk)

    return act


def _timed(after: Callable[[Desk], object], *, paused: bool = False) -> Callable[[Desk], object]:
    def act(desk: Desk) -> object:
        stage = factories.stage(desk.of, StageKind.SCALE)
        set_timer(stage=stage, seconds=60, user=desk.user)
        if paused:
            pause_timer(stage=stage, user=desk.user)
        return after(desk)

    return act


def _closed(after: Callable[[Desk], object]) -> Callable[[Desk], object]:
    def act(desk: Desk) -> object:
        factories.opened(desk.of, StageKind.CLOSED)
        return after(desk)

    return act


def _take_over(desk: Desk) -> object:
    Workshop.objects.filter(pk=desk.of.pk).update(controls=factories.member(desk.of, Role.FACILITATOR))
    return desk.browser.post(desk.at("workshops:take_over"))


def _aloud(desk: Desk) -> object:
    said = {"about": factories.scale(desk.of).pk, "text": "Said in the room", "source": "aloud"}
    return desk.browser.post(desk.at("ratings:add_aloud"), said)


def _aloud_next(desk: Desk) -> object:
    factories.opened(desk.of, StageKind.IMPERATIVES)
    said = {"about": "next", "text": "Said in the room", "source": "aloud"}
    return desk.browser.post(desk.at("ratings:add_aloud"), said)


def _papers(kind: StageKind, counted: str = "") -> Callable[[Desk], object]:
    def count(desk: Desk) -> object:
        stage = factories.opened(desk.of, kind)
        field = counted or str(desk.ids["imperative_id"])
        return desk.browser.post(desk.at("ratings:paper", at=stage), {field: "2"})

    return count


def _group(**data: str) -> Callable[[Desk], object]:
    def send(desk: Desk) -> object:
        return desk.browser.post(desk.at("ratings:group"), {"comments": desk.ids["comment_id"], **data})

    return send


def _show_new(desk: Desk) -> object:
    return desk.browser.post(desk.at("ratings:show_new"), {"seen": desk.ids["comment_id"]})


def _decide(name: str, do: str) -> Callable[[Desk], object]:
    def send(desk: Desk) -> object:
        closer = "ratings:comment" if name == "ratings:decide" else "ratings:imperative"
        form = desk.browser.get(desk.at(closer)).context["form"]
        reason = next(value for value, _label in form.fields["reason"].choices if value)
        sent = {"do": do, "reason": reason, "words": "0", "kind": "name", "read": form["read"].value()}
        return desk.browser.post(desk.at(name), sent)

    return send


def _merge(desk: Desk) -> object:
    first, second = Imperative.objects.filter(workshop=desk.of)
    return desk.browser.post(desk.at("ratings:merge"), {"leading": first.pk, "others": [first.pk, second.pk]})


def _part(desk: Desk) -> object:
    first, second = Imperative.objects.filter(workshop=desk.of)
    merge_imperatives(leading=second, others=[first])
    return desk.browser.post(desk.at("ratings:part", imperative_id=first.pk))


def _rehearsed(desk: Desk) -> object:
    token = join_workshop(workshop=desk.of, ticket=new_ticket())
    assert hash_token(desk.of.code, token)
    mark_as_rehearsal(workshop=desk.of, token=token)
    return desk.browser.post(desk.at("ratings:remove_rehearsal"))


def _erase(desk: Desk) -> object:
    return desk.browser.post(desk.at("ratings:data"), {"code": desk.of.code})


DETAILS: dict[str, object] = {"organisation": "Elsewhere", "date": "2026-05-14"}
LEAVES: list[tuple[str, Callable[[Desk], object], Deed | Move]] = [
    ("workshops:new_workshop", _plan, Deed.PLANNED),
    ("workshops:new_review", _review("workshops:new_review"), Deed.REVIEW),
    ("workshops:edit_review", _review("workshops:edit_review"), Deed.REVIEW),
    ("workshops:edit_workshop", _send("workshops:edit_workshop", DETAILS), Deed.DETAILS),
    ("workshops:wifi", _send("workshops:wifi", {"wifi_name": "Harbour Guest"}), Deed.DETAILS),
    ("workshops:change_role", _person("workshops:change_role", {"role": "owner"}), Deed.ROLE),
    ("workshops:remove_person", _person("workshops:remove_person", {}), Deed.REMOVED),
    ("workshops:invite_person", _send("workshops:invite_person", {"role": "reader"}), Deed.INVITED),
    ("workshops:withdraw", _withdraw("workshops:withdraw", to_workshop=True), Deed.WITHDREW),
    ("workshops:invitation", _follow, Deed.JOINED),
    ("workshops:invite_planner", _invite_planner, Deed.INVITED),
    ("workshops:withdraw_planner", _withdraw("workshops:withdraw_planner", to_workshop=False), Deed.WITHDREW),
    ("workshops:reveal", _send("workshops:reveal"), Move.REVEAL),
    ("workshops:cover", _revealed(_send("workshops:cover")), Move.TAKE_DOWN),
    ("workshops:timer", _send("workshops:timer", {"minutes": "2"}), Move.TIMER),
    ("workshops:timer", _timed(_send("workshops:timer")), Move.NO_TIMER),
    ("workshops:one_more_minute", _send("workshops:one_more_minute"), Move.EXTEND),
    ("workshops:pause", _timed(_send("workshops:pause")), Move.PAUSE),
    ("workshops:resume", _timed(_send("workshops:resume"), paused=True), Move.GO_ON),
    ("workshops:move_to", _closed(_send("workshops:move_to")), Move.OPEN),
    ("workshops:blank", _send("workshops:blank", {"blank": "1"}), Move.BLANK),
    ("workshops:take_over", _take_over, Move.TAKE_OVER),
    ("workshops:show", _revealed(_send("workshops:show", {"view": "comments"})), Deed.WALL),
    ("ratings:seal", _closed(_send("ratings:seal")), Move.SEAL),
    ("ratings:add_aloud", _aloud, Deed.ENTERED),
    ("ratings:add_aloud", _aloud_next, Deed.ENTERED),
    ("ratings:paper", _papers(StageKind.SCALE, "7"), Deed.COUNTED),
    ("ratings:paper", _papers(StageKind.RAG, "R"), Deed.COUNTED),
    ("ratings:paper", _papers(StageKind.PRIORITIES), Deed.COUNTED),
    ("ratings:decide", _decide("ratings:decide", "show"), Deed.COMMENTS),
    ("ratings:decide", _decide("ratings:decide", "redact"), Deed.COMMENTS),
    ("ratings:show_new", _show_new, Deed.COMMENTS),
    ("ratings:group", _group(name="Learning", new_name="Learning"), Deed.THEMES),
    ("ratings:group", _group(do="ungroup"), Deed.THEMES),
    ("ratings:merge", _merge, Deed.MERGED),
    ("ratings:part", _part, Deed.PARTED),
    ("ratings:decide_imperative", _decide("ratings:decide_imperative", "hold"), Deed.IMPERATIVES),
    ("ratings:decide_imperative", _decide("ratings:decide_imperative", "hide"), Deed.IMPERATIVES),
    ("ratings:action", _send("ratings:action", {"owner": "Director"}), Deed.ACTION),
    ("ratings:remove_rehearsal", _rehearsed, Deed.REHEARSAL),
    *((name, lambda desk, act=act: act(desk.of, desk.browser), deed) for name, act, deed in ON_JOURNALS),
    # Reads that matter
    ("ratings:peek", _fetch("ratings:peek"), Deed.PEEKED),
    ("ratings:export", _closed(_fetch("ratings:export")), Deed.TOOK_OUT),
    ("ratings:decision_log", _fetch("ratings:decision_log"), Deed.TOOK_OUT),
    ("ratings:trail_file", _fetch("ratings:trail_file"), Deed.TOOK_OUT),
    ("ratings:journal_file", _fetch("ratings:journal_file"), Deed.TOOK_OUT),
]
LEAVES_NONE = {
    "ratings:verify": "anybody asks, and nothing changes",
    "ratings:data": "erasing leaves its certificate, which outlives the trail",
    "ratings:put_away": "what somebody's own page suggests no more; nobody else's changes",
    "workshops:sign_out": "what follows is not done by anybody",
    **dict.fromkeys(("workshops:enter_code", "workshops:join", "workshops:join_by_token", "workshops:leave"), "phones"),
}
FILES = {"ratings:export", "ratings:decision_log", "ratings:trail_file", "ratings:journal_file", "ratings:journal_pdf"}


def test_every_address_that_changes_something_is_tried_below_or_says_why_not() -> None:
    changing = {name for name in TABLE if "POST" in TABLE[name]} - FOR_PHONES - ACCOUNTS.keys()
    assert changing <= {*LEAVES_NONE, *(name for name, _, _ in LEAVES)}
    named = {name for name in TABLE if any(word in name for word in ("export", "file", "pdf", "decision_log"))}
    assert named == FILES | SIGNED_FILES, "what is downloaded leaves an entry"


@pytest.mark.parametrize(("name", "act", "deed"), LEAVES)
def test_act_at_the_desk_leaves_an_entry(
    name: str, act: Callable[[Desk], object], deed: Deed | Move, desk: Desk
) -> None:
    before = {*TrailEntry.objects.values_list("pk", flat=True)}
    act(desk)
    fresh = TrailEntry.objects.exclude(pk__in=before).filter(act=deed, by="ann")
    assert fresh.count() == 1, (name, list(TrailEntry.objects.exclude(pk__in=before).values_list("act", "by")))
    assert "Megan" not in fresh[0].about


def test_erasing_leaves_a_certificate_and_no_trail(desk: Desk) -> None:
    _erase(desk)
    assert not TrailEntry.objects.exclude(workshop=None).exists()


# To read


def test_owner_reads_it_newest_first_a_page_at_a_time(desk: Desk, django_assert_num_queries: Any) -> None:
    desk.browser.post(desk.at("ratings:action"), {"owner": "Director"})
    path = desk.at("ratings:trail")
    page = desk.browser.get(path).content.decode()
    assert page.index("Opened") < page.index("Planned") < page.index("Owner or date given")
    assert "that day" in page
    assert "Director" not in page
    assert 'rel="next"' not in page
    with django_assert_num_queries(5):
        desk.browser.get(path)
    for n in range(60):
        record_act(workshop=desk.of, user=desk.user, act=Deed.WALL, about=f"View {n}.")
    with django_assert_num_queries(5):
        first = desk.browser.get(path).content.decode()
    last = desk.browser.get(f"{path}?page=99").content.decode()
    assert ("View 59." in first, "View 9." in first, 'rel="next"' in first) == (True, False, True)
    assert ("View 9." in last, "Planned" in last, 'rel="prev"' in last) == (True, True, True)
    assert "trail" in desk.browser.get(desk.at("ratings:data")).content.decode()


def test_workshop_from_before_has_an_empty_trail(desk: Desk) -> None:
    lift_guards()
    trail_of(desk.of).delete()
    raise_guards()
    assert "Nothing has been done" in desk.browser.get(desk.at("ratings:trail")).content.decode()
    with pytest.raises(CommandError, match="There is no trail"):
        call_command("check_trail", desk.of.code)


def test_file_has_every_entry_and_runs_nothing_in_a_spreadsheet(desk: Desk) -> None:
    record_act(workshop=desk.of, user=factories.facilitator("=1+1"), act=Deed.WALL, about="@SUM(A1)")
    record_act(workshop=desk.of, user=desk.user, act=Deed.COMMENTS)
    answer = desk.browser.get(desk.at("ratings:trail_file"))
    assert answer.headers["Content-Disposition"] == f'attachment; filename="trail-{desk.of.code}.csv"'
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0] == ["When", "What", "About", "By", "Chain", "Number", "Link"]
    assert len(rows) == 1 + trail_of(desk.of).count()
    assert rows[1][1:3] == ["Downloaded", f"trail-{desk.of.code}.csv"]
    assert rows[2][1:4] == ["Shown on the wall", "'@SUM(A1)", "'=1+1"]
    assert len(rows[-1][0]) == len("2026-05-14")
    assert {row[6] for row in rows[1:]} == set(trail_of(desk.of).values_list("link", flat=True))


def test_export_has_the_trail(desk: Desk) -> None:
    factories.opened(desk.of, StageKind.CLOSED)
    desk.of.refresh_from_db()
    rows = export_workshop(desk.of)["rows"]["workshops.TrailEntry"]
    assert sorted((row["strand"], row["number"], row["act"], row["by"]) for row in rows) == [
        ("session", 1, "planned", "ann"),
        ("session", 2, "open", ""),
        ("session", 3, "open", ""),
    ]


def test_sealing_leaves_the_trail_as_it_is(desk: Desk) -> None:
    _show_new(desk)
    before = set(trail_of(desk.of).values_list("pk", "link"))
    factories.opened(desk.of, StageKind.CLOSED)
    desk.of.refresh_from_db()
    seal_workshop(workshop=desk.of)
    assert before < set(trail_of(desk.of).values_list("pk", "link"))
    call_command("check_trail", desk.of.code, stdout=io.StringIO())


# The check


def test_check_says_how_far_each_chain_goes_and_writes_it_out(desk: Desk, tmp_path: Path) -> None:
    _show_new(desk)
    out, file = io.StringIO(), tmp_path / "trail.csv"
    last = trail_of(desk.of).filter(strand="words").get().link
    call_command("check_trail", desk.of.code, "--noted", last, "--write", str(file), stdout=out)
    assert f"Words: 1 entries hold, the last is {last}\n" in out.getvalue()
    assert out.getvalue().endswith(f"3 entries in {file}\n")
    assert len(file.read_text(encoding="utf-8-sig").splitlines()) == 4
    with pytest.raises(CommandError, match="cannot be written: File exists"):
        call_command("check_trail", desk.of.code, "--write", str(file), stdout=out)
    call_command("check_trail", stdout=out)
    assert "ann: " in out.getvalue()


def test_check_fails_when_something_was_changed_or_cut_or_is_unguarded(desk: Desk) -> None:
    out = io.StringIO()
    noted = trail_of(desk.of)[0].link
    lift_guards()
    with pytest.raises(CommandError, match="guards are down"):
        call_command("check_trail", desk.of.code, stdout=out)
    trail_of(desk.of).filter(link=noted).delete()
    with pytest.raises(CommandError, match="The entry with that link is gone"):
        call_command("check_trail", desk.of.code, "--noted", noted, stdout=out)
    trail_of(desk.of).update(by="bob")
    with pytest.raises(CommandError, match="Session: entry 1 does not follow"):
        call_command("check_trail", desk.of.code, stdout=out)
    with pytest.raises(CommandError, match="No workshop has the code 000000"):
        call_command("check_trail", "000000", stdout=out)
    TrailEntry.objects.filter(workshop=None).delete()
    raise_guards()
    call_command("check_trail", stdout=out)
    assert out.getvalue().endswith("Nothing is in the trails of accounts.\n")
