"""Planning a workshop: its code, its groups, its stages."""

from datetime import date

import pytest
from django.db import IntegrityError

from tests import factories
from workshops.choices import StageKind, StageState, WallView
from workshops.models import Workshop
from workshops.planning import new_code, plan_stages, plan_workshop

pytestmark = pytest.mark.django_db

OF_A_DELIVERABLE = [StageKind.SCALE, StageKind.SCALE, StageKind.RAG, StageKind.TOGETHER]
AT_THE_END = [StageKind.MAP, StageKind.IMPERATIVES, StageKind.PRIORITIES, StageKind.CLOSED]


@pytest.mark.parametrize("deliverables", [1, 2, 3])
def test_stages_follow_the_edition(deliverables: int) -> None:
    of = factories.workshop(deliverables=deliverables)
    stages = list(of.stages.select_related("deliverable", "scale__deliverable"))
    assert [stage.kind for stage in stages] == [StageKind.LOBBY, *OF_A_DELIVERABLE * deliverables, *AT_THE_END]
    assert [stage.position for stage in stages] == list(range(len(stages)))
    names = [f"Deliverable {n}" for n in range(1, deliverables + 1) for _ in OF_A_DELIVERABLE]
    assert [stage.deliverable.name for stage in stages if stage.deliverable] == names
    scales = [(stage.scale.deliverable, stage.scale.kind) for stage in stages if stage.scale]
    assert scales == [(each, kind) for each in of.edition.deliverables.all() for kind in ("being", "progress")]


def test_lobby_is_open_and_all_else_waits() -> None:
    of = factories.workshop()
    first, *rest = of.stages.all()
    assert (first.state, of.wall_view) == (StageState.OPEN, WallView.LOBBY)
    assert {stage.state for stage in rest} == {StageState.WAITING}


def test_plan_keeps_what_it_was_given() -> None:
    user, edition = factories.facilitator(), factories.edition()
    names = [" Early help ", "", "Duty team", "Early help", "  "]
    of = plan_workshop(
        edition=edition, organisation="A", venue="B", date=date(2026, 3, 4), groups=names, facilitator=user
    )
    of.refresh_from_db()
    assert (of.edition, of.organisation, of.venue, of.date) == (edition, "A", "B", date(2026, 3, 4))
    assert [(group.position, group.name) for group in of.groups.all()] == [(1, "Early help"), (2, "Duty team")]
    assert [row.user for row in of.facilitators.all()] == [user]
    assert not of.is_closed
    assert edition.frozen_at is None


def test_plan_without_facilitator_or_groups_has_none() -> None:
    of = plan_workshop(edition=factories.edition(), organisation="A", date=date(2026, 3, 4))
    assert (of.facilitators.count(), of.groups.count(), of.venue) == (0, 0, "")


def test_plan_that_fails_leaves_nothing() -> None:
    with pytest.raises(IntegrityError):
        plan_workshop(edition=factories.edition(), organisation="A", date=date(2026, 3, 4), venue=None)  # type: ignore[arg-type]


def test_stages_planned_again_replace_those_before() -> None:
    of = factories.workshop()
    before = set(of.stages.values_list("pk", flat=True))
    plan_stages(of)
    after = set(of.stages.values_list("pk", flat=True))
    assert len(before) == len(after) == 13
    assert of.stages.get(state=StageState.OPEN).kind == StageKind.LOBBY


def test_code_has_six_digits_and_no_leading_zero() -> None:
    codes = {new_code() for _ in range(200)}
    assert all(len(code) == 6 and code.isascii() and code.isdigit() and code[0] != "0" for code in codes)
    assert len(codes) > 190


def test_code_is_one_that_no_workshop_has(monkeypatch: pytest.MonkeyPatch) -> None:
    of = factories.workshop()
    drawn = iter([int(of.code) - 100_000, 23_456])
    monkeypatch.setattr("secrets.randbelow", lambda below: next(drawn))
    assert new_code() == "123456"
    assert Workshop.objects.count() == 1
