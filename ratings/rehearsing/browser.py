"""A browser without JavaScript, as small as a rehearsal needs: pages, their forms, cookies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookiejar import CookieJar
from urllib.parse import urlencode, urljoin
from urllib.request import HTTPCookieProcessor, ProxyHandler, Request, build_opener

TIMEOUT = 30
"""Seconds to wait for an answer."""
_CONTROLS = {"input", "textarea", "button"}
_PICKED = {"radio", "checkbox"}
_PRESSED = {"submit", "button", "reset", "image"}


@dataclass
class Field:
    """One control of a form: its name, its type, its value, and whether it is picked where it can be."""

    name: str
    kind: str
    value: str
    picked: bool = True


@dataclass
class WebForm:
    """A form as the page gives it. `stage` is its `data-stage`, empty for a form of no stage."""

    method: str
    action: str
    stage: str
    fields: list[Field] = field(default_factory=list)

    def __contains__(self, name: str) -> bool:
        return any(control.name == name for control in self.fields)

    def choices(self, name: str) -> list[str]:
        """Return the values on offer under a name, in the page's order."""
        return [control.value for control in self.fields if control.name == name]

    def filled(self, answers: Mapping[str, Sequence[str]]) -> list[tuple[str, str]]:
        """Return what a browser would send after these answers, given by name; the rest goes as the page had it."""
        kept = [
            (control.name, control.value) for control in self.fields if control.picked and control.name not in answers
        ]
        return kept + [(name, value) for name, values in answers.items() if name in self for value in values]


@dataclass(frozen=True)
class Page:
    """A page that came back, after any redirects: where from, its forms, and where its links go."""

    url: str
    forms: Sequence[WebForm]
    links: Sequence[str] = ()

    @property
    def stage_form(self) -> WebForm | None:
        """The form of the open stage; None when the page asks nothing."""
        return next((form for form in self.forms if form.stage), None)

    @property
    def questions(self) -> Sequence[str]:
        """Where the questions are, on a page that lists all of them."""
        return [link for link in self.links if "/stages/" in link]


class Browser:
    """One phone's browser. Raises OSError (URLError, HTTPError, a timeout) when a page does not come."""

    def __init__(self) -> None:
        self.cookies = CookieJar()
        self._opener = build_opener(ProxyHandler({}), HTTPCookieProcessor(self.cookies))

    def get(self, url: str) -> Page:
        """Fetch a page."""
        return self._open(Request(url))  # noqa: S310 (the caller gives an http address)

    def submit(self, page: Page, form: WebForm, answers: Mapping[str, Sequence[str]]) -> Page:
        """Send a form of a page, filled with these answers; return the page that comes back."""
        data = urlencode(form.filled(answers)).encode()
        headers = {"Referer": page.url}  # without it a server behind TLS refuses the form
        return self._open(Request(urljoin(page.url, form.action), data, headers))  # noqa: S310

    def cookie(self, name: str) -> str | None:
        """Return the value of a cookie; None when there is none."""
        return next((cookie.value for cookie in self.cookies if cookie.name == name), None)

    def _open(self, request: Request) -> Page:
        with self._opener.open(request, timeout=TIMEOUT) as response:
            return read_page(response.url, response.read().decode())


def read_page(url: str, html: str) -> Page:
    """Return a page's links, and its forms with their controls; a button that has a name is one that is not picked."""
    reader = _PageReader()
    reader.feed(html)
    reader.close()
    return Page(url, reader.forms, reader.links)


class _PageReader(HTMLParser):
    """Gathers links, forms, inputs, buttons and text areas; a select is not needed yet."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[WebForm] = []
        self.links: list[str] = []
        self._inside = False
        self._text: Field | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open a form, or add a control to the open one."""
        values = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = True
            self.forms.append(
                WebForm(values.get("method", "get"), values.get("action", ""), values.get("data-stage", ""))
            )
        elif tag == "a" and values.get("href"):
            self.links.append(values["href"])
        elif self._inside and tag in _CONTROLS and values.get("name") and "disabled" not in values:
            self._add(tag, values)

    def handle_endtag(self, tag: str) -> None:
        """Close a form or a text area."""
        if tag == "form":
            self._inside = False
        elif tag == "textarea":
            self._text = None

    def handle_data(self, data: str) -> None:
        """Keep what a text area starts with."""
        if self._text is not None:
            self._text.value += data

    def _add(self, tag: str, values: Mapping[str, str]) -> None:
        kind = values.get("type", "text") if tag == "input" else tag
        if tag == "input" and kind in _PRESSED:
            return
        picked = tag != "button" and (kind not in _PICKED or "checked" in values)
        control = Field(values["name"], kind, values.get("value", "on" if kind in _PICKED else ""), picked)
        self.forms[-1].fields.append(control)
        if tag == "textarea":
            self._text = control
