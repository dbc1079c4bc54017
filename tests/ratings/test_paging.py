"""Pages of the wall: what fits stays together, what does not goes on, and no word is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratings.models import Comment
from ratings.paging import (
    PAGE_HEIGHT,
    CommentPage,
    anchor_page,
    comment_pages,
    fill_pages,
    imperative_pages,
)
from workshops.models import Scale


@pytest.mark.parametrize(
    ("heights", "pages"),
    [
        ([], []),
        ([1.0], [[1.0]]),
        ([10.0], [[10.0]]),
        ([10.1], [[10.1]]),
        ([5.0, 5.0], [[5.0, 5.0]]),
        ([5.0, 5.1], [[5.0], [5.1]]),
        ([4.0, 4.0, 4.0], [[4.0, 4.0], [4.0]]),
        ([1.0, 99.0, 1.0], [[1.0], [99.0], [1.0]]),
    ],
)
def test_pages_are_filled_to_their_height(heights: list[float], pages: list[list[float]]) -> None:
    assert fill_pages(heights, lambda height: height, 10.0) == pages


@given(st.lists(st.floats(0.1, 30.0)))
def test_pages_keep_every_item_in_order_and_never_overflow(heights: list[float]) -> None:
    pages = fill_pages(heights, lambda height: height, 10.0)
    assert [height for page in pages for height in page] == heights
    assert all(page and (len(page) == 1 or sum(page) <= 10.0 + 1e-9) for page in pages)


def scale_with(ten: int, zero: int) -> Scale:
    """Return a scale whose anchors have so many words of four letters."""
    return Scale(anchor_ten="word " * ten, anchor_zero="zero " * zero)


@pytest.mark.parametrize(
    ("ten", "zero", "form", "numbers"),
    [
        (1, 1, "", [10, 0]),
        (40, 40, "", [10, 0]),
        (45, 10, "long", [10, 0]),
        (10, 50, "long", [10, 0]),
        (120, 10, "one", [10]),
        (10, 120, "one", [10]),
    ],
)
def test_anchors_stand_side_by_side_while_both_fit(ten: int, zero: int, form: str, numbers: list[int]) -> None:
    page = anchor_page(scale_with(ten, zero), 1)
    assert (page.form, [number for number, _ in page.anchors]) == (form, numbers)
    assert page.pages == (2 if form == "one" else 1)


@pytest.mark.parametrize(("asked", "page", "number"), [(1, 1, 10), (2, 2, 0), (3, 2, 0), (999, 2, 0)])
def test_long_anchors_have_a_page_each(asked: int, page: int, number: int) -> None:
    got = anchor_page(scale_with(120, 120), asked)
    assert (got.page, got.anchors[0][0]) == (page, number)


def test_anchors_too_long_for_a_page_go_on_and_lose_no_word() -> None:
    scale = scale_with(200, 180)
    parts = [anchor_page(scale, page).anchors[0] for page in range(1, anchor_page(scale, 1).pages + 1)]
    assert [number for number, _ in parts] == [10, 10, 0, 0]
    for number, count in ((10, 200), (0, 180)):
        words = " ".join(words for of, words in parts if of == number).replace("…", "").split()
        assert len(words) == count


def comments(*texts: str) -> list[Comment]:
    """Return comments with these words, not kept anywhere."""
    return [Comment(pk=number, text=text) for number, text in enumerate(texts)]


def texts_of(pages: list[CommentPage]) -> list[str]:
    """Return the words on pages of columns, in order."""
    return [comment.text for page in pages for column in page.columns for comment in column.comments]


def test_no_comments_have_no_page() -> None:
    assert comment_pages([("well", []), ("", [])]) == []


def test_marks_stand_side_by_side_without_empty_columns() -> None:
    (page,) = comment_pages([("well", comments("a")), ("worry", []), ("next", comments("b", "c")), ("", [])])
    assert [(column.mark, len(column.comments)) for column in page.columns] == [("well", 1), ("next", 2)]
    assert page.alone is None


def test_short_column_stays_empty_on_later_pages() -> None:
    pages = comment_pages([("well", comments("a")), ("worry", comments(*[f"b{n}" for n in range(30)]))])
    assert len(pages) > 1
    assert [len(page.columns[0].comments) for page in pages] == [1] + [0] * (len(pages) - 1)
    assert {len(page.columns) for page in pages} == {2}


def test_comment_too_long_for_its_column_follows_alone_in_parts() -> None:
    long = " ".join(f"word{n}" for n in range(400))
    pages = comment_pages([("well", comments("short", long)), ("worry", comments("other"))])
    first, *alone = pages
    assert texts_of([first]) == ["short", "other"]
    assert len(alone) > 1
    assert {page.alone.text for page in alone if page.alone} == {long}
    parts = [page.part for page in alone]
    assert not parts[0].startswith("…")
    assert not parts[-1].endswith("…")
    assert all(part.endswith(" …") for part in parts[:-1])
    assert all(part.startswith("… ") for part in parts[1:])
    assert " ".join(part.strip("… ") for part in parts) == long


@given(
    st.lists(st.text("ab \n", min_size=1, max_size=700), max_size=6), st.lists(st.text("cd ", min_size=1), max_size=6)
)
def test_every_comment_is_on_a_page(well: list[str], worry: list[str]) -> None:
    pages = comment_pages([("well", comments(*well)), ("worry", comments(*worry))])
    alone = [page.alone.text for page in pages if page.alone]
    assert sorted({*texts_of(pages), *alone}) == sorted({*well, *worry})
    assert PAGE_HEIGHT > 0


def test_leading_imperatives_take_more_room() -> None:
    texts = ["word " * 12] * 20
    plain = imperative_pages(texts, lambda text: text, leading=0)
    rows = [[text] for text in texts]  # each a thing of its own: what leads is told by place, not by words
    leading = imperative_pages(rows, lambda row: row[0], leading=2)
    assert len(leading) > len(plain)
    assert [row for page in leading for row, _words in page] == rows


def test_imperative_too_long_for_a_page_goes_on_on_the_next() -> None:
    long = " ".join(f"word{n}" for n in range(400))
    for leading in (0, 2):
        pages = imperative_pages(["short", long, "other"], str, leading=leading)
        assert [item for page in pages for item, _words in page if item != long] == ["short", "other"]
        parts = [words for page in pages for item, words in page if item == long]
        assert len(parts) > 1
        assert " ".join(part.strip("… ") for part in parts) == long
