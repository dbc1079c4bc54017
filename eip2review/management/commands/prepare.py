"""`manage.py prepare`: bring this installation up to date."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from eip2review.upgrading import refuse_in_session, refuse_later
from workshops.models import Review

DEFAULT_REVIEW = settings.BASE_DIR / "fixtures" / "default_review.json"


class Command(BaseCommand):
    """Build what is missing or outdated, migrate, load the default review; does no harm when run again."""

    requires_system_checks = []
    help = "Bring this installation up to date: fonts, static files, database, the default review."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take whether to change the database also while a workshop is in session."""
        parser.add_argument("--force", action="store_true", help="migrate also while a workshop is in session")

    def handle(self, *args: Any, force: bool, **options: Any) -> None:
        """Do the four steps, each only when it is due; exits with a sentence where the database does not allow it."""
        refuse_later()
        if not force:
            refuse_in_session(force="make run FORCE=1, or make setup FORCE=1")
        call_command("build_fonts")
        if not static_files_are_current():
            self.stdout.write("Compressing static files. This takes a little while, once.")
            call_command("collectstatic", interactive=False, verbosity=0)
        call_command("migrate", interactive=False, verbosity=0, force=True)
        if not Review.objects.exists():
            call_command("loaddata", DEFAULT_REVIEW, verbosity=0)


def static_files_are_current() -> bool:
    """Return whether the collected files are younger than our own, the built fonts and the locked packages."""
    manifest: Path = settings.STATIC_ROOT / "staticfiles.json"
    if not manifest.exists():
        return False
    sources = [settings.BASE_DIR / "uv.lock"]
    for folder in (settings.BASE_DIR / "static", settings.BUILT_DIR / "fonts"):
        sources += [folder, *folder.rglob("*")]  # a folder's own date moves when a file is added or deleted
    return manifest.stat().st_mtime > max(source.stat().st_mtime for source in sources if source.exists())
