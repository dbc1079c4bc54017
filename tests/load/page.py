"""The page of figures: docs/capacity.md shows between its two marks what docs/capacity.json holds."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from tests.load.report import as_markdown
from tests.servers import ROOT

PAGE = ROOT / "docs" / "capacity.md"
RESULT = ROOT / "docs" / "capacity.json"
FIGURES = re.compile(r"(?<=<!-- figures -->\n).*(?=<!-- end of figures -->)", re.DOTALL)


def write(result: Mapping[str, Any]) -> None:
    """Keep a result beside the page, and show it there."""
    RESULT.write_text(json.dumps(result, indent=1) + "\n")
    PAGE.write_text(with_figures(PAGE.read_text(), result))


def with_figures(text: str, result: Mapping[str, Any]) -> str:
    """Return the page's text with these figures between its marks."""
    return FIGURES.sub(lambda _old: as_markdown(result) + "\n", text)
