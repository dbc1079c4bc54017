"""What a facilitator has written for a journal, with the review's own words where they have written none."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from ratings.choices import Grouping
from ratings.deciding import digest
from ratings.models import JournalNotes, Lead, Term, Theme
from ratings.names import find_names
from workshops.models import Workshop


@dataclass(frozen=True)
class Notes:
    """What stands in a journal beside the answers; the glossary has terms with their meanings, from A to Z."""

    introduction: str = ""
    epigraph: str = ""
    epigraph_by: str = ""
    grouping: Grouping = Grouping.THEME
    glossary: tuple[tuple[str, str], ...] = ()

    @property
    def read(self) -> str:
        """What tells these words from any others."""
        return digest(repr((self.introduction, self.epigraph, self.epigraph_by, str(self.grouping), self.glossary)))


def read_notes(workshop: Workshop) -> Notes:
    """Return what a workshop's journal says of itself. Two queries."""
    edition = workshop.edition
    written = JournalNotes.objects.filter(workshop=workshop).first() or JournalNotes(workshop=workshop)
    source = written if written.has_own_epigraph else edition
    return Notes(
        introduction=written.introduction,
        epigraph=source.epigraph,
        epigraph_by=source.epigraph_by,
        grouping=Grouping(written.grouping),
        glossary=in_order(Term.objects.filter(workshop=workshop).values_list("term", "meaning")),
    )


def in_order(glossary: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Return terms with their meanings in the alphabet's order."""
    return tuple(sorted(glossary, key=lambda row: (row[0].casefold(), row)))


def read_leads(workshop: Workshop) -> dict[int, str]:
    """Return the leads that were written for a workshop's journal, by their deliverable's id. One query."""
    return dict(Lead.objects.filter(workshop=workshop).values_list("deliverable_id", "text"))


@dataclass(frozen=True)
class Suspect:
    """Words of the facilitator's that may point to a person, and where in the journal they stand."""

    where: str
    words: tuple[str, ...]


def suspects(workshop: Workshop) -> list[Suspect]:
    """Return what may point to a person in the words that a facilitator added: to be looked at before publishing.

    A warning and no more. Five queries.
    """
    notes, leads = read_notes(workshop), read_leads(workshop)
    labels = {each.pk: each.label for each in workshop.edition.deliverables.all()}
    texts = [(_("Introduction"), notes.introduction)]
    texts += [(labels[deliverable_id], lead) for deliverable_id, lead in leads.items()]
    texts += [(labels[each.deliverable_id], each.name) for each in Theme.objects.filter(workshop=workshop)]
    texts += [(_("Glossary"), f"{term}: {meaning}") for term, meaning in notes.glossary]
    found: dict[str, list[str]] = {}
    for where, text in texts:
        found.setdefault(where, []).extend(text[each.start : each.end] for each in find_names(text))
    return [Suspect(where, tuple(dict.fromkeys(words))) for where, words in found.items() if words]
