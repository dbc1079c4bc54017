"""`manage.py print_due`: print the journals that were asked for and not printed yet."""

from typing import Any

from django.core.management.base import BaseCommand

from ratings.journal.printing import print_due


class Command(BaseCommand):
    """Print what is due, one after the other, and say what became of it."""

    help = (
        "Print the journals that were asked for at the desk. The running server does so by itself; this is for an "
        "installation that is not running, or that is to spend its time on phones."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Print it; a journal that cannot be printed is one of those that are done with."""
        prints = print_due()
        for each in prints:
            each.refresh_from_db(fields=["state", "pages"])
            what = f"{each.pages} pages" if each.pages else "failed"
            self.stdout.write(f"{each.workshop.code}  {each.workshop}  {what}")
        if not prints:
            self.stdout.write("Nothing is due.")
