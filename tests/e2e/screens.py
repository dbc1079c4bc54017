"""Every screen of the product in every state: what it needs, where it is, and what to do there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from playwright.sync_api import Page

from tests import factories
from tests.e2e.accounts import follow_a_link, make_a_link, sign_in, sign_in_wrongly
from tests.e2e.acts import count_papers, erase, mistype_wifi, share, type_another_code, verify
from tests.e2e.browsing import Visitors
from tests.e2e.editing import choose_quotes, choose_too_many, edit_too_late, see_the_pages
from tests.e2e.packing import CARRYING
from tests.e2e.rooms import GROUPS, Room, room, session_of
from workshops.choices import StageKind, WallView

Audience = Literal["phone", "desk", "page", "wall"]
SIZES: dict[Audience, tuple[tuple[int, int], ...]] = {
    "phone": ((390, 844), (320, 568)),
    "desk": ((1366, 768), (320, 568)),
    "page": ((1366, 768), (320, 568)),
    "wall": ((1280, 720), (1920, 1080), (1024, 768)),
}


@dataclass(frozen=True)
class Screen:
    """One screen in one state: the room that is there (none: a stranger comes), its address, and what is done on it."""

    name: str
    audience: Audience
    path: str
    people: int = 26
    room: dict[str, Any] = field(default_factory=dict)
    act: Callable[[Page], None] | None = None
    script: bool = True
    status: int = 200

    @property
    def sizes(self) -> tuple[tuple[int, int], ...]:
        """The windows it is measured in. 1920 by 1080 is 1280 by 720 to scale: a few walls say so for all."""
        first, *others = SIZES[self.audience]
        return (first, *others[self.audience == "wall" and (self.people != 26 or "view" in self.room) :])

    @property
    def still(self) -> bool:
        """Whether Plotly stays away, so that the SVG is measured: on walls like one that is measured with Plotly."""
        return self.audience == "wall" and (self.people in (5, 60, 200) or bool(self.room.get("long")))

    def arrange(self) -> Room:
        """Write the room that this screen shows."""
        if not self.room:
            user = factories.facilitator()
            return Room("", session_of(user), {})
        return room(self.people, **self.room)

    def open(self, visitors: Visitors, page: Page, width: int, height: int) -> None:
        """Show this screen in a page, so many pixels large."""
        arranged = visitors.installation.arrange(self.arrange)
        stranger = self.path.startswith("/join/")
        cookies = arranged.facilitator | ({} if stranger else arranged.phone)
        url = visitors.installation.url
        page.context.add_cookies([{"name": name, "value": value, "url": url} for name, value in cookies.items()])
        page.set_viewport_size({"width": width, "height": height})
        if self.still or not self.script:  # as if these had not come; measuring needs a script of its own
            away = "**/vendor/plotly*" if self.script else "**/*.js"
            page.route(away, lambda route: route.fulfill(body="", content_type="text/javascript"))
        page.goto(self.path.format(code=arranged.code))
        if self.act:
            self.act(page)
        page.evaluate("document.fonts.ready")


def _choose(page: Page) -> None:
    page.get_by_label("5", exact=True).check()
    page.get_by_label("Worry").check()
    page.get_by_label("Your comment").fill("We talk about it more than we do it.")


def _save(page: Page) -> None:
    page.get_by_role("button", name="Save").click()
    page.locator("#dock .state, #alert .alert, [data-stage^=closed]").first.wait_for()


def _save_what_was_chosen(page: Page) -> None:
    _choose(page)
    _save(page)


def _lose_the_connection(page: Page) -> None:
    _choose(page)
    page.context.set_offline(True)
    page.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Try to send now").wait_for()


def _come_too_late(page: Page) -> None:
    """Send an answer to another deliverable's question, which is not open."""
    _choose(page)
    page.locator("form[data-stage]").evaluate(
        "form => { form.action = form.action.replace(/[0-9]+(?=.score)/, (id) => Number(id) + 1) }"
    )
    page.get_by_role("button", name="Save").click()
    page.get_by_role("heading", name="This question has closed").wait_for()


def _name_two(page: Page) -> None:
    page.get_by_label("One thing that must happen").fill("Protect one hour a week in every team to learn together")
    page.get_by_label("A second, if you need it").fill("Write every plan with the family in the room")
    page.get_by_role("checkbox").first.check()
    _save(page)


def _say_higher(words: str) -> Callable[[Page], None]:
    """Say what one point higher would look like; with a possible name in the words, be warned."""

    def say(page: Page) -> None:
        page.get_by_label("What would one point higher look like?").fill(words)
        page.get_by_role("button", name="Save").click()
        page.locator("#dock .state, #alert .alert, #names .alert").first.wait_for()

    return say


def _vote_for(count: int) -> Callable[[Page], None]:
    def vote(page: Page) -> None:
        for box in page.get_by_role("checkbox").all()[:count]:
            box.check()
        _save(page)

    return vote


def _type_code(code: str) -> Callable[[Page], None]:
    def type_code(page: Page) -> None:
        page.get_by_label("Six-digit code").fill(code)
        page.get_by_role("button", name="Join").click()
        page.locator("#code-error").wait_for()

    return type_code


def _unfold(page: Page) -> None:
    for summary in page.locator("summary").all():
        summary.click()


def _press(name: str) -> Callable[[Page], None]:
    def press(page: Page) -> None:
        page.get_by_role("button", name=name).first.click()
        page.locator(".alert:visible").first.wait_for()

    return press


def _phone(name: str, at: StageKind, act: Callable[[Page], None] | None = None, **more: Any) -> Screen:
    known: dict[str, Any] = {key: more.pop(key) for key in ("script", "people", "path", "status") if key in more}
    defaults: dict[str, Any] = {"path": "/w/{code}/", "room": {"at": at, "answered": False, **more}, "act": act}
    return Screen(f"phone-{name}", "phone", **{**defaults, **known})


def _desk(name: str, at: StageKind, act: Callable[[Page], None] | None = None, **more: Any) -> Screen:
    path = more.pop("path", "/desk/{code}/")
    return Screen(f"desk-{name}", "desk", path, people=more.pop("people", 26), room={"at": at, **more}, act=act)


def _wall(name: str, at: StageKind, **more: Any) -> Screen:
    return Screen(f"wall-{name}", "wall", "/wall/{code}/", people=more.pop("people", 26), room={"at": at, **more})


K = StageKind
PHONES = [
    Screen("phone-join", "phone", "/join/{code}/", room={"at": K.LOBBY, "groups": GROUPS}, act=_unfold),
    Screen("phone-join-plain", "phone", "/join/{code}/", room={"at": K.LOBBY}),
    Screen("phone-join-closed", "phone", "/join/{code}/", room={"at": K.CLOSED}),
    Screen("phone-join-sealed", "phone", "/join/{code}/", room={"at": K.CLOSED, "sealed": True}),
    Screen("phone-wrong-code", "phone", "/", act=_type_code("100000")),
    Screen("phone-short-code", "phone", "/", act=_type_code("482")),
    _phone("lobby", K.LOBBY, _unfold),
    _phone("being", K.SCALE),
    _phone("being-chosen", K.SCALE, _choose),
    _phone("being-saved", K.SCALE, _save_what_was_chosen),
    _phone("being-without-script", K.SCALE, _save_what_was_chosen, script=False),
    _phone("being-nothing-chosen", K.SCALE, _save),
    _phone("being-nothing-chosen-without-script", K.SCALE, _save, script=False),
    _phone("being-not-sent", K.SCALE, _lose_the_connection),
    _phone("being-too-late", K.SCALE, _come_too_late, script=False),
    _phone("being-long", K.SCALE, long=True),
    _phone("progress", K.SCALE, n=2),
    _phone("look-up", K.SCALE, revealed=True),
    _phone("being-revealed", K.SCALE, _unfold, revealed=True, answered=True),
    _phone("progress-revealed-200", K.SCALE, n=2, revealed=True, answered=True, people=200),
    _phone("being-revealed-long", K.SCALE, revealed=True, answered=True, long=True, people=5),
    _phone("few-revealed", K.SCALE, revealed=True, answered=True, people=4),
    _phone("few-votes-revealed", K.PRIORITIES, revealed=True, answered=True, people=4),
    _phone("rag-revealed", K.RAG, _unfold, revealed=True, answered=True),
    _phone("rag-revealed-500", K.RAG, revealed=True, answered=True, people=500),
    _phone("votes-revealed", K.PRIORITIES, revealed=True, answered=True),
    _phone("higher", K.SCALE, revealed=True, answered=True, higher=True),
    _phone(
        "higher-saved",
        K.SCALE,
        _say_higher("Look again in six weeks, all together"),
        n=2,
        revealed=True,
        answered=True,
        higher=True,
    ),
    _phone(
        "higher-taken-back-long", K.SCALE, _say_higher(""), n=2, revealed=True, answered=True, higher=True, long=True
    ),
    _phone("higher-named", K.SCALE, _say_higher("Ask Megan."), revealed=True, answered=True, higher=True, script=False),
    _phone("timer", K.SCALE, timer=83),
    _phone("timer-over", K.SCALE, timer=0),
    _phone("rag", K.RAG),
    _phone("rag-saved", K.RAG, answered=True),
    _phone("together", K.TOGETHER),
    _phone("map", K.MAP),
    _phone("imperatives", K.IMPERATIVES),
    _phone("imperatives-saved", K.IMPERATIVES, _name_two),
    _phone("imperatives-nothing-typed", K.IMPERATIVES, _save),
    _phone("imperatives-long", K.IMPERATIVES, _unfold, long=True),
    _phone("votes", K.PRIORITIES),
    _phone("votes-saved", K.PRIORITIES, _vote_for(3)),
    _phone("votes-four", K.PRIORITIES, _vote_for(4), script=False),
    _phone("votes-long", K.PRIORITIES, long=True, imperatives=40),
    _phone("finished", K.CLOSED),
    _phone("answers", K.CLOSED, path="/w/{code}/answers/"),
    _phone("withdraw", K.CLOSED, path="/w/{code}/answers/withdraw/"),
    _phone("withdrawn", K.CLOSED, _press("Withdraw them all"), path="/w/{code}/answers/withdraw/", script=False),
    _phone("answers-higher", K.RAG, path="/w/{code}/answers/", higher=True),
    _phone("answers-long", K.PRIORITIES, path="/w/{code}/answers/", long=True, answered=True),
]
PAGES = [
    Screen("page-home", "page", "/"),
    Screen("page-sign-in", "page", "/", act=sign_in),
    Screen("page-sign-in-wrong", "page", "/", act=sign_in_wrongly),
    Screen("page-invitation-over", "page", "/invitation/nobodys/", status=404),
    Screen("page-link-over", "page", "/shared/nobodys/", status=404),
    Screen("page-shared", "page", "/shared/shared-with-{code}/", room={"at": K.CLOSED, "signed": "superseded"}),
    Screen("page-verify", "page", "/verify/"),
    Screen("page-verify-unknown", "page", "/verify/", act=verify("0" * 64)),
    Screen("page-verify-nothing", "page", "/verify/", act=verify("")),
    Screen("page-nothing-here", "page", "/nothing/here/", status=404),
]
DESKS = [
    Screen("desk-no-workshops", "desk", "/desk/"),
    _desk("workshops", K.SCALE, path="/desk/"),
    _desk("workshops-long", K.CLOSED, path="/desk/", long=True),
    Screen("desk-new-workshop", "desk", "/desk/new/"),
    Screen("desk-new-workshop-error", "desk", "/desk/new/", act=_press("Plan it")),
    Screen("desk-reviews", "desk", "/desk/reviews/"),
    Screen("desk-new-review", "desk", "/desk/reviews/new/"),
    Screen("desk-new-review-error", "desk", "/desk/reviews/new/", act=_press("Save the review")),
    Screen("desk-copy-review", "desk", "/desk/reviews/new/?copy=1"),
    Screen("desk-account", "desk", "/desk/account/"),
    Screen("desk-password", "desk", "/desk/account/password/"),
    Screen("desk-is-it-you", "desk", "/desk/account/app/"),
    _desk("people", K.LOBBY, _unfold, path="/desk/{code}/people/"),
    _desk("people-link", K.LOBBY, make_a_link, path="/desk/{code}/people/"),
    _desk("invitation", K.LOBBY, follow_a_link, path="/desk/{code}/people/"),
    _desk("lobby", K.LOBBY, groups=GROUPS),
    _desk("wifi", K.LOBBY, mistype_wifi, path="/desk/{code}/wifi/"),
    _desk("being", K.SCALE),
    _desk("being-empty", K.SCALE, people=1, answered=False),
    _desk("being-unfolded", K.SCALE, _unfold),
    _desk("being-revealed", K.SCALE, revealed=True),
    _desk("being-comments", K.SCALE, revealed=True, view=WallView.COMMENTS, long=True),
    _desk("higher", K.SCALE, revealed=True, higher=True),
    _desk("higher-view", K.SCALE, revealed=True, higher=True, view=WallView.HIGHER, long=True),
    _desk("being-long", K.SCALE, _unfold, long=True),
    _desk("many", K.MAP, deliverables=12, people=12),
    _desk("timer", K.SCALE, _unfold, timer=83),
    _desk("timer-over", K.SCALE, timer=0),
    _desk("timer-long", K.SCALE, timer=83, long=True),
    _desk("blank", K.SCALE, blank=True),
    _desk("without-controls", K.SCALE, path="/desk/{code}/?refused=1", other=True),
    _desk("paper", K.SCALE, count_papers, revealed=True),
    _desk("closing", K.PRIORITIES, path="/desk/{code}/close/", revealed=True),
    _desk("rag", K.RAG),
    _desk("rag-revealed", K.RAG, revealed=True, people=200),
    _desk("together", K.TOGETHER),
    _desk("map", K.MAP),
    _desk("imperatives", K.IMPERATIVES),
    _desk("imperatives-revealed", K.IMPERATIVES, revealed=True, imperatives=40),
    _desk("votes", K.PRIORITIES),
    _desk("votes-revealed", K.PRIORITIES, revealed=True),
    _desk("closed", K.CLOSED),
    _desk("sealed", K.CLOSED, sealed=True),
    _desk("seal", K.CLOSED, path="/desk/{code}/seal/"),
    _desk("data", K.CLOSED, path="/desk/{code}/data/"),
    _desk("trail", K.CLOSED, path="/desk/{code}/trail/"),
    _desk("data-wrong-code", K.SCALE, type_another_code, path="/desk/{code}/data/"),
    _desk("erased", K.CLOSED, erase, path="/desk/{code}/data/"),
    *(_desk(name, K.CLOSED, act, path="/desk/{code}/carry/") for name, act in CARRYING.items()),
    Screen("desk-take-in", "desk", "/desk/take-in/", act=_press("Take it in")),
    _desk("imperatives-sealed", K.CLOSED, path="/desk/{code}/imperatives/", sealed=True),
    _desk("comments", K.TOGETHER, path="/desk/{code}/comments/"),
    _desk("comments-long", K.TOGETHER, path="/desk/{code}/comments/", long=True),
    _desk("sign-off-closed", K.CLOSED, path="/journal/{code}/sign-off/"),
    _desk("sign-off", K.CLOSED, path="/journal/{code}/sign-off/", sealed=True),
    _desk("sign-off-checked", K.CLOSED, _press("Sign it off"), path="/journal/{code}/sign-off/", signed="checked"),
    _desk("sign-off-signed", K.CLOSED, path="/journal/{code}/sign-off/", signed="signed", long=True),
    _desk("sign-off-link", K.CLOSED, share, path="/journal/{code}/sign-off/", signed="superseded"),
    _desk("edition", K.CLOSED, path="/journal/{code}/editions/1/", signed="superseded"),
    _desk("journal", K.CLOSED, path="/journal/{code}/"),
    _desk("journal-long", K.CLOSED, path="/journal/{code}/", long=True, printing=True),
    _desk("edit-journal", K.CLOSED, see_the_pages, path="/desk/{code}/edit/"),
    _desk("edit-journal-long", K.CLOSED, edit_too_late, path="/desk/{code}/edit/", long=True),
    _desk("edit-deliverable", K.CLOSED, choose_quotes, path="/desk/{code}/edit/"),
    _desk("edit-deliverable-long", K.CLOSED, choose_too_many, path="/desk/{code}/edit/", long=True),
    _desk("journal-printing", K.CLOSED, path="/journal/{code}/journal.pdf", printing=True),
]

VIEWS: dict[str, dict[str, Any]] = {
    "lobby": {"at": K.LOBBY},
    "being": {"at": K.SCALE},
    "being-strip": {"at": K.SCALE, "revealed": True},
    "progress-strip": {"at": K.SCALE, "n": 2, "revealed": True},
    "both": {"at": K.TOGETHER},
    "rag": {"at": K.RAG, "revealed": True},
    "comments": {"at": K.SCALE, "revealed": True, "view": WallView.COMMENTS},
    "higher": {"at": K.SCALE, "revealed": True, "view": WallView.HIGHER, "higher": True},
    "map": {"at": K.MAP},
    "ranked": {"at": K.PRIORITIES, "revealed": True},
}
ROOMS = {
    26: tuple(VIEWS),
    5: ("being-strip", "both", "rag", "map"),
    60: ("being", "being-strip"),
    200: ("being", "being-strip", "both", "rag", "ranked"),
    500: ("lobby", "being-strip", "both", "rag"),
}
WALLS = [
    *(
        _wall(view if people == 26 else f"{people}-{view}", people=people, **VIEWS[view])
        for people, views in ROOMS.items()
        for view in views
    ),
    _wall("wifi", K.LOBBY, wifi=("Harbour Hall Guest", "seven herons 42")),
    _wall("long-wifi", K.LOBBY, wifi=("W" * 32, "W" * 63)),
    _wall("being-empty", K.SCALE, people=1, answered=False),
    _wall("progress", K.SCALE, n=2),
    _wall("strip-empty", K.SCALE, people=1, answered=False, revealed=True),
    *(_wall(f"few-{view}", people=4, **VIEWS[view]) for view in ("being-strip", "both", "rag", "ranked")),
    _wall("rag-open", K.RAG),
    _wall("together-rag", K.TOGETHER, view=WallView.RAG),
    _wall("together-comments", K.TOGETHER, view=WallView.COMMENTS),
    _wall("imperatives-open", K.IMPERATIVES),
    _wall("imperatives", K.IMPERATIVES, revealed=True),
    _wall("imperatives-40", K.IMPERATIVES, revealed=True, imperatives=40, long=True),
    _wall(
        "imperatives-40-last",
        K.IMPERATIVES,
        revealed=True,
        imperatives=40,
        long=True,
        view=WallView.IMPERATIVES,
        page=99,
    ),
    _wall("votes", K.PRIORITIES),
    _wall("ranked-40", K.PRIORITIES, revealed=True, imperatives=40, long=True),
    _wall("ranked-40-last", K.PRIORITIES, revealed=True, imperatives=40, long=True, view=WallView.IMPERATIVES, page=99),
    _wall("timer", K.SCALE, timer=83),
    _wall("timer-over", K.SCALE, timer=0, long=True),
    _wall("blank", K.SCALE, blank=True),
    _wall("thanks", K.CLOSED),
    _wall("thanks-map", K.CLOSED, view=WallView.MAP),
    _wall("long-lobby", K.LOBBY, long=True, people=500),
    *(_wall(f"long-being-{page}", K.SCALE, long=True, view=WallView.QUESTION, page=page) for page in (1, 2)),
    _wall("long-strip", K.SCALE, long=True, revealed=True),
    _wall("long-rag", K.RAG, long=True, revealed=True),
    _wall("long-both", K.TOGETHER, long=True),
    *(
        _wall(f"long-comments-{page}", K.TOGETHER, long=True, view=WallView.COMMENTS, page=page)
        for page in (1, 2, 3, 99)
    ),
    *(
        _wall(f"long-higher-{page}", K.TOGETHER, long=True, higher=True, view=WallView.HIGHER, page=page)
        for page in (1, 99)
    ),
    _wall("long-map", K.MAP, long=True),
    _wall("many-map", K.MAP, deliverables=12, people=12),
    _wall("long-imperatives-open", K.IMPERATIVES, long=True),
    _wall("long-thanks", K.CLOSED, long=True),
]
DARK = (*VIEWS, "timer", "blank", "thanks")
DARK_WALLS = [
    replace(each, name=f"wall-dark-{name}", path=each.path + "?theme=dark")
    for name in DARK
    for each in WALLS
    if each.name == f"wall-{name}"
]
SCREENS = [*PAGES, *PHONES, *DESKS, *WALLS, *DARK_WALLS]
assert len({screen.name for screen in SCREENS}) == len(SCREENS)
