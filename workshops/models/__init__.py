"""The models of who, when and in what order."""

from workshops.models.arrival import Arrival
from workshops.models.erasure import Erasure
from workshops.models.invitation import Invitation
from workshops.models.participant import Participant
from workshops.models.review import Deliverable, Edition, Review, Scale
from workshops.models.trail import TrailEntry
from workshops.models.workshop import Facilitator, Group, Stage, StageMove, Workshop

__all__ = [
    "Arrival",
    "Deliverable",
    "Edition",
    "Erasure",
    "Facilitator",
    "Group",
    "Invitation",
    "Participant",
    "Review",
    "Scale",
    "Stage",
    "StageMove",
    "TrailEntry",
    "Workshop",
]
