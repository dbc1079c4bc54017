"""Signing in: password, codes, recovery codes, and what is tried too often."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from django.urls import NoReverseMatch, reverse

from tests import factories

pytestmark = pytest.mark.django_db

PASSWORD = "open sesame 10"
SECRET = base64.b32encode(b"twenty bytes of key.").decode()


@pytest.fixture
def ann() -> User:
    """Somebody with an account."""
    return factories.facilitator("ann")


def sign_in(browser: Client, name: str = "ann", password: str = PASSWORD, **more: str) -> Any:
    """Send name and password; return the answer."""
    return browser.post(reverse("account_login"), {"login": name, "password": password, **more})


def code_of(secret: str = SECRET, *, later: int = 0) -> str:
    """Return the code that an app shows for a key now, or so many half minutes later."""
    now = list(yield_hotp_counters_from_time())[1]
    return str(format_hotp_value(hotp_value(secret, now + later)))


def sure(user: User) -> Client:
    """Return a browser in which somebody has just said again who they are."""
    browser = factories.desk(user)
    browser.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return browser


def test_password_lets_in_and_leads_on(ann: User) -> None:
    browser = Client()
    assert sign_in(browser, next="/desk/reviews/").headers["Location"] == "/desk/reviews/"
    assert browser.get("/desk/").status_code == 200
    assert browser.session.get_expiry_age() > 13 * 24 * 3600


def test_nobody_signs_up(ann: User) -> None:
    for name in ("account_signup", "account_email", "account_reset_password", "socialaccount_signup"):
        with pytest.raises(NoReverseMatch):
            reverse(name)
    assert "sign up" not in Client().get(reverse("account_login")).content.decode().lower()


def test_account_that_is_switched_off_is_like_none(ann: User) -> None:
    User.objects.filter(pk=ann.pk).update(is_active=False)
    assert "do not go together" in sign_in(Client()).content.decode()
    assert "switched off" in Client().get(reverse("account_inactive")).content.decode()


def test_guesses_at_one_account_are_stopped_and_an_office_goes_on(ann: User) -> None:
    factories.facilitator("bob")
    for _ in range(15):
        assert "do not go together" in sign_in(Client(), password="guessed").content.decode()
    assert "tried too often" in sign_in(Client()).content.decode()
    assert sign_in(Client(), "bob").status_code == 302


def test_who_signs_in_rightly_uses_no_tries_up(ann: User) -> None:
    for _ in range(20):
        assert sign_in(Client()).status_code == 302


def test_address_of_who_guesses_is_in_no_cache(ann: User) -> None:
    sign_in(Client(REMOTE_ADDR="198.51.100.77"), password="guessed")
    kept = json.dumps([list(map(str, pair)) for pair in cache._cache.items()])  # type: ignore[attr-defined]
    assert "allauth:rl" in kept
    assert "198.51.100" not in kept


def test_page_of_too_many_tries_is_ours(ann: User) -> None:
    for _ in range(60):
        sign_in(Client())
    late = sign_in(Client())
    assert late.status_code == 429
    assert "Wait ten minutes" in late.content.decode()


# Codes from an app


def test_code_from_the_app_is_asked_for_after_the_password(ann: User) -> None:
    TOTP.activate(ann, SECRET)
    browser = Client()
    step = sign_in(browser, next="/desk/reviews/")
    assert step.headers["Location"] == reverse("mfa_authenticate")
    assert browser.get("/desk/").status_code == 302
    refused = browser.post(step.headers["Location"], {"code": "000000"}).content.decode()
    assert "That code is not right" in refused
    assert "until it is put right, a recovery code or a passkey lets you in" in refused
    assert browser.post(step.headers["Location"], {"code": code_of()}).headers["Location"] == "/desk/reviews/"
    assert browser.get("/desk/").status_code == 200


def test_code_is_good_once(ann: User) -> None:
    TOTP.activate(ann, SECRET)
    code = code_of()
    for status in (302, 200):
        browser = Client()
        sign_in(browser)
        assert browser.post(reverse("mfa_authenticate"), {"code": code}).status_code == status


def test_guesses_at_a_code_are_stopped(ann: User) -> None:
    TOTP.activate(ann, SECRET)
    browser = Client()
    sign_in(browser)
    for _ in range(15):
        browser.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert "tried too often" in browser.post(reverse("mfa_authenticate"), {"code": code_of()}).content.decode()


def test_recovery_code_lets_in_once(ann: User) -> None:
    TOTP.activate(ann, SECRET)
    code = RecoveryCodes.activate(ann).get_unused_codes()[0]
    for status in (302, 200):
        browser = Client()
        sign_in(browser)
        assert browser.post(reverse("mfa_authenticate"), {"code": code}).status_code == status


def test_codes_are_switched_on_and_off(ann: User) -> None:
    browser = sure(ann)
    page = browser.get(reverse("mfa_activate_totp"))
    secret = browser.session["mfa.totp.secret"]
    assert secret in page.content.decode()
    assert "That code is not right" in browser.post(reverse("mfa_activate_totp"), {"code": "1"}).content.decode()
    done = browser.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
    assert done.headers["Location"] == reverse("mfa_view_recovery_codes")
    codes = browser.get(done.headers["Location"]).content.decode()
    assert codes.count('<code class="key">') == 10
    assert "Switch it off" in browser.get(reverse("mfa_index")).content.decode()
    browser.post(reverse("mfa_generate_recovery_codes"))
    assert browser.get(done.headers["Location"]).content.decode() != codes
    assert browser.post(reverse("mfa_deactivate_totp")).status_code == 302
    assert not Authenticator.objects.exists()


# Who changes an account says again who they are


def test_change_of_an_account_asks_again_and_comes_back(ann: User) -> None:
    browser = factories.desk(ann)
    again = browser.get(reverse("mfa_activate_totp")).headers["Location"]
    assert again == f"{reverse('account_reauthenticate')}?next={reverse('mfa_activate_totp')}"
    assert "This is not your password" in browser.post(again, {"password": "guessed"}).content.decode()
    form = {"password": PASSWORD, "next": reverse("mfa_activate_totp")}
    assert browser.post(again, form).headers["Location"] == reverse("mfa_activate_totp")


def test_what_was_posted_too_late_is_not_kept_with_the_browsers_address(ann: User) -> None:
    browser = factories.desk(ann)
    late = browser.post(reverse("mfa_activate_totp"), {"code": "123456"}, REMOTE_ADDR="198.51.100.77")
    assert late.headers["Location"].startswith(reverse("account_reauthenticate"))
    kept = [str(session.get_decoded()) for session in Session.objects.all()]
    assert kept
    assert not any("198.51.100.77" in each or "123456" in each for each in kept)


def test_code_says_who_it_is_as_well(ann: User) -> None:
    TOTP.activate(ann, SECRET)
    browser = factories.desk(ann)
    page = browser.get(browser.get(reverse("mfa_deactivate_totp")).headers["Location"]).content.decode()
    assert "With a code" in page
    assert "Code from your app" in browser.get(reverse("mfa_reauthenticate")).content.decode()
    browser.post(reverse("mfa_reauthenticate"), {"code": code_of()})
    assert browser.get(reverse("mfa_deactivate_totp")).status_code == 200


def test_password_is_changed_and_other_browsers_are_out(ann: User) -> None:
    browser, other = factories.desk(ann), factories.desk(ann)
    form = {"oldpassword": "guessed", "password1": "new sesame 10", "password2": "new sesame 10"}
    assert (
        "not the password that you have now" in browser.post(reverse("account_change_password"), form).content.decode()
    )
    done = browser.post(reverse("account_change_password"), form | {"oldpassword": PASSWORD})
    assert done.headers["Location"] == reverse("mfa_index")
    assert browser.get("/desk/").status_code == 200
    assert other.get("/desk/").status_code == 302
    assert sign_in(Client(), password="new sesame 10").status_code == 302


def test_account_without_a_password_chooses_one(ann: User) -> None:
    ann.set_unusable_password()
    ann.save()
    browser = factories.desk(ann)
    assert reverse("account_set_password") in browser.get(reverse("mfa_index")).content.decode()
    form = {"password1": "new sesame 10", "password2": "new sesame 10"}
    assert browser.post(reverse("account_set_password"), form).headers["Location"] == reverse("mfa_index")
    assert sign_in(Client(), password="new sesame 10").status_code == 302


# Passkeys: the rest is in the browser's tests


def test_passkey_that_is_not_known_leads_back_with_a_sentence() -> None:
    back = Client().post(reverse("mfa_login_webauthn"), {"credential": "{}"}, follow=True)
    assert "That passkey is not known here" in back.content.decode()


def test_browser_is_asked_for_any_passkey_that_knows_its_user() -> None:
    answer = Client().get(reverse("mfa_login_webauthn"), headers={"Accept": "application/json"}).json()
    asked = answer["request_options"]["publicKey"]
    assert asked["userVerification"] == "required"
    assert not asked.get("allowCredentials")


def test_passkey_of_another_is_not_removed(ann: User) -> None:
    theirs = Authenticator.objects.create(user=factories.facilitator(), type="webauthn", data={"name": "x"})
    browser = sure(ann)
    assert browser.post(reverse("mfa_remove_webauthn", args=[theirs.pk])).status_code == 404
    own = Authenticator.objects.create(user=ann, type="webauthn", data={"name": "y"})
    assert "Remove this passkey?" in browser.get(reverse("mfa_remove_webauthn", args=[own.pk])).content.decode()
    assert browser.post(reverse("mfa_remove_webauthn", args=[own.pk])).headers["Location"] == reverse("mfa_index")
    assert list(Authenticator.objects.all()) == [theirs]


# When all is lost


def test_second_factor_is_forgotten_by_command(ann: User, capsys: pytest.CaptureFixture[str]) -> None:
    TOTP.activate(ann, SECRET)
    RecoveryCodes.activate(ann)
    call_command("forget_second_factor", "ann")
    assert "2 forgotten" in capsys.readouterr().out
    assert sign_in(Client()).headers["Location"] == "/desk/"
    with pytest.raises(CommandError, match="Nobody here is called bob"):
        call_command("forget_second_factor", "bob")
