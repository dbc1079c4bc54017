"""What a page offers to send: its forms with their fields as filled in, and what htmx would ask for."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

Fields = list[tuple[str, str]]


@dataclass
class Form:
    """A form as a browser would send it with one of its buttons: `names` are all names it has, ticked or not."""

    method: str
    action: str
    fields: Fields = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    buttons: Fields = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self, at: str) -> None:
        super().__init__()
        self.at = at
        self.forms: list[Form] = []
        self.by_id: dict[str, Form] = {}
        self.open: Form | None = None
        self.select = ""
        self.textarea = ""
        self.typed = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.open = Form(has.get("method", "get").upper(), self.path(has.get("action", "")))
            self.forms.append(self.open)
            self.by_id[has.get("id", "")] = self.open
        for word, method in (("hx-get", "GET"), ("hx-post", "POST"), ("formaction", "POST")):
            if word in has and self.path(has[word]) != (self.open.action if self.open else ""):
                owner = self.open or Form("GET", "")
                self.forms.append(Form(method, self.path(has[word]), owner.fields, owner.names, owner.buttons))
        form = self.by_id.get(has["form"], self.open) if "form" in has else self.open
        if form is not None:
            self.take(tag, has, form)

    def take(self, tag: str, has: dict[str, str], form: Form) -> None:
        """Add what an element of a form would send."""
        name = has.get("name", "")
        if name and tag in ("input", "select", "textarea"):
            form.names.add(name)
        if tag == "input" and name and (has.get("type") not in ("checkbox", "radio") or "checked" in has):
            form.fields.append((name, has.get("value", "on")))
        elif tag == "button" and name:
            form.buttons.append((name, has.get("value", "")))
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select and ("selected" in has or self.select not in dict(form.fields)):
            form.fields.append((self.select, has.get("value", "")))
        elif tag == "textarea":
            self.textarea, self.typed = name, ""

    def handle_data(self, data: str) -> None:
        self.typed += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self.textarea and self.open is not None:
            self.open.fields.append((self.textarea, self.typed.strip()))
            self.textarea = ""
        elif tag == "select":
            self.select = ""
        elif tag == "form":
            self.open = None

    def path(self, address: str) -> str:
        """Return an address as a path of this site."""
        parts = urlsplit(urljoin(self.at, address))
        return parts.path + (f"?{parts.query}" if parts.query else "")


def forms_of(page: str, at: str) -> list[Form]:
    """Return the forms of a page that was read at this path."""
    reader = _Reader(at)
    reader.feed(page)
    return reader.forms
