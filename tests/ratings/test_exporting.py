"""Everything held about a workshop: taken out without what would tell whose an answer is; and erased at a press."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import models
from django.test import Client

from ratings.authorship import signed
from ratings.choices import Source
from ratings.deciding import hide_words, redact_words
from ratings.exporting import LEFT_OUT, NotClosed, export_workshop
from ratings.imperatives import merge_imperatives, plan_action
from ratings.models import Comment, Imperative, Score, Vote
from ratings.models.answer import Answer
from ratings.sealing import seal_workshop
from tests import factories
from tests.routes import address
from workshops.choices import Role, StageKind
from workshops.models import Edition, Erasure, Participant, Workshop
from workshops.sessions import open_stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    """Return the owner."""
    return factories.facilitator()


@pytest.fixture
def of(user: User) -> Workshop:
    """Return a closed workshop with something of most things."""
    made = factories.workshop(by=user, groups=("Early help", "Duty"))
    group, scale = made.groups.all()[1], factories.scale(made)
    for n in range(12):
        phone = factories.participant(made)
        phone.group = group
        Score.objects.create(workshop=made, scale=scale, value=n % 11, **signed(phone, Score, scale.pk))
    spoken = factories.comment(made, scale, "Ask Megan about it")
    redact_words(words=spoken, user=user, chosen=[1], reason="It names somebody")
    hide_words(words=factories.comment(made, scale, "Quite unkind"), user=user, reason="Unkind")
    first, second = (factories.imperative(made, text) for text in ("Write it down", "Put it in writing"))
    first.deliverables.set(made.edition.deliverables.all()[:1])
    Vote.objects.create(imperative=second, source=Source.PAPER)
    merge_imperatives(leading=first, others=[second])
    plan_action(imperative=first, owner="Director", due=None)
    open_stage(stage=factories.stage(made, StageKind.CLOSED), user=user)
    made.refresh_from_db()
    return made


def read(of: Workshop) -> Any:
    """Return an export as its file is read."""
    out = json.loads(factories_json(of))
    assert (out["format"], out["version"]) == ("midpoint-workshop", 1)
    return out


def factories_json(of: Workshop) -> str:
    """Return an export as the desk gives it."""
    owner = of.facilitators.get(role=Role.OWNER).user
    answer = factories.desk(owner).get(address("ratings:export", of))
    assert answer.headers["Content-Disposition"] == f'attachment; filename="midpoint-{of.code}.json"'
    assert "no-store" in answer.headers["Cache-Control"]
    return answer.content.decode()


def test_export_has_everything_and_its_rows_point_to_each_other(of: Workshop, user: User) -> None:
    out = read(of)
    rows = out["rows"]
    assert out["people"] == 12
    assert rows["workshops.Workshop"][0]["organisation"] == of.organisation
    being = out["answers"]["scores"][0]
    assert (being["scale"], being["counts"]) == ("being", [2, *[1] * 10])
    assert {row["text"]: row["state"] for row in rows["ratings.Comment"]}["Quite unkind"] == "hidden"
    assert "Duty" in {row["name"] for row in rows["workshops.Group"]}
    assert not any("group" in row for row in rows["ratings.Comment"]), "a group of one would say whose it is"
    scales = {row["id"]: row for row in rows["workshops.Scale"]}
    assert {scales[row["scale"]]["kind"] for row in rows["ratings.Comment"]} <= {"being", "progress"}
    named = {row["text"]: row for row in rows["ratings.Imperative"]}
    assert named["Put it in writing"]["merged_into"] == named["Write it down"]["id"]
    placed = {each["imperative"]: each["dots"] for each in out["answers"]["dots"]["placed"]}
    assert placed[named["Write it down"]["id"]] == 1
    assert rows["ratings.Action"][0]["imperative"] == named["Write it down"]["id"]
    assert [row["imperative"] for row in rows["ratings.Imperative_deliverables"]] == [named["Write it down"]["id"]]
    assert {row["user"] for row in rows["ratings.WordsDecision"]} == {user.get_username()}
    assert {row["user"] for row in rows["workshops.Facilitator"]} == {user.get_username()}


def test_export_has_no_word_that_was_redacted_and_nothing_that_leads_to_a_phone(of: Workshop) -> None:
    text = factories_json(of)
    assert "[name removed] about it" in text or "removed" in text
    assert "Megan" not in text
    for model in (Score, Comment, Imperative, Vote):
        assert not any(author in text for author in model._default_manager.values_list("author", flat=True) if author)
    assert not any(kept in text for kept in Participant.objects.values_list("token_hash", flat=True))
    assert "workshops.Participant" not in text


def test_every_model_that_goes_with_a_workshop_is_in_it_with_every_field_that_may(of: Workshop) -> None:
    rows = export_workshop(of)["rows"]
    for label, each in rows.items():
        model = next(m for m in _models() if m._meta.label == label)
        fields = {field.name for field in model._meta.concrete_fields if not field.primary_key}
        assert {*each[0]} - {"id"} == fields - set(LEFT_OUT), label
    secret = [name for each in rows.values() for row in each for name in row if "token" in name or "hash" in name]
    assert secret == []


def _models() -> list[type[models.Model]]:
    return list(apps.get_models(include_auto_created=True))


def test_rows_stand_in_no_order_and_their_ids_are_not_those_of_the_database(of: Workshop) -> None:
    for n in range(12):
        factories.comment(of, factories.scale(of), f"Comment {n}")
    rows = export_workshop(of)["rows"]["ratings.Comment"]
    orders = {
        tuple(row["text"] for row in export_workshop(of)["rows"]["ratings.Comment"]) for _ in range(3)
    }  # more than 12 comments fall three times into one order once in 10 to the 17
    assert len(orders) > 1
    assert [row["id"] for row in rows] == list(range(1, len(rows) + 1))


def test_small_numbers_are_kept_back_and_two_exports_tell_no_more_than_one(of: Workshop) -> None:
    Edition.objects.filter(pk=of.edition_id).update(threshold=5)
    of.refresh_from_db()
    before = export_workshop(of)["answers"]
    scale = factories.scale(of)
    by = signed(factories.participant(of), Score, scale.pk)
    Score.objects.create(workshop=of, scale=scale, value=10, **by)
    after = export_workshop(of)["answers"]
    assert after["scores"][0] == before["scores"][0] | {"waiting": 1}


def test_nothing_of_another_workshop_is_in_it(of: Workshop) -> None:
    other = factories.workshop(organisation="Elsewhere Council")
    factories.comment(other, factories.scale(other), "Said elsewhere")
    text = factories_json(of)
    assert "Elsewhere Council" not in text
    assert "Said elsewhere" not in text


def test_sealed_workshop_is_exported_too(of: Workshop) -> None:
    seal_workshop(workshop=of)
    out = read(of)
    assert out["people"] == 12
    assert sum(out["answers"]["scores"][0]["counts"]) == 12


def test_export_takes_a_fixed_number_of_queries(of: Workshop, django_assert_max_num_queries: Any) -> None:
    of = Workshop.objects.select_related("edition").get(pk=of.pk)
    with django_assert_max_num_queries(64):
        export_workshop(of)


def test_open_workshop_is_not_exported(user: User) -> None:
    of = factories.workshop(by=user)
    with pytest.raises(NotClosed):
        export_workshop(of)
    refused = factories.desk(user).get(address("ratings:export", of))
    assert refused.status_code == 409
    assert "Close the workshop first" in refused.content.decode()


def test_command_writes_a_file_and_overwrites_none(of: Workshop, tmp_path: Path) -> None:
    out, file = StringIO(), tmp_path / "held.json"
    call_command("export_workshop", of.code, str(file), stdout=out)
    rows = json.loads(file.read_text())["rows"]
    assert out.getvalue() == f"{sum(map(len, rows.values()))} rows in {file}\n"
    with pytest.raises(CommandError, match="cannot be written: File exists"):
        call_command("export_workshop", of.code, str(file))
    with pytest.raises(CommandError, match="No workshop has the code 000000"):
        call_command("export_workshop", "000000", str(tmp_path / "other.json"))
    with pytest.raises(CommandError, match="is not closed"):
        call_command("export_workshop", factories.workshop().code, str(tmp_path / "other.json"))
    assert [path.name for path in tmp_path.iterdir()] == ["held.json"]


# Erasing at the desk


def test_erasing_needs_the_code_typed_and_leaves_a_certificate(of: Workshop, user: User) -> None:
    desk: Client = factories.desk(user)
    assert "Type the workshop’s code to confirm" in desk.get(address("ratings:data", of)).content.decode()
    for typed in ("", "000000", "yes"):
        page = desk.post(address("ratings:data", of), {"code": typed}).content.decode()
        assert "so nothing was erased" in page
    assert Workshop.objects.filter(pk=of.pk).exists()
    code = of.spaced_code
    page = desk.post(address("ratings:data", of), {"code": code}, follow=True).content.decode()
    assert "This workshop was erased" in page
    assert of.organisation in page
    assert '<th scope="row">Score</th><td class="num">12</td>' in page
    assert not Workshop.objects.exists()
    assert not any(model._default_manager.exists() for model in _models() if issubclass(model, Answer))
    erasure = Erasure.objects.get()
    assert (erasure.by, erasure.user) == (user.get_username(), user)


def test_certificate_is_for_whoever_erased_and_for_staff(of: Workshop, user: User) -> None:
    path = factories.desk(user).post(address("ratings:data", of), {"code": of.code}).headers["Location"]
    assert factories.desk(user).get(path).status_code == 200
    assert factories.desk(factories.facilitator()).get(path).status_code == 404
    staff = factories.facilitator()
    User.objects.filter(pk=staff.pk).update(is_staff=True)
    assert factories.desk(staff).get(path).status_code == 200
