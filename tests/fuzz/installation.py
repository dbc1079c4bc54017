"""An installation of its own to send bad inputs to, and the long run."""

from __future__ import annotations

import argparse
import logging
import random
import sys

import django
from django.conf import settings
from django.core.management import call_command
from django.test import override_settings


def run(options: argparse.Namespace) -> int:
    """Send what the options say to an empty installation; print as it goes; return 1 when anything was wrong."""
    django.setup()
    logging.disable()  # each refusal is logged, with where it was raised
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"], LOGGING_CONFIG=None):
        call_command("migrate", verbosity=0)
        call_command("build_fonts", verbosity=0)
        return _send(options)


def _send(options: argparse.Namespace) -> int:
    from tests.fuzz import campaign, journals, live, patterns

    say(f"database {settings.DATABASES['default']['NAME']}")
    chance = random.Random(options.seed)
    report = campaign.Report()
    at_doors = options.count // 10
    shares = campaign.shares(options.count - at_doors)
    for name, count in {options.scene: options.count}.items() if options.scene else shares.items():
        while count > 0:  # requests to what is asked seldom are not sent, and are made up for
            before = report.sent
            campaign.play(name, count, chance, report)
            count -= report.sent - before
        say(f"{name}: {report.sent} so far, {sum(report.faults.values())} faults, {report.seconds:.0f} s")
    if not options.scene:
        live.play(at_doors, chance, report)
    wrong = [*journals.play(options.journals, options.printed, chance), *patterns.play()]
    for line in [*report.lines(), f"{options.journals} hostile journals, {options.printed} of them printed", *wrong]:
        say(line)
    return 1 if report.faults or wrong else 0


def say(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
