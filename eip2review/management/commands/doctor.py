"""`manage.py doctor`: is this installation fit for a morning, and if not, what is to be done?"""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from eip2review.doctor import configuration, data, machine, network, printing
from eip2review.doctor.findings import Finding, Verdict, examine
from eip2review.doctor.outside import Outside


class Command(BaseCommand):
    """Look at everything that a morning needs; print a line for each, and what to do."""

    requires_system_checks = []
    help = (
        "Examine this installation: versions, disks, clock, settings, fonts, a page printed for a try, the database "
        "and what is due in it, the network. Changes nothing. With --url also what phones meet at the public address: "
        "certificate, proxies, live channel, uploads. Ends with an error only when something is broken."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the public address, and how to print."""
        parser.add_argument("--url", help="the address as phones open it; takes half a minute longer")
        parser.add_argument("--json", action="store_true", help="print a list of findings as JSON")

    def handle(self, *args: Any, url: str | None, **options: Any) -> None:
        """Examine; exits with an error when something is broken."""
        checks = [check for part in (machine, configuration, printing, data, network) for check in part.CHECKS]
        if url:
            try:
                checks += Outside(url.rstrip("/")).checks()
            except ValueError:
                raise CommandError(f"{url} is no address. Write it as phones open it, with https://.") from None
        findings = examine(checks)
        if options["json"]:
            found = list(findings)
            self.stdout.write(json.dumps([asdict(finding) for finding in found], ensure_ascii=False, indent=1))
        else:
            found = list(self._told(findings))
        broken = sum(finding.verdict is Verdict.BROKEN for finding in found)
        if broken:
            raise CommandError(f"{broken} of {len(found)} are broken.")

    def _told(self, findings: Iterable[Finding]) -> Iterator[Finding]:
        """Print each finding as soon as it is known, and pass it on."""
        styles = {
            Verdict.FINE: self.style.SUCCESS,
            Verdict.LOOK: self.style.WARNING,
            Verdict.BROKEN: self.style.ERROR,
        }
        for finding in findings:
            self.stdout.write(f"{styles[finding.verdict](f'{finding.verdict:8}')}{finding.about}: {finding.found}")
            if finding.do:
                self.stdout.write(f"{'':8}→ {finding.do}")
            self.stdout.flush()
            yield finding
