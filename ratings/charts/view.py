"""A chart as templates show it: `{% include "ratings/_chart.html" with chart=chart %}`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ratings.charts.palette import LIGHT, Palette
from ratings.charts.plotly import to_plotly
from ratings.charts.scene import Scene
from ratings.charts.svg import Svg, to_svg


@dataclass(frozen=True)
class ChartView:
    """One scene in one palette, with what stands beside the picture."""

    scene: Scene
    palette: Palette

    @classmethod
    def of(cls, scene: Scene | None, palette: Palette = LIGHT) -> ChartView | None:
        """Return the view of a scene; None of None, which the template shows as nothing."""
        return cls(scene, palette) if scene else None

    @property
    def id(self) -> str:
        """The scene's name on the page; alone of its kind there."""
        return self.scene.id

    @property
    def title(self) -> str:
        """What the chart shows."""
        return self.scene.title

    @property
    def desc(self) -> str:
        """The title and every count, for who does not see the picture."""
        return self.scene.alternative

    @property
    def svg(self) -> Svg:
        """The picture for print and for a screen without JavaScript."""
        return to_svg(self.scene, self.palette)

    @property
    def figure(self) -> dict[str, Any]:
        """The same picture for Plotly."""
        return to_plotly(self.scene, self.palette)

    @property
    def head(self) -> tuple[str, ...]:
        """The headings of the table; empty when there is none."""
        return self.scene.table[0] if self.scene.table else ()

    @property
    def rows(self) -> tuple[tuple[str, ...], ...]:
        """The rows of the table that says the same."""
        return self.scene.table[1:]
