"""Whatever is sent to any address, the answer is a page, and what was typed is never markup."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from ratings.choices import CommentState
from ratings.models import Comment, Imperative
from tests import factories
from tests.routes import address
from tests.test_endpoints import TABLE, insider, make_cast
from workshops.choices import StageKind
from workshops.models import Facilitator, Workshop

pytestmark = pytest.mark.django_db

NASTY = [
    "\x00",
    "a\x00b",
    "\N{RIGHT-TO-LEFT OVERRIDE}gpj.exe\N{POP DIRECTIONAL FORMATTING}",
    "\N{COMBINING ACUTE ACCENT}" * 300,
    "9" * 5000,
    "-1",
    "1e9",
    "99999999999999999999",
    "٣",
    "²",
    "x" * 10_000,
    "<script>alert(1)</script>",
    "\"'><img src=x onerror=alert(1)>",
    "{{ 7|add:7 }}{% load x %}",
    "' OR 1=1 --",
    "\r\nSet-Cookie: a=b",
    "\ud7ff\U0010ffff",
    "   \t\n ",
]
TEXT = st.sampled_from(NASTY) | st.text(max_size=60) | st.integers().map(str)
FIELDS = {
    "workshops:enter_code": ["code", "ticket"],
    "workshops:join": ["group", "ticket"],
    "workshops:join_by_token": ["group", "ticket"],
    "account_login": ["login", "password", "next"],
    "mfa_login_webauthn": ["credential", "next"],
    "mfa_authenticate": ["code", "credential"],
    "account_reauthenticate": ["password", "next"],
    "mfa_reauthenticate": ["code", "next"],
    "mfa_reauthenticate_webauthn": ["credential", "next"],
    "account_change_password": ["oldpassword", "password1", "password2"],
    "account_set_password": ["password1", "password2"],
    "mfa_activate_totp": ["code"],
    "socialaccount_connections": ["account"],
    "openid_connect_login": ["process", "next"],
    "openid_connect_callback": ["code", "state"],
    "mfa_add_webauthn": ["name", "credential", "passwordless"],
    "workshops:new_workshop": ["review", "organisation", "venue", "date", "groups", "self_paced_until", "erase_on"],
    "workshops:new_review": [
        *["title", "imperative_question", "epigraph", "asks_higher", "add", "save"],
        *[
            f"deliverables-{name}"
            for name in ("TOTAL_FORMS", "INITIAL_FORMS", "0-name", "0-key", "0-ORDER", "0-DELETE")
        ],
    ],
    "workshops:edit_review": [
        "title",
        "imperative_question",
        "threshold",
        "save",
        "deliverables-TOTAL_FORMS",
        "deliverables-0-key",
    ],
    "workshops:edit_workshop": ["organisation", "venue", "date", "self_paced_until", "erase_on"],
    "workshops:invite_person": ["role"],
    "workshops:invitation": ["username", "password1", "password2"],
    "workshops:change_role": ["role"],
    "workshops:show": ["view", "page"],
    "workshops:wifi": ["wifi_name", "wifi_password"],
    "workshops:timer": ["minutes", "closes"],
    "workshops:blank": ["blank"],
    "ratings:save_score": ["value", "mark", "text"],
    "ratings:save_higher": ["higher"],
    "ratings:save_rag": ["value"],
    "ratings:save_imperatives": ["text_1", "text_2", "deliverables_1", "deliverables_2"],
    "ratings:save_votes": ["imperative"],
    "ratings:data": ["code"],
    "ratings:add_aloud": ["about", "text", "mark", "source"],
    "ratings:paper": ["0", "10", "unsure"],
    "ratings:decide": ["do", "reason", "own_reason", "words", "kind", "read", "list"],
    "ratings:show_new": ["seen", "list"],
    "ratings:group": ["comments", "name", "new_name", "do"],
    "ratings:merge": ["leading", "others"],
    "ratings:put_away": ["suggestion"],
    "ratings:decide_imperative": ["do", "reason", "own_reason", "words", "kind", "read"],
    "ratings:action": ["owner", "due"],
    "ratings:edit_journal": [
        *["read", "introduction", "epigraph", "epigraph_by", "grouping"],
        *[f"terms-{name}" for name in ("TOTAL_FORMS", "INITIAL_FORMS", "0-term", "0-meaning", "0-DELETE")],
        *["as_in_review", "add"],
    ],
    "ratings:edit_deliverable": ["read", "lead", "quote", "up", "as_in_review"],
    "ratings:check": ["read"],
    "ratings:sign": ["name", "role", "read"],
    "ratings:share": ["number", "label", "expires_on"],
    "ratings:verify": ["file", "fingerprint"],
    "ratings:carry_file": ["passphrase"],
    "take_in": ["file", "passphrase"],
}
NO_FIELDS = {
    *("workshops:leave", "workshops:sign_out", "workshops:move_to", "workshops:reveal", "workshops:cover"),
    *("workshops:one_more_minute", "workshops:pause", "workshops:resume", "workshops:take_over"),
    *("workshops:remove_person", "workshops:withdraw", "workshops:invite_planner", "workshops:withdraw_planner"),
    *("mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_remove_webauthn"),
    "mfa_index",
    *("ratings:part", "ratings:remove_rehearsal", "ratings:seal", "ratings:withdraw", "ratings:revoke"),
    "ratings:carry",
}
SLOW = {
    *("journal", "ratings:journal_pdf", "ratings:journal_file"),
    *("ratings:preview", "ratings:preview_pages"),
}  # they have tests of their own
FOR_STRANGERS = (
    "ratings:verify",
    *("workshops:enter_code", "workshops:join", "workshops:join_by_token", "workshops:invitation"),
    *("account_login", "mfa_login_webauthn", "mfa_authenticate"),
)
PLAIN = {"ratings:copy", "ratings:export", "ratings:trail_file"}  # for a file, which no browser takes for markup
TELLTALE = "<b data-sent>"
OPEN_AT = {
    "ratings:save_score": StageKind.SCALE,
    "ratings:save_rag": StageKind.RAG,
    "ratings:save_imperatives": StageKind.IMPERATIVES,
    "ratings:save_votes": StageKind.PRIORITIES,
}


def test_every_form_is_tried_below() -> None:
    assert {name for name in TABLE if "POST" in TABLE[name]} == {*FIELDS, *NO_FIELDS}


class TestHostileInput(TestCase):
    """What people and programs may send."""

    @settings(max_examples=4)
    @given(st.data())
    def test_no_text_makes_a_form_stumble(self, data: st.DataObject) -> None:
        cache.clear()  # of what was tried too often
        cast = make_cast()
        for name, fields in FIELDS.items():
            role = "stranger" if name in FOR_STRANGERS else "owner"
            if name in OPEN_AT:
                role = "participant"
                factories.opened(cast.of, OPEN_AT[name])
            sent = {field: data.draw(TEXT, label=field) for field in fields}
            if data.draw(st.booleans(), label="as markup"):
                sent = {field: f"{TELLTALE}{text}" for field, text in sent.items()}
            headers = {"HX-Request": "true"} if data.draw(st.booleans(), label="htmx") else {}
            path = address(name, cast.of, at=cast.at, **cast.ids)
            answer = cast.browsers[role].post(path, sent, headers=headers)
            assert answer.status_code in (200, 302, 404, 409), (name, answer.status_code)
            assert TELLTALE not in answer.content.decode(), name

    @settings(max_examples=4)
    @given(TEXT)
    def test_no_query_makes_a_page_stumble(self, text: str) -> None:
        cast = make_cast()
        for name, methods in TABLE.items():
            if "GET" not in methods or name in SLOW:
                continue
            query = dict.fromkeys(("copy", "review", "next", "theme", "lost", "joined", "page"), text)
            path = address(name, cast.of, at=cast.at, **cast.ids)
            for browser in (cast.browsers["stranger"], insider(cast, name)):
                assert browser.get(path, query).status_code in (200, 302, 400, 404, 409), name


def test_what_was_typed_is_never_markup_on_any_page() -> None:
    """Everything that people type, on every page that shows it, in every state of its stage."""
    cast = make_cast()
    of = cast.of
    Workshop.objects.filter(pk=of.pk).update(organisation=TELLTALE, venue=TELLTALE)
    type(of.edition).objects.filter(pk=of.edition.pk).update(title=TELLTALE, epigraph=TELLTALE)
    type(of.edition.review).objects.filter(pk=of.edition.review.pk).update(title=TELLTALE)
    of.edition.deliverables.update(name=TELLTALE, lead=TELLTALE, short_name=TELLTALE)
    for deliverable in of.edition.deliverables.all():
        deliverable.scales.update(anchor_ten=TELLTALE, anchor_zero=TELLTALE, short_ten=TELLTALE, short_zero=TELLTALE)
    of.groups.create(name=TELLTALE, position=1)
    Comment.objects.filter(workshop=of).update(text=TELLTALE, state=CommentState.SHOWN)
    Imperative.objects.filter(workshop=of).update(text=TELLTALE)
    Facilitator.objects.create(workshop=of, user=factories.facilitator(TELLTALE))
    escaped = 0
    for kind in StageKind:
        for bring in (factories.opened, factories.revealed):
            if bring is factories.revealed and not factories.stage(of, kind).asks:
                continue
            bring(of, kind)
            for name, methods in TABLE.items():
                if "GET" in methods and name not in SLOW | PLAIN:
                    page = insider(cast, name).get(address(name, of, at=cast.at, **cast.ids)).content.decode()
                    assert TELLTALE not in page, (name, kind)
                    escaped += "&lt;b data-sent&gt;" in page
    assert escaped > 50
