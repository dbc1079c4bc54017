"""The addresses of signing in and of one's own account: of allauth's views those that are used here, and no others."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from allauth.socialaccount import views as elsewhere
from allauth.socialaccount.providers.openid_connect import views as openid
from django.urls import path, reverse_lazy

from workshops.signing_in import anew
from workshops.views.accounts import PasskeySignIn, leave_for

urlpatterns = [
    path("desk/sign-in/", account.login, name="account_login"),
    path("desk/sign-in/inactive/", account.account_inactive, name="account_inactive"),
    path("desk/sign-in/code/", mfa.authenticate, name="mfa_authenticate"),
    path("desk/sign-in/passkey/", PasskeySignIn.as_view(), name="mfa_login_webauthn"),
    path("desk/account/", mfa.index, name="mfa_index"),
    path("desk/account/again/", account.reauthenticate, name="account_reauthenticate"),
    path("desk/account/again/code/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("desk/account/again/passkey/", passkeys.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("desk/account/password/", account.password_change, name="account_change_password"),
    path("desk/account/password/first/", anew(account.password_set), name="account_set_password"),
    path("desk/account/app/", anew(totp.activate_totp), name="mfa_activate_totp"),
    path("desk/account/app/remove/", anew(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("desk/account/codes/", anew(recovery.view_recovery_codes), name="mfa_view_recovery_codes"),
    path("desk/account/codes/new/", anew(recovery.generate_recovery_codes), name="mfa_generate_recovery_codes"),
    path("desk/account/passkeys/new/", anew(passkeys.add_webauthn), name="mfa_add_webauthn"),
    path(
        "desk/account/passkeys/<id:pk>/remove/",
        anew(passkeys.RemoveWebAuthnView.as_view(success_url=reverse_lazy("mfa_index"))),
        name="mfa_remove_webauthn",
    ),
    path("desk/account/elsewhere/", anew(elsewhere.connections), name="socialaccount_connections"),
    path("desk/sign-in/stopped/", elsewhere.login_cancelled, name="socialaccount_login_cancelled"),
    path("desk/sign-in/with/<slug:provider_id>/", leave_for, name="openid_connect_login"),
    path("desk/sign-in/with/<slug:provider_id>/back/", openid.callback, name="openid_connect_callback"),
]
