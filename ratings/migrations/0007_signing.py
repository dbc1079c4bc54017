import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


GUARDED = ("SignedJournal", "SignedFile")
REFUSAL = "what was signed off never changes"


def guard(apps, schema_editor):
    """Let the database itself refuse to change rows, and to delete them before they are let go.

    A trigger names no other table: on SQLite that would keep later migrations from remaking that one. A later migration
    that remakes a guarded table there has to guard it again.
    """
    postgresql = schema_editor.connection.vendor == "postgresql"
    if postgresql:
        schema_editor.execute(
            "CREATE FUNCTION ratings_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
        )
    for name in GUARDED:
        model = apps.get_model("ratings", name)
        table = model._meta.db_table
        columns = ", ".join(f'"{field.column}"' for field in model._meta.local_fields if field.column != "let_go")
        change, gone = f'BEFORE UPDATE OF {columns} ON "{table}"', f'BEFORE DELETE ON "{table}"'
        if postgresql:
            refuse = "EXECUTE FUNCTION ratings_refuse()"
            schema_editor.execute(f"CREATE TRIGGER {table}_stays_as_it_is {change} FOR EACH ROW {refuse}")
            schema_editor.execute(
                f"CREATE TRIGGER {table}_stays {gone} FOR EACH ROW WHEN (NOT OLD.let_go) {refuse}"
            )
        else:
            refuse = f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
            schema_editor.execute(f"CREATE TRIGGER {table}_stays_as_it_is {change} {refuse}")
            schema_editor.execute(f"CREATE TRIGGER {table}_stays {gone} WHEN NOT OLD.let_go {refuse}")


def unguard(apps, schema_editor):
    """Take the triggers away."""
    postgresql = schema_editor.connection.vendor == "postgresql"
    for name in GUARDED:
        table = apps.get_model("ratings", name)._meta.db_table
        on = f' ON "{table}"' if postgresql else ""
        schema_editor.execute(f"DROP TRIGGER {table}_stays_as_it_is{on}")
        schema_editor.execute(f"DROP TRIGGER {table}_stays{on}")
    if postgresql:
        schema_editor.execute("DROP FUNCTION ratings_refuse()")


class Migration(migrations.Migration):

    dependencies = [
        ('ratings', '0003_seen_pictures'),
        ('workshops', '0006_threshold'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='JournalCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('fingerprint', models.CharField(max_length=64)),
                ('checked_by', models.CharField(max_length=150)),
                ('checked_at', models.DateTimeField()),
                ('workshop', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workshops.workshop')),
            ],
        ),
        migrations.CreateModel(
            name='SignedJournal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('fingerprint', models.CharField(db_index=True, max_length=64)),
                ('record', models.TextField()),
                ('signed_by', models.CharField(max_length=120)),
                ('signed_as', models.CharField(max_length=120)),
                ('signed_at', models.DateTimeField()),
                ('entered_by', models.CharField(max_length=150)),
                ('checked_by', models.CharField(max_length=150)),
                ('checked_at', models.DateTimeField()),
                ('let_go', models.BooleanField(default=False)),
                ('workshop', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workshops.workshop')),
            ],
            options={
                'ordering': ['workshop', '-number'],
            },
        ),
        migrations.CreateModel(
            name='SignedFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('suffix', models.CharField(max_length=12)),
                ('content_type', models.CharField(max_length=120)),
                ('data', models.BinaryField()),
                ('sha256', models.CharField(db_index=True, max_length=64)),
                ('let_go', models.BooleanField(default=False)),
                ('signed', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='files', to='ratings.signedjournal')),
            ],
            options={
                'ordering': ['signed', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='ShareLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('label', models.CharField(max_length=80)),
                ('token_hash', models.CharField(editable=False, max_length=64, unique=True)),
                ('expires_on', models.DateField()),
                ('revoked_on', models.DateField(blank=True, null=True)),
                ('opened', models.PositiveIntegerField(default=0)),
                ('last_opened_on', models.DateField(blank=True, null=True)),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('workshop', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workshops.workshop')),
                ('signed', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='ratings.signedjournal')),
            ],
            options={
                'ordering': ['-pk'],
            },
        ),
        migrations.AddConstraint(
            model_name='signedjournal',
            constraint=models.UniqueConstraint(fields=('workshop', 'number'), name='one_signed_journal_a_number'),
        ),
        migrations.AddConstraint(
            model_name='signedjournal',
            constraint=models.CheckConstraint(condition=models.Q(('number__gte', 1)), name='signed_journals_count_from_one'),
        ),
        migrations.AddConstraint(
            model_name='signedjournal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('signed_by', ''), _negated=True), models.Q(('signed_as', ''), _negated=True)), name='signed_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='signedfile',
            constraint=models.UniqueConstraint(fields=('signed', 'suffix'), name='one_signed_file_a_suffix'),
        ),
        migrations.AddConstraint(
            model_name='sharelink',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('last_opened_on', None), ('opened', 0)), models.Q(('last_opened_on__isnull', False), ('opened__gt', 0)), _connector='OR'), name='opened_links_have_a_last_day'),
        ),
        migrations.RunPython(guard, unguard),
    ]
