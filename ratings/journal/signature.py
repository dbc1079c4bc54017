"""Who signed a journal off, and what tells this journal from any other."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

from ratings.models.signing import in_blocks


@dataclass(frozen=True)
class Signature:
    """A leader's signature under a journal: as which edition, in whose name and role, when; `fingerprint` in hex."""

    number: int
    name: str
    role: str
    on: datetime.date
    fingerprint: str

    @property
    def digits(self) -> str:
        """The fingerprint's 64 digits in a row, as programs look for it."""
        return re.sub("[^0-9a-f]", "", self.fingerprint)

    @property
    def blocks(self) -> str:
        """The fingerprint as people compare it: eight blocks of eight."""
        return in_blocks(self.digits)

    @property
    def short(self) -> str:
        """The fingerprint's first block, for the foot of a page."""
        return self.digits[:8]
