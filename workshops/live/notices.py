"""announce(): tell every screen of a workshop that something changed."""

from django.db import transaction
from django.db.models import F

from workshops.live.bus import Notice, Topic
from workshops.live.hub import hub
from workshops.models import Workshop


def announce(workshop: Workshop, topic: Topic) -> None:
    """Tell every screen of a workshop, once the running transaction has committed, that something changed.

    Effect: STAGE raises the workshop's revision, in the database and on the instance; TALLY writes nothing. A notice
    that cannot be delivered is logged, never raised: the change itself is safe.
    """
    if topic is Topic.STAGE:
        Workshop.objects.filter(pk=workshop.pk).update(revision=F("revision") + 1)
        workshop.refresh_from_db(fields=["revision"])
    notice = Notice(workshop.code, topic)
    transaction.on_commit(lambda: hub.notify(notice), robust=True)
