"""The wall's picture: every view, every page, and nothing that is not revealed or not approved."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from ratings.charts import ChartView
from ratings.choices import CommentState, Mark
from ratings.imperatives import place_votes
from ratings.models import Comment, Imperative
from ratings.summaries import ScaleSummary, summarise_scores
from ratings.themes import group_comments
from ratings.wall import Picture, WallPainter, approved_comments
from tests import factories
from workshops.choices import StageKind, StageState, WallView
from workshops.models import Workshop
from workshops.sessions import IllegalMove, current_stage, open_stage, reveal_stage, show_on_wall, take_down, wall_views

pytestmark = pytest.mark.django_db


def picture(of: Workshop, *, dark: bool = False) -> Picture:
    """Return the picture of a workshop as the database has it."""
    return WallPainter(Workshop.objects.get(pk=of.pk), dark=dark).picture()


def answered(**fields: Any) -> Workshop:
    """Return a workshop of one deliverable, answered throughout, in its lobby."""
    of = factories.workshop(deliverables=1, **fields)
    factories.scores(of, factories.scale(of), 1, 2, 2, None)
    factories.scores(of, factories.scale(of, n=2), 7, 8, 8)
    factories.rags(of, factories.stage(of, StageKind.RAG), "RAAG-")
    for n in range(1, 5):
        factories.imperative(of, f"Imperative {n}")
    return of


def test_lobby_shows_who_is_here() -> None:
    of = factories.workshop()
    assert picture(of).chart is None
    factories.participant(of)
    shown = picture(of)
    assert (shown.view, shown.template) == (WallView.LOBBY, "ratings/project/_lobby.html")
    assert shown.tally is not None
    assert (shown.tally.people, shown.no, shown.anchors, shown.tone) == (1, None, None, "")
    assert shown.chart is not None


def test_open_scale_shows_its_anchors_and_the_count_only() -> None:
    of = answered()
    factories.participant(of)
    factories.opened(of, StageKind.SCALE)
    shown = picture(of)
    assert (shown.view, shown.no, shown.tone) == (WallView.QUESTION, 1, "is-being")
    assert shown.tally is not None
    assert (shown.tally.answered, shown.tally.people) == (0, 1)
    assert shown.anchors is not None
    assert [number for number, _ in shown.anchors.anchors] == [10, 0]
    assert (shown.summary, shown.deliverable, shown.review, shown.comments, shown.rows) == (None, None, None, None, ())


def test_approved_comments_stand_under_their_themes() -> None:
    of = answered()
    scale = factories.scale(of)
    texts = ("Time", "More time", "Forms", "Alone", "Secret")
    said = {text: factories.comment(of, scale, text) for text in texts}
    Comment.objects.filter(text="Secret").update(state=CommentState.HELD)
    for name, members in {"Workload": texts[:2], "Paper": ("Forms", "Secret")}.items():
        ids = [said[text].pk for text in members]
        group_comments(workshop=of, deliverable=scale.deliverable, comments=ids, name=name)
    factories.revealed(of, StageKind.SCALE)
    show_on_wall(workshop=of, view=WallView.THEMES)
    shown = picture(of)
    assert shown.comments is not None
    assert [(column.theme, [row.text for row in column.comments]) for column in shown.comments.columns] == [
        ("Paper", ["Forms"]),
        ("Workload", ["Time", "More time"]),
        ("", ["Alone"]),
    ]


def test_themes_stand_three_to_a_page() -> None:
    of = answered()
    scale = factories.scale(of)
    for number in range(5):
        name = f"{number} {'a long name for what was said ' * 2}"
        ids = [factories.comment(of, scale, f"Comment {number}").pk]
        group_comments(workshop=of, deliverable=scale.deliverable, comments=ids, name=name)
    factories.revealed(of, StageKind.SCALE)
    show_on_wall(workshop=of, view=WallView.THEMES, page=2)
    shown = picture(of)
    assert shown.comments is not None
    assert (shown.pages, len(shown.comments.columns)) == (2, 2)


def test_long_anchors_are_paged() -> None:
    of = factories.workshop(deliverables=1)
    of.edition.deliverables.get().scales.update(anchor_ten="Ten words and more. " * 40, anchor_zero="Zero. " * 100)
    factories.opened(of, StageKind.SCALE)
    first = picture(of)
    assert first.pages > 1
    numbers = []
    for page in range(1, first.pages + 1):
        show_on_wall(workshop=of, view=WallView.QUESTION, page=page)
        shown = picture(of)
        assert shown.anchors is not None
        assert (shown.page, shown.pages) == (page, first.pages)
        numbers += [number for number, _ in shown.anchors.anchors]
    assert sorted(set(numbers)) == [0, 10]
    assert numbers == sorted(numbers, reverse=True)
    show_on_wall(workshop=of, view=WallView.QUESTION, page=99)
    assert picture(of).page == first.pages


def test_revealed_scale_shows_its_summary() -> None:
    of = answered()
    factories.revealed(of, StageKind.SCALE)
    shown = picture(of)
    assert (shown.view, shown.summary) == (WallView.STRIP, summarise_scores([1, 2, 2, None]))
    assert isinstance(shown.chart, ChartView)


def test_revealed_scale_that_nobody_scored_has_no_chart() -> None:
    of = factories.workshop(deliverables=1)
    factories.scores(of, factories.scale(of), None, None)
    factories.revealed(of, StageKind.SCALE)
    shown = picture(of)
    assert (shown.chart, shown.summary) == (None, ScaleSummary(cant_say=2))


def test_dark_wall_has_a_palette_of_its_own() -> None:
    of = answered()
    factories.revealed(of, StageKind.SCALE)
    light, dark = picture(of).chart, picture(of, dark=True).chart
    assert light is not None
    assert dark is not None
    assert light.palette != dark.palette
    assert picture(of, dark=True).dark


def together(of: Workshop, *, seen: bool) -> None:
    """Reveal the three answers of the first deliverable, or pass them by, and look at it together."""
    for kind, n in ((StageKind.SCALE, 1), (StageKind.SCALE, 2), (StageKind.RAG, 1)):
        (factories.revealed if seen else factories.opened)(of, kind, n=n)
    factories.opened(of, StageKind.TOGETHER)


def test_together_shows_both_scales_and_the_gap() -> None:
    of = answered()
    together(of, seen=True)
    shown = picture(of)
    assert (shown.view, shown.gap, shown.gap_words) == (WallView.BOTH, 6.0, "6 points apart")
    assert shown.chart is not None
    show_on_wall(workshop=of, view=WallView.RAG)
    rag = picture(of)
    assert rag.deliverable is not None
    assert (rag.view, rag.deliverable.rag.n) == (WallView.RAG, 4)


def test_together_shows_nothing_that_was_passed_by() -> None:
    of = answered()
    together(of, seen=False)
    for view in (WallView.BOTH, WallView.RAG, WallView.COMMENTS):
        show_on_wall(workshop=of, view=view)
        shown = picture(of)
        assert (shown.chart, shown.gap, shown.comments) == (None, None, None)


@pytest.mark.parametrize(
    ("being", "progress", "gap", "words"),
    [
        ([4], [4], 0, "0 points apart"),
        ([4], [5], 1, "1 point apart"),
        ([5], [4], -1, "1 point apart"),
        ([4, 5], [4], -0.5, "0.5 points apart"),
        ([1], [9], 8, "8 points apart"),
        ([4], [None], None, "0 points apart"),
    ],
)
def test_gap_is_progress_less_being(
    being: list[int], progress: list[int | None], gap: float | None, words: str
) -> None:
    of = factories.workshop(deliverables=1)
    factories.scores(of, factories.scale(of), *being)
    factories.scores(of, factories.scale(of, n=2), *progress)
    together(of, seen=True)
    shown = picture(of)
    assert (shown.gap, shown.gap_words) == (gap, words)


def test_map_shows_the_deliverables_whose_scales_are_both_revealed() -> None:
    of = answered()
    factories.opened(of, StageKind.MAP)
    assert picture(of).chart is None
    together(of, seen=True)
    factories.opened(of, StageKind.MAP)
    assert picture(of).chart is not None


def test_imperatives_stand_in_printing_order_until_dots_are_revealed() -> None:
    of = answered()
    factories.revealed(of, StageKind.IMPERATIVES)
    shown = picture(of)
    assert [row.ranked.imperative.text for row in shown.rows] == [f"Imperative {n}" for n in range(1, 5)]
    assert (shown.voted, shown.imperatives, {row.chart for row in shown.rows}) == (False, 4, {None})
    factories.opened(of, StageKind.PRIORITIES)
    third = Imperative.objects.get(text="Imperative 3")
    place_votes(participant=factories.participant(of), imperatives=[third])
    reveal_stage(stage=factories.stage(of, StageKind.PRIORITIES), user=None)
    shown = picture(of)
    assert shown.voted
    assert (shown.rows[0].ranked.imperative, shown.rows[0].ranked.votes) == (third, 1)
    assert [row.chart is not None for row in shown.rows] == [True, False, False, False]


@pytest.mark.parametrize(
    ("revealed", "rows", "votes"),
    [
        ([], 0, 0),
        ([StageKind.IMPERATIVES], 4, 0),
        ([StageKind.PRIORITIES], 4, 1),
        ([StageKind.IMPERATIVES, StageKind.PRIORITIES], 4, 1),
    ],
)
def test_closing_wall_shows_of_imperatives_what_was_revealed(revealed: list[StageKind], rows: int, votes: int) -> None:
    of = answered()
    factories.opened(of, StageKind.PRIORITIES)
    place_votes(participant=factories.participant(of), imperatives=[Imperative.objects.get(text="Imperative 3")])
    for kind in revealed:
        factories.revealed(of, kind)
    factories.opened(of, StageKind.CLOSED)
    assert picture(of).view == WallView.THANKS
    show_on_wall(workshop=of, view=WallView.IMPERATIVES)
    shown = picture(of)
    assert (len(shown.rows), sum(row.ranked.votes or 0 for row in shown.rows), shown.imperatives) == (rows, votes, 4)


def test_imperatives_page_at_the_end_is_the_last() -> None:
    of = factories.workshop(deliverables=1)
    for n in range(40):
        factories.imperative(of, f"Imperative {n}")
    factories.revealed(of, StageKind.IMPERATIVES)
    pages = picture(of).pages
    assert pages > 1
    texts = []
    for page in range(1, pages + 1):
        show_on_wall(workshop=of, view=WallView.IMPERATIVES, page=page)
        texts += [row.ranked.imperative.text for row in picture(of).rows]
    assert texts == [f"Imperative {n}" for n in range(40)]
    show_on_wall(workshop=of, view=WallView.IMPERATIVES, page=pages + 5)
    assert picture(of).page == pages


def test_nothing_named_has_one_empty_page() -> None:
    of = factories.workshop(deliverables=1)
    factories.revealed(of, StageKind.IMPERATIVES)
    shown = picture(of)
    assert (shown.rows, shown.page, shown.pages) == ((), 1, 1)


def test_workshop_that_was_never_run_here_says_thank_you() -> None:
    of = answered()
    of.stages.update(state=StageState.CLOSED)
    shown = picture(of)
    assert (shown.stage, shown.view, shown.imperatives) == (None, WallView.THANKS, 4)


def test_comments_stand_by_mark_when_shown_on_a_revealed_scale() -> None:
    of = factories.workshop(deliverables=1)
    first, second = factories.scale(of), factories.scale(of, n=2)
    for state in CommentState:
        factories.comment(of, first, f"first {state}", mark=Mark.WORRY, state=state)
    factories.comment(of, first, "unmarked")
    factories.comment(of, second, "second shown")
    stage = factories.revealed(of, StageKind.SCALE)

    def texts() -> dict[str, list[str]]:
        at = current_stage(of)
        assert at is not None
        return {mark: [row.text for row in rows] for mark, rows in approved_comments(of, at)}

    assert texts() == {"well": [], "worry": ["first shown"], "next": [], "": ["unmarked"]}
    factories.opened(of, StageKind.TOGETHER)
    assert texts() == {"well": [], "worry": ["first shown"], "next": [], "": ["unmarked"]}
    factories.revealed(of, StageKind.SCALE, n=2)
    factories.opened(of, StageKind.TOGETHER)
    assert texts()[""] == ["unmarked", "second shown"]
    open_stage(stage=stage, user=None)
    take_down(stage=stage, user=None)
    assert texts() == {"well": [], "worry": [], "next": [], "": []}


def test_comments_page_by_page() -> None:
    of = factories.workshop(deliverables=1)
    factories.revealed(of, StageKind.SCALE)
    show_on_wall(workshop=of, view=WallView.COMMENTS)
    assert (picture(of).comments, picture(of).pages) == (None, 1)
    for n in range(40):
        factories.comment(of, factories.scale(of), f"Comment {n}")
    pages = picture(of).pages
    assert pages > 1
    show_on_wall(workshop=of, view=WallView.COMMENTS, page=99)
    assert picture(of).page == pages


@pytest.mark.parametrize("kind", [StageKind.SCALE, StageKind.RAG, StageKind.IMPERATIVES])
@pytest.mark.parametrize("rows", [1, 3, 50])
def test_picture_takes_as_many_queries_for_fifty_as_for_one(
    django_assert_num_queries: Any, kind: StageKind, rows: int
) -> None:
    of = factories.workshop(deliverables=1)
    factories.scores(of, factories.scale(of), *[5] * rows)
    factories.rags(of, factories.stage(of, StageKind.RAG), "G" * rows)
    for n in range(rows):
        factories.imperative(of, f"Imperative {n}")
    factories.revealed(of, kind)
    of.refresh_from_db()
    WallPainter(of).picture()  # what is shown for the first time is remembered
    with django_assert_num_queries({StageKind.SCALE: 8, StageKind.RAG: 8, StageKind.IMPERATIVES: 4}[kind]):
        WallPainter(of).picture()


ASKING = [(StageKind.SCALE, 1), (StageKind.SCALE, 2), (StageKind.RAG, 1), (StageKind.IMPERATIVES, 1)]
STAGES = [*ASKING, (StageKind.PRIORITIES, 1), (StageKind.TOGETHER, 1), (StageKind.MAP, 1), (StageKind.CLOSED, 1)]
MOVES = st.one_of(
    st.tuples(st.just("open"), st.sampled_from(STAGES)),
    st.tuples(st.just("reveal"), st.none()),
    st.tuples(st.just("take down"), st.none()),
    st.tuples(st.just("view"), st.integers(0, 2)),
    st.tuples(st.just("decide"), st.tuples(st.integers(0, 1), st.sampled_from(CommentState))),
)


def make(of: Workshop, move: str, what: Any) -> None:
    """Make one move, if it is legal now."""
    stage = current_stage(of)
    assert stage is not None
    try:
        if move == "open":
            open_stage(stage=factories.stage(of, what[0], n=what[1]), user=None)
        elif move == "reveal":
            reveal_stage(stage=stage, user=None)
        elif move == "take down":
            take_down(stage=stage, user=None)
        elif move == "view":
            views = wall_views(stage)
            show_on_wall(workshop=of, view=views[what % len(views)], page=what)
        else:
            comments = Comment.objects.filter(workshop=of, scale=factories.scale(of, n=what[0] + 1))
            comments.update(state=what[1])
    except IllegalMove:
        pass


def may_be_seen(of: Workshop) -> set[str]:
    """Return what the room may see, by the stages that are revealed now: the independent account."""
    stages = of.stages.filter(revealed_at__isnull=False).select_related("scale")
    return {stage.scale.kind if stage.scale else str(stage.kind) for stage in stages}


class TestWallStaysBlind(TestCase):
    """Whatever the facilitator does, in whatever order."""

    @given(st.lists(MOVES, max_size=25))
    def test_no_order_of_moves_shows_what_is_not_revealed_or_not_approved(self, moves: list[tuple[str, Any]]) -> None:
        of = answered()
        for n in (1, 2):
            factories.comment(of, factories.scale(of, n=n), f"Comment {n}", state=CommentState.NEW)
        factories.opened(of, StageKind.PRIORITIES)
        place_votes(participant=factories.participant(of), imperatives=list(Imperative.objects.all())[:3])
        for move, what in moves:
            make(of, move, what)
            shown, seen = picture(of), may_be_seen(of)
            rows = {row.ranked.votes or 0 for row in shown.rows}
            assert not rows or seen & {"imperatives", "priorities"}
            assert rows <= {0} or "priorities" in seen
            for comment in _comments_of(shown):
                assert Comment.objects.get(pk=comment.pk).state == CommentState.SHOWN
                assert comment.scale.kind in seen
            for each in shown.review.deliverables if shown.review else [shown.deliverable] if shown.deliverable else []:
                assert each.being == ScaleSummary() or "being" in seen
                assert each.progress == ScaleSummary() or "progress" in seen
                assert each.rag.n == 0 or "rag" in seen
            if shown.summary is not None:
                assert shown.stage is not None
                assert shown.stage.scale is not None
                assert shown.stage.scale.kind in seen


def _comments_of(shown: Picture) -> list[Comment]:
    if shown.comments is None:
        return []
    inside = [comment for column in shown.comments.columns for comment in column.comments]
    return [shown.comments.alone] if shown.comments.alone else inside
