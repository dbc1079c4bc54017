"""What a starting server does not wait for."""

import os
import subprocess
import sys
from pathlib import Path

from tests.servers import ROOT, app_server

FIRST_PAGE = """
import sys
import eip2review.server, eip2review.asgi
from django.urls import resolve
resolve("/")
print(*sys.modules)
"""
LATER = {"docx", "openpyxl", "PIL", "lxml", "weasyprint", "plotly"}
"""What makes journals and pictures."""
ELSEWHERE = {"redis", "psycopg"}
"""What a laptop has no use for."""


def test_first_page_waits_for_no_library_that_it_does_not_need(tmp_path: Path) -> None:
    env = {**os.environ, **app_server(var_dir=tmp_path).env}
    done = subprocess.run([sys.executable, "-c", FIRST_PAGE], cwd=ROOT, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    loaded = set(done.stdout.split())
    assert {"django", "uvicorn", "ratings.urls"} <= loaded
    assert loaded & (LATER | ELSEWHERE) == set()
