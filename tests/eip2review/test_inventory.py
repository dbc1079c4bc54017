"""The inventory of data says every field of every model, and its page is the one that the models make."""

from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from eip2review import inventory, inventory_page
from eip2review.held import Held
from eip2review.management.commands import data_inventory


def test_every_field_of_every_model_is_described_and_nothing_else() -> None:
    assert inventory_page.unlisted() == [], "say in eip2review/inventory.py what it holds"


def test_page_is_up_to_date() -> None:
    assert data_inventory.PAGE.read_text() == inventory_page.write_inventory(), "run manage.py data_inventory"


def test_command_says_what_is_missing_and_what_is_out_of_date(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data_inventory, "PAGE", tmp_path / "page.md")
    with pytest.raises(CommandError, match="out of date"):
        call_command("data_inventory", check=True)
    call_command("data_inventory")
    call_command("data_inventory", check=True)
    score = inventory.HELD["ratings.Score"]
    monkeypatch.setitem(inventory.HELD, "ratings.Score", Held(score.kept, score.fields | {"mood": "a guess"}))
    monkeypatch.delitem(inventory.HELD, "ratings.Theme")
    with pytest.raises(CommandError, match=r"mood: there is no such field; .*Theme: not listed"):
        call_command("data_inventory", check=True)


def test_no_field_is_said_to_hold_a_name_an_address_or_a_time_of_an_answer() -> None:
    answers = [inventory.HELD[f"ratings.{name}"] for name in ("Score", "RagRating", "Comment", "Imperative", "Vote")]
    named = {field for held in answers for field in held.fields}
    assert not named & {"at", "ip", "user", "user_agent", "email", "name", "participant"}
    assert not [field for field in named if field.endswith("_at")]
