"""Withdrawing: until the workshop is sealed, a phone can take back everything that it gave."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Exists, OuterRef

from ratings.authorship import answers_of
from ratings.models import Action, Print, Vote
from ratings.themes import drop_empty_themes
from workshops.live import Topic, announce
from workshops.models import Participant, Workshop
from workshops.sessions import Sealed


@transaction.atomic
def withdraw_answers(*, participant: Participant) -> None:
    """Delete all that a participant gave, to closed questions too, with what was decided about it.

    An imperative that others placed dots on, or that has an owner, is the room's by now: it stays, and is nobody's; its
    group goes. The phone stays a participant, and can answer again what is open. Raises Sealed.
    """
    workshop = Workshop.objects.select_for_update(no_key=True).get(pk=participant.workshop_id)
    if workshop.is_sealed:
        raise Sealed(workshop.code)
    mine = answers_of(participant, list(workshop.stages.all()))
    for answers in (mine.votes, mine.scores, mine.rags, mine.comments):
        answers.delete()
    list(mine.imperatives.select_for_update().order_by("pk"))  # nobody places a dot on one of these while they go
    dots, actions = (model._default_manager.filter(imperative=OuterRef("pk")) for model in (Vote, Action))
    mine.imperatives.exclude(Exists(dots) | Exists(actions)).delete()
    mine.imperatives.update(author=None, group=None)
    drop_empty_themes(workshop)
    Print.objects.filter(workshop=workshop).delete()
    announce(workshop, Topic.STAGE)
