"""How it is said what a table holds; what is held of accounts and of signed journals. `inventory.py` has the rest."""

from __future__ import annotations

from dataclasses import dataclass

WITH_WORKSHOP = "with the workshop, until its erase date"
WITH_USER = "until the user is deleted"


@dataclass(frozen=True)
class Held:
    """How long rows of a model are kept, and what each field holds; the id of a row needs no words."""

    kept: str
    fields: dict[str, str]
    why: str = ""  # in place of the model's own first sentence


ACCOUNTS: dict[str, Held] = {
    "workshops.TrailEntry": Held(
        "with the workshop, until its erase date; what concerns an account alone, for a year (`KEEP_DAYS`)",
        {
            "workshop": "the workshop; none for what concerns an account",
            "strand": "which chain it is in: of the session, of what concerns words, of an account",
            "number": "its place in that chain",
            "act": "what was done",
            "about": "to which stage, file, role, person with an account; of what concerns words nothing",
            "by": "the user name of who did it, as it was then; empty for the machine",
            "at": "when; of what concerns words the day alone",
            "keep_until": "of an account's, until which day",
            "link": "a keyed hash of it and of the entry before, so that a change shows",
        },
    ),
    "auth.User": Held(
        WITH_USER,
        {
            "password": "a hash",
            "last_login": "when they last signed in",
            "is_superuser": "may do everything",
            "username": "what they sign in with",
            "first_name": "not asked for",
            "last_name": "not asked for",
            "email": "not asked for, and not taken from elsewhere",
            "is_staff": "looks after the installation",
            "is_active": "may sign in",
            "date_joined": "when the account was made",
        },
        why="Somebody with an account: an owner, a facilitator or a reader. Nobody who only takes part has one.",
    ),
    "mfa.Authenticator": Held(
        "until its user removes it",
        {
            "user": "whose it is",
            "type": "codes from an app, recovery codes, or a passkey",
            "data": "the app's key, the recovery codes' key, or a passkey's name and public part",
            "created_at": "when it was set up",
            "last_used_at": "when it last let its user in",
        },
        why="A second factor of somebody with an account.",
    ),
    "socialaccount.SocialAccount": Held(
        "until its user disconnects it",
        {
            "user": "whose it is",
            "provider": "Microsoft or Google",
            "uid": "the number that the account has over there",
            "last_login": "when it last let its user in",
            "date_joined": "when it was connected",
            "extra_data": "nothing: what the other side told is dropped",
        },
        why="An account elsewhere that somebody signs in with.",
    ),
    "sessions.Session": Held(
        "two weeks",
        {
            "session_key": "what the cookie of a signed-in browser names",
            "session_data": "who signed in, how and when, and suggestions they put away",
            "expire_date": "until when",
        },
        why="A browser that is signed in at the desk. Phones have none.",
    ),
}

SIGNED: dict[str, Held] = {
    "ratings.JournalCheck": Held(
        WITH_WORKSHOP,
        {
            "workshop": "the workshop",
            "fingerprint": "a hash of the journal that was checked",
            "checked_by": "the user name of whoever checked it",
            "checked_at": "when",
        },
    ),
    "ratings.SignedJournal": Held(
        WITH_WORKSHOP,
        {
            "workshop": "the workshop",
            "number": "which edition of its journal",
            "fingerprint": "a hash of what was signed",
            "record": "the journal as it was signed: whatever was printed then, small numbers kept back",
            "signed_by": "the name of the leader who signed, as typed",
            "signed_as": "their role, as typed",
            "signed_at": "when",
            "entered_by": "the user name of whoever was signed in then",
            "checked_by": "the user name of whoever had checked it",
            "checked_at": "when",
            "let_go": "whether its workshop is being erased",
        },
    ),
    "ratings.SignedFile": Held(
        WITH_WORKSHOP,
        {
            "signed": "the edition",
            "suffix": "which kind of file",
            "content_type": "the same, as browsers say it",
            "data": "the file",
            "sha256": "a hash of it",
            "let_go": "whether its workshop is being erased",
        },
    ),
    "ratings.ShareLink": Held(
        WITH_WORKSHOP,
        {
            "workshop": "the workshop",
            "signed": "the edition it leads to; none: whichever was signed last",
            "label": "whom it is for, as its maker typed it",
            "token_hash": "a hash of the link's token; the token itself is nowhere",
            "made_by": "who made it",
            "expires_on": "the last day on which it leads anywhere",
            "revoked_on": "on which day it was revoked",
            "opened": "how often it was opened; by whom and from where is stored nowhere",
            "last_opened_on": "on which day it was opened last",
        },
    ),
}
