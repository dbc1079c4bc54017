"""The desk's panel: where the session is, what comes before and after, which comments to look at."""

import pytest

from ratings.choices import CommentState
from ratings.desk import Panel, read_panel
from ratings.moderation import read_queue
from tests import factories
from workshops.choices import StageKind, StageState, WallView
from workshops.models import Workshop

pytestmark = pytest.mark.django_db


def panel(of: Workshop) -> Panel:
    """Return the panel as a facilitator sees it."""
    return read_panel(Workshop.objects.get(pk=of.pk), factories.facilitator())


def test_panel_in_the_lobby() -> None:
    of = factories.workshop(deliverables=1)
    shown = panel(of)
    assert shown.stage == factories.stage(of, StageKind.LOBBY)
    assert (shown.before, shown.after) == (None, factories.stage(of, StageKind.SCALE))
    assert (shown.can_reveal, shown.asks_for_comments, shown.views) == (False, False, (WallView.LOBBY,))
    assert shown.bench is None


def test_panel_at_an_open_scale_and_after_the_reveal() -> None:
    of = factories.workshop(deliverables=1)
    factories.participant(of)
    stage = factories.opened(of, StageKind.SCALE)
    shown = panel(of)
    assert (shown.stage, shown.can_reveal, shown.asks_for_comments) == (stage, True, True)
    assert (shown.before, shown.after) == (
        factories.stage(of, StageKind.LOBBY),
        factories.stage(of, StageKind.SCALE, n=2),
    )
    assert shown.bench is not None
    factories.revealed(of, StageKind.SCALE)
    assert not panel(of).can_reveal


def test_panel_at_the_end_and_of_a_workshop_never_run_here() -> None:
    of = factories.workshop(deliverables=1)
    factories.opened(of, StageKind.CLOSED)
    shown = panel(of)
    assert (shown.before, shown.after) == (factories.stage(of, StageKind.PRIORITIES), None)
    of.stages.update(state=StageState.CLOSED)
    shown = panel(of)
    assert (shown.stage, shown.before, shown.after, shown.tally, shown.bench) == (None, None, None, None, None)
    assert (shown.views, shown.comment_count, shown.can_reveal) == ((), 0, False)


def test_rail_groups_stages_by_deliverable() -> None:
    of = factories.workshop(deliverables=2)
    factories.opened(of, StageKind.RAG)
    rail = panel(of).rail
    assert [(part.no, len(part.stages)) for part in rail] == [
        (None, 1),
        (1, 4),
        (2, 4),
        (None, 1),
        (None, 1),
        (None, 1),
        (None, 1),
    ]
    assert [part.is_current for part in rail] == [False, True, False, False, False, False, False]
    assert [part.is_done for part in rail] == [True, False, False, False, False, False, False]
    assert rail[1].deliverable == of.edition.deliverables.all()[0]
    assert rail[0].deliverable is None


def test_queue_has_the_undecided_first_and_only_this_deliverables() -> None:
    of, elsewhere = factories.workshop(deliverables=2), factories.workshop(deliverables=2)
    for state in (CommentState.SHOWN, CommentState.HELD, CommentState.NEW):
        factories.comment(of, factories.scale(of), f"first {state}", state=state)
        factories.comment(elsewhere, factories.scale(elsewhere), "elsewhere", state=state)
    factories.comment(of, factories.scale(of, n=2), "its other scale", state=CommentState.NEW)
    factories.comment(of, factories.scale(of, n=3), "second", state=CommentState.NEW)
    here = read_queue(of, factories.stage(of, StageKind.RAG))
    assert [row.said.text for row in here.rows] == ["first new", "its other scale", "first held", "first shown"]
    assert (here.new, here.total) == (2, 4)
    for stage in (None, factories.stage(of, StageKind.MAP)):
        assert (read_queue(of, stage).new, read_queue(of, stage).total) == (3, 5)


def test_panel_counts_the_people_of_a_rehearsal() -> None:
    of = factories.workshop(deliverables=1)
    factories.participant(of)
    assert panel(of).rehearsal == 0
    of.participants.update(rehearsal=True)
    assert panel(of).rehearsal == 1
