#!/usr/bin/env python
"""Midpoint's command line: `manage.py help` lists the commands."""

import os
import sys


def main() -> None:
    """Run one command with this project's settings; leave with a sentence where the database is not what it needs."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "eip2review.settings")
    from django.core.management import CommandError, execute_from_command_line
    from django.db import Error

    try:
        execute_from_command_line(sys.argv)
    except Error as error:
        from eip2review.upgrading import refuse_away

        try:
            refuse_away(error)
        except CommandError as refusal:
            sys.exit(str(refusal))
        raise


if __name__ == "__main__":
    main()
