"""The measurement works, and loses nothing; how quick it was is not asked."""

import json
import subprocess
import sys
from pathlib import Path

from tests.servers import ROOT


def test_measurement_loses_no_event_and_no_answer(tmp_path: Path) -> None:
    output = tmp_path / "load.json"
    command = [sys.executable, "-m", "tests.load", "--quick", "--output", str(output)]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    measured = json.loads(output.read_text())
    assert measured["lost"] == 0
    assert {name.partition(":")[0] for name in measured["figures"]} == {
        "saves",
        "redirects",
        "20 phones",
        "60 comments",
    }
    assert all(
        row["rate"] > 0
        for name, rows in measured["figures"].items()
        if name.startswith(("saves", "redirects"))
        for row in rows
    )
    pressed = [row for name, rows in measured["figures"].items() if "comments" in name for row in rows]
    assert all(min(row["seconds"], row["processor"], row["megabytes"]) > 0 for row in pressed)
    assert "Lost events and refused answers: 0" in result.stdout
