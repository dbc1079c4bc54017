"""The journal's data as files: counts a scale, and words. Nothing links an answer to another answer or to a person."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from ratings.charts import rank_scales
from ratings.journal.build import THEME, Journal
from ratings.journal.comparisons import weigh_comments
from ratings.spreadsheets import plain_cell
from workshops.choices import ScaleKind


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


def journal_json(journal: Journal) -> str:
    """Return all that the journal says, as data, in the journal's order."""
    data: dict[str, Any] = {
        "title": journal.title,
        "organisation": journal.organisation,
        "date": journal.date.isoformat(),
        "people": journal.people,
        "deliverables": [
            {
                "no": page.no,
                "name": page.name,
                "groups": [
                    {
                        "name": line.name,
                        **{
                            kind: {"n": summary.n, "median": spread.median, "middle_half": [spread.q1, spread.q3]}
                            for kind, summary in zip(ScaleKind.values, line.scales, strict=True)
                            if (spread := summary.spread)
                        },
                    }
                    for line in page.groups
                ],
                "scales": {
                    scale.kind.value: {
                        "anchor_0": scale.anchor_zero,
                        "anchor_10": scale.anchor_ten,
                        "counts": list(scale.summary.counts) if scale.summary.n else None,
                        "cant_say": scale.summary.cant_say,
                        "comments": [
                            {
                                "text": said.text,
                                "mark": said.mark,
                                "theme": group.name if group.mark == THEME else "",
                                "how": said.how,
                            }
                            for group in scale.groups
                            for said in group.comments
                        ],
                    }
                    for scale in page.scales
                },
                "rag": {colour.name.lower(): count for colour, count in page.rag.counts} if page.rag.n else None,
            }
            for page in journal.deliverables
        ],
        "imperatives": [
            {
                "text": line.text,
                "deliverables": list(line.deliverables),
                "votes": line.votes,
                "votes_on_paper": line.entered,
                "merged": [said.text for said in line.merged],
                "owner": line.owner,
                "due": line.due.isoformat() if line.due else None,
            }
            for line in journal.imperatives
        ],
        **_comparisons(journal),
    }
    return json.dumps(data, ensure_ascii=False, indent=1)


def _comparisons(journal: Journal) -> dict[str, Any]:
    """Return what the pictures of all deliverables show: the scales in order of agreement, the marks of comments."""
    return {
        "agreement": [
            {
                "deliverable": scale.no,
                "scale": scale.kind.value,
                "n": scale.summary.n,
                "median": scale.spread.median,
                "middle_half": [scale.spread.q1, scale.spread.q3],
                "points_wide": scale.spread.width,
                "mean_distance": round(scale.distance, 4),
            }
            for scale in rank_scales(journal.deliverables).scales
        ],
        "comment_marks": [
            {
                "deliverable": each.no,
                **{mark.value: count for mark, count in each.marks.counts},
                "unmarked": each.marks.unmarked,
                "higher": each.marks.higher,
            }
            for each in weigh_comments(journal)
        ],
    }
