"""Rubbish in place of a passkey is refused in a sentence, wherever a passkey is taken."""

from __future__ import annotations

import json

import pytest
from allauth.core import context
from allauth.mfa.webauthn.internal import auth
from django.test import Client, RequestFactory

from tests import factories
from workshops import passkeys

pytestmark = pytest.mark.django_db

BYTES = dict.fromkeys(("clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"), "AA")
RUBBISH = [
    "9" * 5000,
    "[" * 100_000,
    "null",
    "[]",
    '"x"',
    "{",
    "{}",
    json.dumps({"id": "AA", "rawId": "AA", "type": "public-key", "response": BYTES}),
    json.dumps(
        {"id": "%%%", "rawId": 5, "type": "public-key", "response": {"clientDataJSON": "e30", "attestationObject": []}}
    ),
    json.dumps({"id": {}, "response": {"userHandle": "é"}, "rawId": None}),
]


@pytest.mark.parametrize("said", RUBBISH, ids=range(len(RUBBISH)))
def test_sign_in_with_rubbish_leads_back_with_a_sentence(said: str) -> None:
    answer = Client().post("/desk/sign-in/passkey/", {"credential": said})
    assert answer.status_code == 302
    assert answer.headers["Location"].endswith("?passkey=unknown")


@pytest.mark.parametrize("said", RUBBISH, ids=range(len(RUBBISH)))
def test_rubbish_is_no_new_passkey(said: str) -> None:
    browser = factories.desk(factories.facilitator())
    browser.get("/desk/account/passkeys/new/")
    form = passkeys.AddForm(data={"credential": said}, user=factories.facilitator())
    request = RequestFactory().post("/")
    request.session = browser.session
    with context.request_context(request):
        auth.begin_registration(factories.facilitator(), False)
        assert not form.is_valid()


@pytest.mark.parametrize("form", [passkeys.AuthenticateForm, passkeys.ReauthenticateForm])
def test_rubbish_is_nobodys_passkey(form: type[passkeys.AuthenticateForm]) -> None:
    for said in RUBBISH[:5]:
        assert "credential" in form(data={"credential": said}, user=factories.facilitator()).errors
