"""The measurement works, and loses nothing; how quick it was is not asked."""

import json
import subprocess
import sys
from pathlib import Path

from tests.load import report
from tests.load.slow_disk import can_be_measured
from tests.servers import ROOT


def test_measurement_loses_no_event_and_no_answer(tmp_path: Path) -> None:
    output = tmp_path / "load.json"
    command = [sys.executable, "-m", "tests.load", "--quick", "--output", str(output)]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    measured = json.loads(output.read_text())
    assert measured["lost"] == 0
    figures = measured["figures"]
    slow_disk = {report.SLOW_DISK} if can_be_measured() else set()
    assert {name.partition(":")[0] for name in figures} == slow_disk | {
        "saves",
        "joins",
        "redirects",
        "20 phones save within a second",
        "stage change, 20 phones",
        "stage change, 20 phones, 20 saves a second",
        "telling one of 20 phones",
        "an answer, 20 a second, 20 phones",
        "20 idle phones",
        "reveal of 20 answers on the wall",
        "cold start",
        "60 comments",
    }
    taken = ("rate", "p95", "shown", "seconds", "processor", "megabytes")
    assert all(row[measure] > 0 for rows in figures.values() for row in rows for measure in taken if measure in row)
    assert figures["an answer, 20 a second, 20 phones: as it comes"][0]["asked"] > 1
    assert "No event and no answer is lost" in result.stdout
