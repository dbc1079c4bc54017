"""The trail's guards in the database itself: no entry is changed, and none goes before its workshop or its time.

They are raised after every migration and lifted before one: SQLite writes a table anew to alter it, and loses what
stood guard on it, or stumbles over it. Whoever owns the database can lift them too; then the chain tells.
"""

from __future__ import annotations

from typing import Any

from django.db import connections

STAND = {
    "sqlite": (
        """CREATE TRIGGER IF NOT EXISTS trail_is_not_changed BEFORE UPDATE ON workshops_trailentry
            BEGIN SELECT RAISE(ABORT, 'the trail is never changed'); END""",
        """CREATE TRIGGER IF NOT EXISTS trail_is_not_taken BEFORE DELETE ON workshops_trailentry
            WHEN (OLD.workshop_id IS NULL AND OLD.keep_until > date('now'))
                OR EXISTS (SELECT 1 FROM workshops_workshop WHERE id = OLD.workshop_id)
            BEGIN SELECT RAISE(ABORT, 'an entry of the trail goes with its workshop, or after its time'); END""",
    ),
    "postgresql": (
        """CREATE OR REPLACE FUNCTION guard_trail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            IF TG_OP = 'UPDATE' THEN RAISE restrict_violation USING MESSAGE = 'the trail is never changed'; END IF;
            IF (OLD.workshop_id IS NULL AND OLD.keep_until > CURRENT_DATE)
                OR EXISTS (SELECT 1 FROM workshops_workshop WHERE id = OLD.workshop_id) THEN
                RAISE restrict_violation
                    USING MESSAGE = 'an entry of the trail goes with its workshop, or after its time';
            END IF;
            RETURN OLD; END $$""",
        """CREATE OR REPLACE TRIGGER trail_is_not_changed BEFORE UPDATE ON workshops_trailentry
            FOR EACH ROW EXECUTE FUNCTION guard_trail()""",
        """CREATE OR REPLACE TRIGGER trail_is_not_taken BEFORE DELETE ON workshops_trailentry
            FOR EACH ROW EXECUTE FUNCTION guard_trail()""",
    ),
}
LIFT = {
    "sqlite": ("DROP TRIGGER IF EXISTS trail_is_not_changed", "DROP TRIGGER IF EXISTS trail_is_not_taken"),
    "postgresql": ("DROP FUNCTION IF EXISTS guard_trail() CASCADE",),
}
COUNT = {
    "sqlite": "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'trail_is_not_%'",
    "postgresql": "SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'trail_is_not_%' AND tgenabled = 'O'"
    " AND tgrelid = 'workshops_trailentry'::regclass",
}


def raise_guards(using: str = "default", **kwargs: Any) -> None:
    """Let the database refuse changes to the trail, where there is one; twice does no more."""
    connection = connections[using]
    with connection.cursor() as cursor:
        if "workshops_trailentry" in connection.introspection.table_names(cursor):
            for statement in STAND[connection.vendor]:
                cursor.execute(statement)


def lift_guards(using: str = "default", plan: Any = True, **kwargs: Any) -> None:
    """Let tables be altered, if there is anything to do (`plan`); `raise_guards` comes after."""
    if plan:
        with connections[using].cursor() as cursor:
            for statement in LIFT[connections[using].vendor]:
                cursor.execute(statement)


def guards_stand(using: str = "default") -> bool:
    """Return whether the database refuses changes to the trail."""
    with connections[using].cursor() as cursor:
        cursor.execute(COUNT[connections[using].vendor])
        (standing,) = cursor.fetchone()
    return bool(standing == 2)
