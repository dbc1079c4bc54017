"""Charts: pure functions from summaries to scenes, and two writers.

What nobody gave is not drawn: the function returns None, and the template shows nothing.
"""

from ratings.charts.agreement import agreement
from ratings.charts.both import both
from ratings.charts.counts import bench, voices, votes
from ratings.charts.cover import cover_of_scores, cover_of_voices
from ratings.charts.palette import DARK, LIGHT, Palette
from ratings.charts.plotly import to_plotly
from ratings.charts.quadrant import quadrant
from ratings.charts.rag import LETTERED, rag_bar, rag_mini, rag_people
from ratings.charts.ranking import rank_scales
from ratings.charts.scene import CELL, DESK, PRINT, WALL, Form, Scene
from ratings.charts.strip import key_strip, mini_strip, strip
from ratings.charts.svg import Svg, to_svg
from ratings.charts.view import ChartView
from ratings.charts.weights import weights

__all__ = [
    "CELL",
    "DARK",
    "DESK",
    "LETTERED",
    "LIGHT",
    "PRINT",
    "WALL",
    "ChartView",
    "Form",
    "Palette",
    "Scene",
    "Svg",
    "agreement",
    "bench",
    "both",
    "cover_of_scores",
    "cover_of_voices",
    "key_strip",
    "mini_strip",
    "quadrant",
    "rag_bar",
    "rag_mini",
    "rag_people",
    "rank_scales",
    "strip",
    "to_plotly",
    "to_svg",
    "voices",
    "votes",
    "weights",
]
