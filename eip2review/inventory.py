"""What is stored, where and for how long: a sentence for every field of every model, checked against the models."""

from __future__ import annotations

from eip2review.held import ACCOUNTS, SIGNED, WITH_WORKSHOP, Held

UNTIL_SEALED = "until the workshop is sealed"
UNTIL_DELETED = "until somebody deletes it"

ANSWER = {
    "author": f"a pseudonym that is good for this one question; {UNTIL_SEALED}",
    "group": "the group that its writer had picked, if any",
    "source": "whether it came from a phone, aloud, on paper, from an import or a rehearsal",
}
WORDS = {
    **ANSWER,
    "workshop": "the workshop",
    "text": "the words given; a mark where a facilitator took words out",
    "state": "new, shown, held or hidden",
    "flagged": "held because it may name somebody, until somebody decides",
    "position": "its place in print; drawn at random for what comes from phones",
}
HELD: dict[str, Held] = {
    "workshops.Workshop": Held(
        "until its erase date, a year after it unless its details say otherwise",
        {
            "edition": "which wording of which review",
            "organisation": "whose workshop it is",
            "venue": "where it is",
            "date": "when it is",
            "code": "the join code",
            "revision": "counts what changed, for the live channel",
            "wall_view": "what the wall shows",
            "wall_page": "which page of it",
            "wall_is_blank": "whether the wall is blank",
            "controls": "which user moves the stages",
            "self_paced_until": "until which day everybody answers in their own time, if at all",
            "erase_on": "the erase date",
            "wifi_name": "the name of the room's wifi, for the wall's lobby and the run sheet; gone at closing",
            "wifi_password": "its password, shown to the room in clear; gone at closing",
            "created_at": "when it was planned",
            "closed_at": "when it was closed",
            "sealed_on": "on which day it was sealed",
            "joined": "how many phones went with the sealing",
            "played": "how many of those a rehearsal had played",
            "carry_id": "a random number, once it was packed, which goes with it: so it is taken in once",
            "carried_on": "on which day it was packed, to go on elsewhere",
        },
    ),
    "workshops.Facilitator": Held(
        WITH_WORKSHOP, {"workshop": "the workshop", "user": "the user", "role": "owner, facilitator or reader"}
    ),
    "workshops.Invitation": Held(
        "until it is used, withdrawn or past its time",
        {
            "workshop": "the workshop it is to, if any",
            "role": "the role it gives",
            "token_hash": "a hash of the link's token; the token itself is nowhere",
            "made_by": "who invited",
            "expires_at": "until when it can be used",
        },
    ),
    "workshops.Group": Held(
        WITH_WORKSHOP,
        {"workshop": "the workshop", "name": "a service area or role", "position": "its place in the list"},
    ),
    "workshops.Participant": Held(
        UNTIL_SEALED,
        {
            "workshop": "the workshop",
            "token_hash": "a hash of the token that is on the phone alone",
            "group": "the group picked on joining, if any",
            "rehearsal": "whether a rehearsal plays it",
        },
    ),
    "workshops.Stage": Held(
        WITH_WORKSHOP,
        {
            "workshop": "the workshop",
            "position": "its place in the session",
            "kind": "what it is for",
            "deliverable": "the deliverable it is about",
            "scale": "the scale it asks",
            "state": "waiting, open, revealed or closed",
            "opened_at": "when it was first opened, for everybody",
            "revealed_at": "when the room saw it",
            "ends_at": "when its timer runs out",
            "paused_left": "seconds left on a timer that stands still",
            "closes_itself": "whether the timer ends the answering",
        },
    ),
    "workshops.StageMove": Held(
        WITH_WORKSHOP,
        {
            "stage": "the stage that was moved",
            "move": "what was done",
            "user": "which user did it",
            "by": "their user name, where it was done at another installation",
            "at": "when, to the second",
        },
    ),
    "workshops.Review": Held(UNTIL_DELETED, {"owner": "who wrote it; nobody's is shared", "title": "its title"}),
    "workshops.Edition": Held(
        UNTIL_DELETED,
        {
            "review": "the review",
            "number": "which edition",
            "title": "title on the journal",
            "subtitle": "subtitle",
            "epigraph": "a quotation",
            "epigraph_by": "whose it is",
            "imperative_question": "the question for imperatives",
            "threshold": "how many answers stand together, so that nobody's own can be told",
            "asks_higher": "whether one point higher is asked about",
            "frozen_at": "when a workshop first opened it",
        },
    ),
    "workshops.Deliverable": Held(
        UNTIL_DELETED,
        {
            "edition": "the edition",
            "key": "what stays the same across editions",
            "position": "its place",
            "name": "its name",
            "short_name": "its name for charts",
            "lead": "one sentence about it",
        },
    ),
    "workshops.Scale": Held(
        UNTIL_DELETED,
        {
            "deliverable": "the deliverable",
            "kind": "being at the goal, or making progress",
            "anchor_ten": "what 10 means",
            "anchor_zero": "what 0 means",
            "short_ten": "what 10 means, in short",
            "short_zero": "what 0 means, in short",
        },
    ),
    "workshops.Erasure": Held(
        UNTIL_DELETED,
        {
            "organisation": "whose workshop was erased",
            "date": "when the workshop was",
            "due": "when it was due",
            "rows": "how many rows of what went",
            "signed": "the journals that had been signed off: number, day and fingerprint; no names",
            "by": "who erased it",
            "user": "the user who did, if one did",
            "at": "when",
        },
    ),
    "workshops.Arrival": Held(
        UNTIL_DELETED,
        {
            "carry_id": "the random number of a workshop that was taken in from another installation",
            "workshop": "the workshop; none once it was erased",
            "on": "on which day it was taken in",
            "editions": "how many editions of its journal had been signed before",
        },
    ),
    "ratings.Score": Held(
        WITH_WORKSHOP,
        {**ANSWER, "workshop": "the workshop", "scale": "the scale", "value": '0 to 10; nothing for "can\'t say"'},
    ),
    "ratings.RagRating": Held(
        WITH_WORKSHOP,
        {
            **ANSWER,
            "workshop": "the workshop",
            "deliverable": "the deliverable",
            "value": 'red, amber or green; nothing for "can\'t say"',
        },
    ),
    "ratings.SeenPicture": Held(
        f"{WITH_WORKSHOP}; all but the last of each question {UNTIL_SEALED}",
        {
            "stage": "the question",
            "number": "its place among those that were seen",
            "answers": "how many phones gave each answer; of dots, until sealing, which were placed together",
            "left_out": "once sealed: how many phones' answers are not in it",
        },
    ),
    "ratings.Comment": Held(
        WITH_WORKSHOP,
        {
            **WORDS,
            "scale": "the scale it is on",
            "mark": "working well, worry or next step, if marked",
            "asked": "whether it says why, or what one point higher would be",
            "theme": "the theme a facilitator put it under",
            "quoted": "whether a facilitator chose to set it large in the journal",
        },
    ),
    "ratings.Theme": Held(
        WITH_WORKSHOP,
        {
            "workshop": "the workshop",
            "deliverable": "the deliverable",
            "name": "what it is called",
            "position": "its place in the journal, once a facilitator has ordered them",
        },
    ),
    "ratings.JournalNotes": Held(
        WITH_WORKSHOP,
        {
            "workshop": "the workshop",
            "introduction": "the journal's introduction, as a facilitator typed it",
            "has_own_epigraph": "whether the journal has another epigraph than its review",
            "epigraph": "that epigraph, if it is not empty",
            "epigraph_by": "whose it is",
            "grouping": "how comments are grouped: by theme, by mark, or not",
        },
    ),
    "ratings.Lead": Held(
        WITH_WORKSHOP,
        {
            "workshop": "the workshop",
            "deliverable": "the deliverable",
            "text": "the words, as a facilitator typed them",
        },
    ),
    "ratings.Term": Held(
        WITH_WORKSHOP,
        {
            "workshop": "the workshop",
            "term": "the word that is explained, as a facilitator typed it",
            "meaning": "what it means, as a facilitator typed it",
        },
    ),
    "ratings.Imperative": Held(
        WITH_WORKSHOP,
        {
            **WORDS,
            "slot": f"its writer's first or second; {UNTIL_SEALED}",
            "merged_into": "the imperative that stands for it, if any",
        },
    ),
    "ratings.Imperative_deliverables": Held(
        WITH_WORKSHOP,
        {"imperative": "the imperative", "deliverable": "the deliverable"},
        why="Which deliverables an imperative is for.",
    ),
    "ratings.Vote": Held(
        WITH_WORKSHOP,
        {**ANSWER, "imperative": "the imperative", "slot": f"its giver's first, second or third; {UNTIL_SEALED}"},
    ),
    "ratings.Action": Held(
        WITH_WORKSHOP,
        {"imperative": "the imperative", "owner": "who does it, as a facilitator typed it", "due": "by when"},
    ),
    "ratings.WordsDecision": Held(
        WITH_WORKSHOP,
        {
            "comment": "the comment it is about",
            "imperative": "or the imperative",
            "decision": "shown, held, hidden or redacted",
            "reason": "why, in the words chosen or typed",
            "user": "which user decided",
            "by": "their user name, where it was done at another installation",
            "at": "when; to the day once the workshop is sealed",
        },
    ),
    "ratings.Print": Held(
        "until the next one is done; until words that it may hold are taken out, until the workshop is sealed, "
        "and with the workshop",
        {
            "workshop": "the workshop",
            "digest": "a hash of what the press was given",
            "state": "waiting, printing, done or failed",
            "progress": "how much of it is done",
            "tries": "how often it was taken up",
            "too_large": "whether it took more time or memory than a journal may",
            "words": "a short hash of each comment and imperative that is printed in it",
            "pages": "how many pages it has",
            "pdf": "the journal as a file, as anybody who may read it downloads it",
            "asked_at": "when somebody asked for it; not who",
            "heard_at": "when the press last said that it was at work",
            "finished_at": "when it was done",
        },
    ),
    **SIGNED,
    **ACCOUNTS,
}
EMPTY = {
    "auth.Permission",
    "auth.Group",
    "auth.Group_permissions",
    "auth.User_groups",
    "auth.User_user_permissions",
    "contenttypes.ContentType",
    "account.EmailAddress",
    "account.EmailConfirmation",
    "socialaccount.SocialApp",
    "socialaccount.SocialToken",
}
"""Tables of Django and of allauth that hold no data of anybody here."""
ELSEWHERE = (
    (
        "the token that makes a phone the same participant again",
        "a cookie on the phone, out of reach of scripts",
        "14 days",
    ),
    ("a token that guards forms against other sites", "a cookie on phones and at the desk", "14 days"),
    (
        "an answer that could not be sent, and words that were not saved",
        "the phone's own storage",
        "until it is sent or put away",
    ),
    (
        "the first password that `make run` made up",
        "`sign-in` in VAR_DIR, readable by its owner alone",
        "until deleted",
    ),
    ("certificates that the nightly command printed", "where its output is sent", UNTIL_DELETED),
    ("the secret key, built fonts, collected static files", "VAR_DIR", UNTIL_DELETED),
    ("how often sign-in was tried, by user name and by a keyed hash of the address", "memory, or Redis", "ten minutes"),
    (
        "what the hub tells screens: counts, questions as shown to all; other processes: which workshop changed",
        "memory; between processes Redis or PostgreSQL",
        "moments",
    ),
)
"""What is stored outside the database: what, where, how long."""
