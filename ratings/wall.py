"""Pictures: frozen contexts, each all that the wall shows. The wall never shows what is not revealed or not approved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ratings.charts.view import ChartView
from ratings.charts import palette as palettes, wall as charts
from ratings.choices import CommentState, Mark
from ratings.imperatives import RankedImperative, rank_imperatives
from ratings.models import Comment, Imperative, RagRating, Score, Vote
from ratings.paging import CommentPage, comment_pages, imperative_pages
from ratings.summaries import DeliverableSummary, ScaleSummary, WorkshopSummary, summarise_workshop
from workshops.choices import StageKind, WallView
from workshops.models import Stage, Workshop
from workshops.sessions import current_stage, wall_views
