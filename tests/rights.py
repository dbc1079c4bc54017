"""What each role gets at an address, worked out from the table of who may do what."""

from __future__ import annotations

from collections.abc import Callable

from workshops.choices import Phase, Role
from workshops.permissions import Act, may, phases

OUTSIDERS = ("stranger", "participant", "participant elsewhere", "owner elsewhere")
ROLES = (*OUTSIDERS, *Role.values)

Row = Callable[[Phase], str]
"""What every role gets in a phase, in the order of ROLES: a status, or the page that the role is sent to."""


def same(words: str, **later: str) -> Row:
    """Return a row as written: seven words; `closed` and `sealed`, which is as carried, say what is different then."""
    return lambda phase: later.get(Phase.SEALED if phase == Phase.CARRIED else phase, words)


def at_desk(act: Act, gets: str = "200", **later: str) -> Row:
    """Return the row of something done at the desk: whoever may gets this, others what their role and the phase say."""

    def row(phase: Phase) -> str:
        def answer(role: Role) -> str:
            if may(role, act, phase):
                return later.get(phase, gets)
            return "409" if phases(role, act) else "403"

        return " ".join(["sign_in", "sign_in", "sign_in", "404", *map(answer, Role)])

    return row


METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def to_strangers(*taken: str) -> dict[str, Row]:
    """Return the rows of signing in: for strangers, whatever they have joined; others are in already."""
    return {
        method: same(f"{answer} {answer} {answer} workshops workshops workshops workshops")
        for method, answer in ((method, "200" if method in taken else "405") for method in METHODS)
    }


def to_oneself(*taken: str) -> dict[str, Row]:
    """Return the rows of a page of one's own account: for whoever has signed in, whatever their roles."""
    return {
        method: same(f"sign_in sign_in sign_in {answer} {answer} {answer} {answer}")
        for method, answer in ((method, "200" if method in taken else "405") for method in METHODS)
    }


# Of one's own account each has their own alone. "again": whoever signed in some time ago says first who they are.
AGAIN = dict.fromkeys(METHODS, same("sign_in sign_in sign_in again again again again"))
ACCOUNTS: dict[str, dict[str, Row]] = {
    "account_login": to_strangers("GET", "POST", "PUT"),
    "account_inactive": {"GET": same("200 200 200 200 200 200 200")},
    "mfa_authenticate": dict.fromkeys(METHODS, same("sign_in sign_in sign_in workshops workshops workshops workshops")),
    "mfa_login_webauthn": to_strangers()
    | dict.fromkeys(("GET", "POST", "PUT"), same("sign_in sign_in sign_in workshops workshops workshops workshops")),
    "socialaccount_connections": AGAIN,
    "socialaccount_login_cancelled": {"GET": same("200 200 200 200 200 200 200")},
    "openid_connect_login": {"POST": same("404 404 404 404 404 404 404")},  # where none is set up
    "openid_connect_callback": dict.fromkeys(METHODS, same("404 404 404 404 404 404 404")),
    "mfa_index": to_oneself("GET"),
    "account_reauthenticate": to_oneself("GET", "POST", "PUT"),
    "mfa_reauthenticate": AGAIN,  # for whoever has a code; others say it with their password
    "mfa_reauthenticate_webauthn": AGAIN,
    "account_change_password": to_oneself("GET", "POST", "PUT"),
    "account_set_password": AGAIN,
    "mfa_activate_totp": AGAIN,
    "mfa_deactivate_totp": AGAIN,
    "mfa_view_recovery_codes": AGAIN,
    "mfa_generate_recovery_codes": AGAIN,
    "mfa_add_webauthn": AGAIN,
    "mfa_remove_webauthn": AGAIN,
}
