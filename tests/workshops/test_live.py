"""The live channel of one process, over real connections."""

import json
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.workshops.conftest import Event, LiveApp, Screen


def shown(revision: int, venue: str) -> Event:
    """The stage event that a phone gets for a venue."""
    data = {"revision": revision, "stage": venue, "fresh": True, "html": f"<p>{venue}\nGöteborg</p>"}
    return Event(revision, "stage", data)


def test_phone_gets_the_current_stage_first(app: LiveApp, code: str) -> None:
    screens = app.do("make", code=code, venue="hall")
    assert app.follow(screens["phone"]).event() == shown(0, "hall")
    app.do("move", code=code, venue="attic")
    assert app.follow(screens["phone"]).event() == shown(1, "attic")


def test_stream_has_the_headers_and_first_lines_that_browsers_and_proxies_need(app: LiveApp, code: str) -> None:
    phone = app.follow(app.do("make", code=code, venue="hall")["phone"])
    headers = {name.lower(): value for name, value in phone.response.getheaders()}
    assert headers["content-type"] == "text/event-stream"
    assert headers["cache-control"] == "no-store"
    assert headers["x-accel-buffering"] == "no"
    assert "server" not in headers
    assert [phone.line() for _ in range(5)][:4] == ["retry: 2000", "", "id: 0", "event: stage"]


@pytest.mark.parametrize("screen", ["wall", "desk"])
def test_wall_and_desk_get_the_revision_alone(app: LiveApp, code: str, screen: str) -> None:
    follower = app.follow(app.do("make", code=code, venue="hall")[screen])
    assert follower.event() == Event(0, "stage", {"revision": 0})
    app.do("move", code=code, venue="attic")
    assert follower.event() == Event(1, "stage", {"revision": 1})


def test_change_is_told_after_its_commit_and_never_after_a_rollback(app: LiveApp, code: str) -> None:
    phone = app.follow(app.do("make", code=code, venue="hall")["phone"])
    assert phone.event() == shown(0, "hall")
    assert app.do("move", code=code, venue="cellar", outcome="rollback") == 1
    assert app.do("move", code=code, venue="attic") == 1
    assert phone.event() == shown(1, "attic")


def test_every_screen_of_the_workshop_is_told_and_no_other(app: LiveApp, code: str) -> None:
    other = app.follow(app.do("make", code=f"9{code[1:]}", venue="elsewhere")["phone"])
    screens = app.do("make", code=code, venue="hall")
    followers = [app.follow(screens["phone"]) for _ in range(20)]
    assert [follower.event() for follower in [*followers, other]] == [shown(0, "hall")] * 20 + [shown(0, "elsewhere")]
    app.do("move", code=code, venue="attic")
    assert [follower.event() for follower in followers] == [shown(1, "attic")] * 20
    app.do("move", code=f"9{code[1:]}", venue="far away")
    assert other.event() == shown(1, "far away")


def test_tally_reaches_wall_and_desk_but_no_phone(app: LiveApp, code: str) -> None:
    screens = app.do("make", code=code, venue="hall")
    phone, wall, desk = (app.follow(screens[screen]) for screen in ("phone", "wall", "desk"))
    assert [screen.event().topic for screen in (phone, wall, desk)] == ["stage"] * 3
    app.do("tally", code=code, joining=1)
    assert wall.event() == desk.event() == Event(0, "tally", {})
    app.do("move", code=code, venue="attic")
    assert phone.event() == shown(1, "attic")


def test_tallies_are_brought_together(app: LiveApp, code: str) -> None:
    wall = app.follow(app.do("make", code=code, venue="hall")["wall"])
    wall.event()
    begun = time.monotonic()
    app.do("tally", code=code, times=300)
    app.do("move", code=code, venue="attic")
    seen: list[Event] = []
    while not seen or seen[-1].topic == "tally":
        seen.append(wall.event())
    allowed = 2 + (time.monotonic() - begun) / 0.2
    assert seen[-1] == Event(1, "stage", {"revision": 1})
    assert 1 <= len(seen) - 1 <= allowed


def test_lobby_phone_follows_the_head_count_to_the_last(app: LiveApp, code: str) -> None:
    phone = app.follow(app.do("make", code=code, venue="lobby")["phone"])
    assert phone.event().data["html"] == "<p>0</p>"
    app.do("tally", code=code, joining=3)
    app.do("tally", code=code, joining=4)
    counts = [phone.event()]
    while counts[-1].data["html"] != "<p>7</p>":
        counts.append(phone.event())
    assert {event.revision for event in counts} == {0}
    assert len(counts) <= 2


def test_lobby_phone_that_comes_late_sees_the_head_count_of_now(app: LiveApp, code: str) -> None:
    screens = app.do("make", code=code, venue="lobby")
    assert app.follow(screens["phone"]).event().data["html"] == "<p>0</p>"
    app.do("tally", code=code, joining=2)
    late = app.follow(screens["phone"])
    counts = [late.event().data["html"]]
    while counts[-1] != "<p>2</p>":
        counts.append(late.event().data["html"])
    assert len(counts) <= 2


def test_quiet_stream_is_kept_alive_with_beats(app: LiveApp, code: str) -> None:
    phone = app.follow(app.do("make", code=code, venue="hall")["phone"])
    phone.event()
    assert [phone.line() for _ in range(4)] == ["event: beat", "data: {}", "", "event: beat"]


def ended(screen: Screen) -> None:
    """Read a stream to its end, which the server has set: one that goes on fails the test after ten seconds."""
    with pytest.raises(EOFError):
        consume(screen)


def consume(screen: Screen) -> None:
    """Read for ever."""
    while True:
        screen.event()


@pytest.mark.parametrize("screen", ["phone", "wall", "desk"])
def test_stranger_is_refused(app: LiveApp, code: str, screen: str) -> None:
    path = app.do("make", code=code, venue="hall")[screen]
    assert app.get(path.partition("?")[0])[0] == 403
    assert app.get(f"{path}x")[0] == 403
    assert app.get(path.replace("key=", "key=%FF%00"))[0] == 403


def test_streams_of_somebody_who_was_removed_end_and_all_others_go_on(app: LiveApp, code: str) -> None:
    phone = app.follow(app.do("make", code=code, venue="hall")["phone"])
    ann, bob = (app.do("admit", code=code, name=name) for name in ("ann", "bob"))
    hers, his = ([app.follow(path) for path in screens.values()] for screens in (ann, bob))
    app.do("dismiss", code=code, name="ann")
    for screen in hers:
        ended(screen)
    for path in ann.values():
        assert app.get(path)[0] == app.get(f"{path}&poll=1")[0] == 403
    revision = app.do("move", code=code, venue="attic")
    for screen in (phone, *his):
        while screen.event().revision < revision:
            pass
    app.do("admit", code=code, name="ann")
    assert app.follow(ann["desk"]).event().revision == revision, "who is invited again need not wait"


def test_desk_of_somebody_who_became_a_reader_ends(app: LiveApp, code: str) -> None:
    app.do("make", code=code, venue="hall")
    path = app.do("admit", code=code, name="ann")["desk"]
    desk = app.follow(path)
    app.do("admit", code=code, name="ann", role="reader")
    ended(desk)
    assert app.get(path)[0] == 403
    assert app.get(path.replace("key=", "key=1"))[0] == 403, "nobody makes an address of another user's"


def test_key_is_good_for_one_workshop_and_one_screen(app: LiveApp, code: str) -> None:
    other = str(int(code) + 500_000)
    phone = app.do("make", code=code, venue="hall")["phone"]
    app.do("make", code=other, venue="hall")
    assert app.get(phone.replace("/phone/", "/desk/"))[0] == 403
    assert app.get(phone.replace(code, other))[0] == 403


def test_wrong_addresses_and_methods(app: LiveApp, code: str) -> None:
    phone = app.do("make", code=code, venue="hall")["phone"]
    assert app.get(phone, method="POST")[0] == 405
    assert app.get(phone.replace("/phone/", "/kitchen/"))[0] == 404
    assert app.get("/live/")[0] == 404
    app.do("remove", code=code)
    assert app.get(phone)[0] == 404


def test_poll_answers_only_what_is_newer(app: LiveApp, code: str) -> None:
    screens = app.do("make", code=code, venue="hall")
    status, data, headers = app.get(screens["phone"], accept="application/json")
    assert (status, data) == (200, shown(0, "hall").data)
    assert (headers["content-type"], headers["cache-control"]) == ("application/json", "no-store")
    assert app.get(f"{screens['phone']}&after=0&poll=1")[:2] == (204, None)
    assert app.get(f"{screens['phone']}&after=x&poll=1")[:2] == (200, shown(0, "hall").data)
    app.do("move", code=code, venue="attic")
    follower = app.follow(screens["phone"])
    while follower.event().revision != 1:
        pass
    assert app.get(f"{screens['phone']}&after=0&poll=1")[:2] == (200, shown(1, "attic").data)
    assert app.get(f"{screens['phone']}&after=1&poll=1")[:2] == (204, None)
    assert app.get(f"{screens['wall']}&after=0&poll=1")[:2] == (200, {"revision": 1})


def test_disconnected_screens_are_freed(app: LiveApp, code: str) -> None:
    screens = app.do("make", code=code, venue="hall")
    for _ in range(50):
        app.follow(screens["phone"]).event()
    assert app.do("clients", code=code)["clients"] == 50
    app.close_screens()
    deadline = time.monotonic() + 5
    while app.do("clients", code=code)["clients"] and time.monotonic() < deadline:
        pass
    assert app.do("clients", code=code)["clients"] == 0


def test_stream_outlives_a_fragment_that_cannot_be_rendered(app: LiveApp, code: str) -> None:
    screens = app.do("make", code=code, venue="broken")
    phone, wall = app.follow(screens["phone"]), app.follow(screens["wall"])
    assert wall.event() == Event(0, "stage", {"revision": 0})
    assert app.get(f"{screens['phone']}&poll=1")[0] == 204
    app.do("move", code=code, venue="hall")
    assert phone.event() == shown(1, "hall")


def test_many_phones_connecting_at_once_all_get_the_stage(app: LiveApp, code: str) -> None:
    screens = app.do("make", code=code, venue="hall")
    with ThreadPoolExecutor(16) as pool:
        followers = list(pool.map(app.follow, [screens["phone"]] * 100))
        assert list(pool.map(lambda screen: screen.event(), followers)) == [shown(0, "hall")] * 100


def test_event_is_one_line_of_json(app: LiveApp, code: str) -> None:
    phone = app.follow(app.do("make", code=code, venue="hall")["phone"])
    lines = [phone.line() for _ in range(6)]
    assert json.loads(lines[4].removeprefix("data: ")) == shown(0, "hall").data
    assert lines[5] == ""


def test_screen_is_never_told_what_is_older_than_it_has_seen_elsewhere(app: LiveApp, code: str) -> None:
    """Another process told it of a change that this one has not heard of."""
    phone = app.do("make", code=code, venue="hall")["phone"]
    unaware = app.follow(phone)
    assert unaware.event() == shown(0, "hall")
    app.do("move", code=code, venue="attic", outcome="silent")
    assert app.follow(phone).event() == shown(0, "hall"), "or this test shows nothing"
    assert app.follow(phone, last_seen=1).event() == unaware.event() == shown(1, "attic")
    app.do("move", code=code, venue="cellar", outcome="silent")
    assert app.follow(f"{phone}&after=2").event() == shown(2, "cellar")
    app.do("move", code=code, venue="loft", outcome="silent")
    assert app.get(f"{phone}&after=3&poll=1")[:2] == (204, None)
    assert app.get(f"{phone}&after=2&poll=1")[:2] == (200, shown(3, "loft").data)
    assert app.get(f"{phone}&after=9&poll=1")[:2] == (204, None), "a revision that never was"
    assert app.follow(phone, last_seen=9).event() == shown(3, "loft")
