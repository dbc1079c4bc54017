"""What every chart promises, whatever the room."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise, product
from xml.etree import ElementTree

import plotly.graph_objects as go
import pytest

from ratings.charts import (
    CELL,
    DARK,
    DESK,
    LETTERED,
    LIGHT,
    PRINT,
    WALL,
    ChartView,
    Form,
    Scene,
    bench,
    both,
    cover_of_scores,
    mini_strip,
    quadrant,
    rag_bar,
    rag_mini,
    rag_people,
    strip,
    to_plotly,
    to_svg,
    voices,
    votes,
)
from ratings.charts.scene import Box, Dots, Label, Line, Spots
from ratings.charts.strip import EXAMPLE, EXAMPLE_SPREAD
from ratings.revealed import PHONE
from ratings.summaries import RagSummary, ScaleSummary, summarise_scores
from ratings.typesetting import Face, width_of
from tests.ratings.charts.cases import RATINGS, ROOMS, SILENT_ROOMS, all_scenes, rated
from workshops.choices import ScaleKind

SCENES = dict(all_scenes())
BEING = ScaleKind.BEING
ODD = "</text><script>alert(1)</script> & \"'"


@pytest.fixture(params=SCENES)
def scene(request: pytest.FixtureRequest) -> Scene:
    found = SCENES[request.param]
    assert found is not None
    return found


def dots_of(scene: Scene | None, role: str) -> int:
    assert scene is not None
    return sum(len(mark.at) for mark in scene.marks if isinstance(mark, Dots) and mark.fill == role)


def test_svg_is_well_formed_and_says_its_alternative(scene: Scene) -> None:
    root = ElementTree.fromstring(to_svg(scene))  # noqa: S314 - our own markup
    assert root[0].tag.endswith("title")
    assert root[0].text == scene.alternative


def test_plotly_accepts_the_figure_in_both_palettes(scene: Scene) -> None:
    for palette in (LIGHT, DARK):
        figure = to_plotly(scene, palette)
        drawn = go.Figure(data=figure["data"], layout=figure["layout"])
        points = sum(len(mark.at) for mark in scene.marks if isinstance(mark, Dots | Spots))
        assert sum(len(trace.x) for trace in drawn.data) == points
        words = [mark.hover for mark in scene.marks if isinstance(mark, Dots | Spots) and mark.hover]
        assert [trace.meta for trace in drawn.data if trace.meta] == words  # what a key says is what pointing shows


def test_marks_stay_inside_the_picture(scene: Scene) -> None:
    slack = scene.width * 0.002
    for mark in scene.marks:
        match mark:
            case Dots():
                reach = mark.size / 2 * (0.9 if mark.symbol == "triangle-up" else 1)
                points = [(x + dx, y + dy) for x, y in mark.at for dx in (-reach, reach) for dy in (-reach, reach)]
            case Spots():
                points = list(mark.at)
            case Box():
                points = [mark.low, mark.high]
            case Line():
                points = [mark.start, mark.end]
            case Label():
                left = mark.at[0] - mark.length * {"start": 0, "middle": 0.5, "end": 1}[mark.align]
                points = [(left + mark.length * 0.1, mark.at[1]), (left + mark.length * 0.9, mark.at[1])]
            case _:
                points = list(mark.corners)
        for x, y in points:
            assert -slack <= x <= scene.width + slack, mark
            assert -slack <= y <= scene.height + slack, mark


def test_no_area_is_drawn_over_dots(scene: Scene) -> None:
    """Plotly has two layers, under all dots and over all dots: a band after the first dots would hide them."""
    seen = False
    for mark in scene.marks:
        assert not (seen and isinstance(mark, Box) and scene.id in "sbmq")
        seen = seen or isinstance(mark, Dots)


@pytest.mark.parametrize("room", ROOMS)
def test_strip_draws_a_dot_a_score_and_says_every_count(room: str) -> None:
    summary = ROOMS[room]
    scene = strip(summary, id="s", title="Being at the goal", kind=BEING)
    assert scene is not None
    assert dots_of(scene, "being") == summary.n
    for score, count in enumerate(summary.counts):
        assert (f" {score}: {count}" in scene.desc) == bool(count)
    assert scene.table[1:12] == tuple((str(score), str(count)) for score, count in enumerate(summary.counts))
    assert ("could not say" in scene.desc) == bool(summary.cant_say)
    assert (scene.table[-1] == ("Can’t say", str(summary.cant_say))) == bool(summary.cant_say)


@pytest.mark.parametrize("room", SILENT_ROOMS)
def test_nothing_is_drawn_that_nobody_gave(room: str) -> None:
    silent = SILENT_ROOMS[room]
    assert strip(silent, id="s", title="A", kind=BEING) is None
    assert mini_strip(silent, id="s", title="A", kind=BEING) is None
    assert both(silent, ROOMS["sixty"], id="b", title="A") is None
    assert both(ROOMS["sixty"], silent, id="b", title="A") is None
    assert quadrant(rated((silent, ROOMS["sixty"])), id="q", title="A") is None
    assert cover_of_scores([silent], [silent]) is None


def test_nothing_is_drawn_of_no_ratings_votes_voices_or_people() -> None:
    for chart in (rag_bar, rag_people, rag_mini):
        assert chart(RagSummary(cant_say=4), id="r", title="A") is None
    assert votes(0, most=3, id="v") is None
    assert voices(0, most=3, role="being", id="v", title="A") is None
    assert bench(0, 0, id="b") is None
    assert ChartView.of(None) is None


@pytest.mark.parametrize(
    ("being", "progress", "shown", "gap"),
    [
        ([5], [7], {"5", "7"}, "2 points between the medians."),
        ([5, 6], [7], {"5.5", "7"}, "1.5 points between the medians."),
        ([5, 6], [6], {"5.5", "6"}, "0.5 points between the medians."),
        ([4], [5], {"4", "5"}, "1 point between the medians."),
        ([5, 6], [5, 6], {"5.5"}, "The medians are the same."),
        ([10], [0], {"10", "0"}, "10 points between the medians."),
    ],
)
def test_both_marks_the_medians_whole_or_half(being: list[int], progress: list[int], shown: set[str], gap: str) -> None:
    scene = both(summarise_scores(being), summarise_scores(progress), id="b", title="A")
    assert scene is not None
    medians = [mark.text for mark in scene.marks if isinstance(mark, Label) and mark.fill == "on_tone"]
    assert set(medians) == shown
    assert len(medians) == len(shown)
    assert scene.desc.endswith(gap)


def test_both_keeps_a_number_once_on_the_line() -> None:
    scene = both(summarise_scores([5]), summarise_scores([7]), id="b", title="A")
    assert scene is not None
    numbers = [mark.text for mark in scene.marks if isinstance(mark, Label) and mark.text.isdigit()]
    assert sorted(numbers, key=int) == ["0", "1", "2", "3", "4", "5", "7", "8", "9", "10"]  # 6 is under the gap


@pytest.mark.parametrize("room", RATINGS)
def test_rag_people_draws_everybody_as_their_colour(room: str) -> None:
    rating = RATINGS[room]
    scene = rag_people(rating, id="p", title="A")
    for role, count in (("red", rating.red), ("amber", rating.amber), ("green", rating.green)):
        assert dots_of(scene, role) == count


@pytest.mark.parametrize("room", RATINGS)
def test_rag_bar_says_every_count_in_words(room: str) -> None:
    rating = RATINGS[room]
    scene = rag_bar(rating, id="r", title="A")
    assert scene is not None
    words = " ".join(mark.text for mark in scene.marks if isinstance(mark, Label))
    for colour, count in rating.counts:
        assert f"{colour.label} {count} of {rating.n}" in scene.desc
        assert (str(count) in words) or not count


@pytest.mark.parametrize("form", [PRINT, WALL, DESK], ids=["print", "wall", "desk"])
def test_every_part_of_a_rating_is_named_by_a_word_that_fits(form: Form) -> None:
    """However narrow it is: colour alone says nothing to some."""
    for n, red in product((26, 200), range(24)):
        rating = RagSummary(red, n - red - 3, 3)
        for chart in (rag_bar, rag_people):
            scene = chart(rating, id="r", title="A", form=form)
            assert scene is not None
            labels = [mark for mark in scene.marks if isinstance(mark, Label)]
            given = {str(colour.label) for colour, count in rating.counts if count}
            assert {label.text.split()[0] for label in labels} >= given, f"{chart.__name__} {rating}"
            parts = {str(mark.fill): mark.high[0] for mark in scene.marks if isinstance(mark, Box)}
            for label in labels:
                if label.align == "start":  # within its part, or below and within the picture
                    end = label.at[0] + width_of(label.text, Face.SANS_BOLD) * label.size
                    assert end <= parts.get(str(label.fill).removeprefix("on_"), form.width), f"{label} {rating}"


@pytest.mark.parametrize("chart", [rag_bar, rag_people])
@pytest.mark.parametrize("form", [PRINT, WALL, DESK, PHONE], ids=["print", "wall", "desk", "phone"])
def test_name_of_a_part_is_below_it_or_a_line_leads_there(form: Form, chart: Callable[..., Scene]) -> None:
    for red, amber, green in product((0, 1, 3, 60, 198), repeat=3):
        rating = RagSummary(red, amber, green)
        scene = chart(rating, id="r", title="A", form=form) if rating.n else None
        marks = scene.marks if scene else ()
        names = {mark.text.split()[0]: mark for mark in marks if isinstance(mark, Label) and mark.align == "start"}
        lines = [mark for mark in marks if isinstance(mark, Line)]
        below = sorted((label.at[0], _end(label)) for label in names.values() if label.fill == "ink")
        assert all(end < start for (_, end), (start, _) in pairwise(below)), rating
        for part in (mark for mark in marks if isinstance(mark, Box)):
            (left, low), (right, _high) = part.low, part.high
            name = names[str(part.fill).capitalize()]
            start, middle = name.at[0], (left + right) / 2
            is_near = left <= start <= right or start <= middle <= start + name.length
            leading = [line for line in lines if left < line.start[0] < right and line.start[1] < low]
            led = [start <= line.end[0] <= _end(name) and name.at[1] < line.end[1] for line in leading]
            assert led == [] if is_near else led == [True], f"{part.fill} of {rating}"


def _start(label: Label) -> float:
    """Return where words start."""
    return label.at[0] - {"start": 0, "middle": 0.5, "end": 1}[label.align] * _width(label)


def _end(label: Label) -> float:
    """Return where words end."""
    return _start(label) + _width(label)


def _width(label: Label) -> float:
    return width_of(label.text, Face.SANS_BOLD if label.weight >= 600 else Face.SANS) * label.size


@pytest.mark.parametrize("n", [1, 12, LETTERED - 1, LETTERED, 500])
def test_small_rating_has_words_or_letters_that_the_table_explains(n: int) -> None:
    scene = rag_mini(RagSummary(n // 3, n - 2 * (n // 3), n // 3), id="r", title="A", form=CELL.sized(width=33.6))
    assert scene is not None
    below = [mark for mark in scene.marks if isinstance(mark, Label) and mark.fill == "ink2"]
    words = {"R", "A", "G"} if n >= LETTERED else {"Red", "Amber", "Green"}
    assert {label.text.split()[0] for label in below} == words
    assert sum(width_of(label.text, Face.SANS) * label.size for label in below) < scene.width


@pytest.mark.parametrize("rating", [RagSummary(1, 60, 3), RagSummary(60, 1, 3), RagSummary(1, 1, 60)], ids=str)
def test_counts_below_a_small_rating_stand_equally_far_apart(rating: RagSummary) -> None:
    scene = rag_mini(rating, id="r", title="A", form=CELL.sized(width=34))
    assert scene is not None
    below = (mark for mark in scene.marks if isinstance(mark, Label) and mark.fill == "ink2")
    (_, red), (amber, amber_end), (green, _) = ((_start(label), _end(label)) for label in below)
    assert amber - red == pytest.approx(green - amber_end, abs=0.6)
    assert min(amber - red, green - amber_end) > 0.6  # a space


def test_map_sets_deliverables_apart_that_stand_in_one_place() -> None:
    scene = quadrant(rated(*[(ROOMS["sixty"], ROOMS["sixty"])] * 12), id="q", title="A")
    assert scene is not None
    discs = [mark for mark in scene.marks if isinstance(mark, Dots)]
    places = {(round(x, 3), round(y, 3)) for disc in discs for x, y in disc.at}
    assert len(places) == 12
    assert [row[0] for row in scene.table[1:]] == [f"{no} Deliverable {no}" for no in range(1, 13)]


def test_map_leaves_out_a_deliverable_without_scores_on_both_scales() -> None:
    scene = quadrant(
        rated((ROOMS["one"], ScaleSummary()), (ROOMS["one"], ROOMS["sixty"])), id="q", title="A", names=False
    )
    assert scene is not None
    assert [row[0] for row in scene.table[1:]] == ["2 Deliverable 2"]
    assert "Deliverable 2" not in [mark.text for mark in scene.marks if isinstance(mark, Label)]


@pytest.mark.parametrize(
    ("n", "m", "filled", "hollow"), [(0, 26, 0, 26), (7, 26, 7, 19), (26, 26, 26, 0), (3, 2, 3, 0)]
)
def test_bench_fills_as_many_as_have_answered(n: int, m: int, filled: int, hollow: int) -> None:
    scene = bench(n, m, id="b")
    assert (dots_of(scene, "ink"), dots_of(scene, "paper")) == (filled, hollow)


def test_example_strip_is_drawn_as_it_is_described() -> None:
    assert EXAMPLE.spread == EXAMPLE_SPREAD


def test_words_from_outside_are_escaped_in_both_writers() -> None:
    scene = strip(ROOMS["one"], id="s", title=ODD, kind=BEING, ends=(ODD, ODD))
    assert scene is not None
    assert "<script>" not in to_svg(scene)
    root = ElementTree.fromstring(to_svg(scene))  # noqa: S314 - our own markup
    assert root[0].text == scene.alternative
    assert not any("<script>" in note["text"] for note in to_plotly(scene)["layout"]["annotations"])


def test_palettes_colour_the_same_marks_differently() -> None:
    scene = strip(ROOMS["one"], id="s", title="A", kind=BEING)
    assert scene is not None
    assert LIGHT["being"] in to_svg(scene, LIGHT)
    assert DARK["being"] in to_svg(scene, DARK)
    assert LIGHT["being"] not in to_svg(scene, DARK)
