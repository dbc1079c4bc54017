"""Write a scene as a Plotly figure: for the wall, the desk and the web journal."""

from __future__ import annotations

from textwrap import wrap
from typing import Any
from xml.sax.saxutils import escape

from ratings.charts.palette import LIGHT, Palette, Role
from ratings.charts.scene import Box, Dots, Label, Line, Scene, Shape, Spots
from ratings.charts.svg import FONT

WIDTH = 1000
"""The width of every figure in pixels; the screen scales sizes, texts and lines by one factor (`chart.js`)."""
HOVER_REACH = 32
"""So many pixels from a mark a finger still means it."""
HOVER_LETTERS = 36
"""So many letters of a line fit on a phone beside the mark that is pointed at."""
CLEAR = "rgba(0,0,0,0)"
SIDES = {"start": "left", "middle": "center", "end": "right"}


def to_plotly(scene: Scene, palette: Palette = LIGHT) -> dict[str, Any]:
    """Return {data, layout, config}, plain enough for JSON. What is drawn before the first dots lies below all dots."""
    scale = WIDTH / scene.width
    data: list[dict[str, Any]] = []
    shapes: list[dict[str, Any]] = []
    notes: list[dict[str, Any]] = []

    def px(length: float) -> float:
        return round(length * scale, 2)

    def line(stroke: Role | None, width: float, *, dashed: bool = False) -> dict[str, Any]:
        return {"color": palette[stroke] if stroke else CLEAR, "width": px(width), "dash": "dot" if dashed else "solid"}

    for mark in scene.marks:
        layer = "above" if data else "below"
        match mark:
            case Dots():
                look = {
                    "symbol": mark.symbol,
                    "size": px(mark.size),
                    "color": palette[mark.fill],
                    "opacity": 1,
                    "line": {"color": palette[mark.stroke or mark.fill], "width": px(mark.width)},
                }
                data.append(_trace(mark, look))
            case Spots():
                look = {"size": 1, "color": CLEAR, "opacity": 0, "line": {"color": CLEAR, "width": 0}}
                data.append(_trace(mark, look))
            case Box():
                look = {
                    "fillcolor": palette[mark.fill] if mark.fill else CLEAR,
                    "line": line(mark.stroke, mark.width, dashed=mark.dashed),
                }
                shapes.append({"type": "path", "path": _rounded(mark), "layer": layer, **look})
            case Line():
                (x0, y0), (x1, y1) = mark.start, mark.end
                look = {"line": line(mark.stroke, mark.width, dashed=mark.dashed)}
                shapes.append({"type": "line", "x0": x0, "y0": y0, "x1": x1, "y1": y1, "layer": layer, **look})
            case Shape():
                path = "M" + "L".join(_xy(*corner) for corner in mark.corners) + "Z"
                shapes.append(
                    {
                        "type": "path",
                        "path": path,
                        "layer": layer,
                        "fillcolor": palette[mark.fill],
                        "line": line(None, 0),
                    }
                )
            case Label():
                notes.append(
                    {
                        "x": mark.at[0],
                        "y": mark.at[1],
                        "text": escape(mark.text),
                        "showarrow": False,
                        "borderpad": 0,
                        "xanchor": SIDES[mark.align],
                        "yanchor": "middle",
                        "bgcolor": palette["paper"] if mark.halo else CLEAR,
                        "font": {
                            "size": px(mark.size),
                            "color": palette[mark.fill],
                            "weight": mark.weight,
                            "family": FONT,
                        },
                    }
                )
    still = {"visible": False, "fixedrange": True}
    return {
        "data": data,
        "layout": {
            "width": WIDTH,
            "height": px(scene.height),
            "margin": {"l": 0, "r": 0, "t": 0, "b": 0, "pad": 0},
            "xaxis": {"range": [0, scene.width], **still},
            "yaxis": {"range": [0, scene.height], **still},
            "shapes": shapes,
            "annotations": notes,
            "paper_bgcolor": CLEAR,
            "plot_bgcolor": CLEAR,
            "showlegend": False,
            "dragmode": False,
            "hoverdistance": HOVER_REACH,
            "hoverlabel": {
                "align": "left",
                "font": {"family": FONT, "color": palette["paper"]},
                "bgcolor": palette["ink"],
                "bordercolor": palette["ink"],
            },
        },
        "config": {"displayModeBar": False, "responsive": False, "doubleClick": False, "scrollZoom": False},
    }


def _trace(mark: Dots | Spots, look: dict[str, Any]) -> dict[str, Any]:
    """Return points that look so; where they have something to say, keys get the same words (`meta`)."""
    lines = "<br>".join(escape(line) for line in wrap(mark.hover, HOVER_LETTERS))
    says = {"hovertemplate": f"{lines}<extra></extra>", "meta": mark.hover}
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [round(x, 4) for x, _y in mark.at],
        "y": [round(y, 4) for _x, y in mark.at],
        "cliponaxis": False,
        "showlegend": False,
        "marker": look,
        **(says if mark.hover else {"hoverinfo": "skip"}),
    }


def _rounded(box: Box) -> str:
    """Return a rectangle's path, its corners as round as its `radius`."""
    (x0, y0), (x1, y1) = box.low, box.high
    r = min(box.radius, (x1 - x0) / 2, (y1 - y0) / 2)
    if r <= 0:
        return f"M{_xy(x0, y0)}L{_xy(x1, y0)}L{_xy(x1, y1)}L{_xy(x0, y1)}Z"
    return (
        f"M{_xy(x0 + r, y0)}L{_xy(x1 - r, y0)}Q{_xy(x1, y0)} {_xy(x1, y0 + r)}"
        f"L{_xy(x1, y1 - r)}Q{_xy(x1, y1)} {_xy(x1 - r, y1)}"
        f"L{_xy(x0 + r, y1)}Q{_xy(x0, y1)} {_xy(x0, y1 - r)}"
        f"L{_xy(x0, y0 + r)}Q{_xy(x0, y0)} {_xy(x0 + r, y0)}Z"
    )


def _xy(x: float, y: float) -> str:
    return f"{round(x, 4):g},{round(y, 4):g}"
