"""A trail as a spreadsheet reads it."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from typing import Protocol

from django.utils import timezone
from django.utils.translation import gettext as _

from ratings.spreadsheets import plain_cell
from workshops.models import TrailEntry


class Writable(Protocol):
    """What text can be written to: an open file, a response."""

    def write(self, text: str, /) -> object:
        """Take text in."""


def write_trail(out: Writable, entries: Iterable[TrailEntry]) -> None:
    """Write entries as CSV, in the order given, with the link of each, by which a later check can find it."""
    out.write("\ufeff")
    lines = csv.writer(out)
    lines.writerow([_("When"), _("What"), _("About"), _("By"), _("Chain"), _("Number"), _("Link")])
    for entry in entries:
        at = f"{timezone.localtime(entry.at):{'%Y-%m-%d' if entry.is_to_the_day else '%Y-%m-%d %H:%M:%S'}}"
        lines.writerow(
            [at, *map(plain_cell, (*entry.words, entry.by)), entry.get_strand_display(), entry.number, entry.link]
        )
