"""The journal's data as files: counts a scale. Nothing links an answer to another answer or to a person."""

from __future__ import annotations

import csv
import io

from ratings.journal.build import Journal
from ratings.spreadsheets import plain_cell


def counts_csv(journal: Journal) -> str:
    """Return how many people gave each score and each colour: one row a deliverable, question and answer given."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["deliverable", "question", "answer", "people"])
    for page in journal.deliverables:
        name = plain_cell(f"{page.no} {page.name}")
        for scale in page.scales:
            answers = [
                *((str(score), count) for score, count in enumerate(scale.summary.counts)),
                ("can't say", scale.summary.cant_say),
            ]
            writer.writerows((name, scale.kind.value, answer, count) for answer, count in answers if count)
        rated = [*((colour.name.lower(), count) for colour, count in page.rag.counts), ("can't say", page.rag.cant_say)]
        writer.writerows((name, "rag", answer, count) for answer, count in rated if count)
    return out.getvalue()
