"""Answers are known by a pseudonym of their own question, and no longer lead to the phone that gave them."""

import secrets
from collections import defaultdict

import django.db.models.deletion
from django.core.management.base import CommandError
from django.db import migrations, models

# Each kind of answer, with what tells its questions apart.
QUESTIONS = {
    "Score": ("scale_id",),
    "Comment": ("scale_id", "asked"),
    "RagRating": ("deliverable_id",),
    "Imperative": (),
    "Vote": (),
}


def refuse_under_way(apps, schema_editor):
    """Stop before anything is changed while people answer: their phones would not know their answers any more."""
    alias = schema_editor.connection.alias
    under_way = set()
    for kind in QUESTIONS:
        path = "imperative__workshop" if kind == "Vote" else "workshop"
        given = apps.get_model("ratings", kind).objects.using(alias).filter(participant__rehearsal=False)
        under_way |= set(
            given.filter(**{f"{path}__closed_at": None})
            .values_list(f"{path}__organisation", f"{path}__date", f"{path}__code")
            .distinct()
            .order_by()
        )
    if under_way:
        names = "; ".join(f"{name}, {date}, code {code}" for name, date, code in sorted(under_way))
        raise CommandError(
            f"These workshops have answers and are not closed: {names}. Close each of them at its desk with the version "
            "of Midpoint that you had before, or erase it with that version's `manage.py erase_due --code CODE`; then "
            "start this one. Nothing was changed."
        )


def cut_links(apps, schema_editor):
    """Give each participant another random author at each question, and their answers the participant's group."""
    alias = schema_editor.connection.alias
    for kind, about in QUESTIONS.items():
        model = apps.get_model("ratings", kind)
        authors = defaultdict(lambda: secrets.token_hex(32))
        rows = list(model.objects.using(alias).filter(participant__isnull=False).select_related("participant"))
        for row in rows:
            question = tuple(getattr(row, name) for name in about)
            row.author = authors[row.participant_id, question]
            row.group_id = row.participant.group_id
            row.source = "played" if row.participant.rehearsal else "phone"
        model.objects.using(alias).bulk_update(rows, ["author", "group", "source"], batch_size=200)
    # PostgreSQL alters no table whose foreign keys are still to be checked.
    schema_editor.connection.check_constraints()


class Migration(migrations.Migration):

    dependencies = [
        ('ratings', '0001_initial'),
        ('workshops', '0001_initial'),
    ]

    operations = [
        # Backwards only without answers from phones: the constraints of before refuse what no participant gave.
        migrations.RunPython(refuse_under_way, migrations.RunPython.noop),
        migrations.AddField(
            model_name='comment',
            name='author',
            field=models.CharField(blank=True, editable=False, max_length=64, null=True),
        ),
        migrations.AddField(
            model_name='comment',
            name='group',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='workshops.group'),
        ),
        migrations.AddField(
            model_name='imperative',
            name='author',
            field=models.CharField(blank=True, editable=False, max_length=64, null=True),
        ),
        migrations.AddField(
            model_name='imperative',
            name='group',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='workshops.group'),
        ),
        migrations.AddField(
            model_name='ragrating',
            name='author',
            field=models.CharField(blank=True, editable=False, max_length=64, null=True),
        ),
        migrations.AddField(
            model_name='ragrating',
            name='group',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='workshops.group'),
        ),
        migrations.AddField(
            model_name='score',
            name='author',
            field=models.CharField(blank=True, editable=False, max_length=64, null=True),
        ),
        migrations.AddField(
            model_name='score',
            name='group',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='workshops.group'),
        ),
        migrations.AddField(
            model_name='vote',
            name='author',
            field=models.CharField(blank=True, editable=False, max_length=64, null=True),
        ),
        migrations.AddField(
            model_name='vote',
            name='group',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='workshops.group'),
        ),
        migrations.AlterField(
            model_name='comment',
            name='source',
            field=models.CharField(choices=[('phone', 'On a phone'), ('played', 'Played in a rehearsal'), ('aloud', 'Said aloud'), ('paper', 'On paper'), ('imported', 'Imported')], default='phone', max_length=8),
        ),
        migrations.AlterField(
            model_name='imperative',
            name='source',
            field=models.CharField(choices=[('phone', 'On a phone'), ('played', 'Played in a rehearsal'), ('aloud', 'Said aloud'), ('paper', 'On paper'), ('imported', 'Imported')], default='phone', max_length=8),
        ),
        migrations.AlterField(
            model_name='ragrating',
            name='source',
            field=models.CharField(choices=[('phone', 'On a phone'), ('played', 'Played in a rehearsal'), ('aloud', 'Said aloud'), ('paper', 'On paper'), ('imported', 'Imported')], default='phone', max_length=8),
        ),
        migrations.AlterField(
            model_name='score',
            name='source',
            field=models.CharField(choices=[('phone', 'On a phone'), ('played', 'Played in a rehearsal'), ('aloud', 'Said aloud'), ('paper', 'On paper'), ('imported', 'Imported')], default='phone', max_length=8),
        ),
        migrations.AlterField(
            model_name='vote',
            name='source',
            field=models.CharField(choices=[('phone', 'On a phone'), ('played', 'Played in a rehearsal'), ('aloud', 'Said aloud'), ('paper', 'On paper'), ('imported', 'Imported')], default='phone', max_length=8),
        ),
        migrations.RunPython(cut_links, migrations.RunPython.noop),
        migrations.RemoveConstraint(
            model_name='comment',
            name='phone_comment_has_participant',
        ),
        migrations.RemoveConstraint(
            model_name='comment',
            name='one_comment_a_participant_scale_and_question',
        ),
        migrations.RemoveConstraint(
            model_name='imperative',
            name='phone_imperative_has_participant',
        ),
        migrations.RemoveConstraint(
            model_name='imperative',
            name='one_imperative_a_participant_and_slot',
        ),
        migrations.RemoveConstraint(
            model_name='ragrating',
            name='one_rag_a_participant_and_deliverable',
        ),
        migrations.RemoveConstraint(
            model_name='ragrating',
            name='phone_rag_has_participant',
        ),
        migrations.RemoveConstraint(
            model_name='score',
            name='one_score_a_participant_and_scale',
        ),
        migrations.RemoveConstraint(
            model_name='score',
            name='phone_score_has_participant',
        ),
        migrations.RemoveConstraint(
            model_name='vote',
            name='one_dot_an_imperative',
        ),
        migrations.RemoveConstraint(
            model_name='vote',
            name='one_dot_a_slot',
        ),
        migrations.RemoveConstraint(
            model_name='vote',
            name='phone_vote_has_participant_and_slot',
        ),
        migrations.RemoveField(
            model_name='comment',
            name='participant',
        ),
        migrations.RemoveField(
            model_name='imperative',
            name='participant',
        ),
        migrations.RemoveField(
            model_name='ragrating',
            name='participant',
        ),
        migrations.RemoveField(
            model_name='score',
            name='participant',
        ),
        migrations.RemoveField(
            model_name='vote',
            name='participant',
        ),
        migrations.AddConstraint(
            model_name='comment',
            constraint=models.CheckConstraint(condition=models.Q(('author', None), ('source__in', ('phone', 'played')), _connector='OR'), name='only_phones_comment_has_author'),
        ),
        migrations.AddConstraint(
            model_name='comment',
            constraint=models.UniqueConstraint(fields=('author',), name='one_comment_an_author'),
        ),
        migrations.AddConstraint(
            model_name='imperative',
            constraint=models.CheckConstraint(condition=models.Q(('author', None), ('source__in', ('phone', 'played')), _connector='OR'), name='only_phones_imperative_has_author'),
        ),
        migrations.AddConstraint(
            model_name='imperative',
            constraint=models.UniqueConstraint(fields=('author', 'slot'), name='one_imperative_an_author_and_slot'),
        ),
        migrations.AddConstraint(
            model_name='ragrating',
            constraint=models.CheckConstraint(condition=models.Q(('author', None), ('source__in', ('phone', 'played')), _connector='OR'), name='only_phones_ragrating_has_author'),
        ),
        migrations.AddConstraint(
            model_name='ragrating',
            constraint=models.UniqueConstraint(fields=('author',), name='one_rag_an_author'),
        ),
        migrations.AddConstraint(
            model_name='score',
            constraint=models.CheckConstraint(condition=models.Q(('author', None), ('source__in', ('phone', 'played')), _connector='OR'), name='only_phones_score_has_author'),
        ),
        migrations.AddConstraint(
            model_name='score',
            constraint=models.UniqueConstraint(fields=('author',), name='one_score_an_author'),
        ),
        migrations.AddConstraint(
            model_name='vote',
            constraint=models.CheckConstraint(condition=models.Q(('author', None), ('source__in', ('phone', 'played')), _connector='OR'), name='only_phones_vote_has_author'),
        ),
        migrations.AddConstraint(
            model_name='vote',
            constraint=models.UniqueConstraint(fields=('author', 'imperative'), name='one_dot_an_imperative'),
        ),
        migrations.AddConstraint(
            model_name='vote',
            constraint=models.UniqueConstraint(fields=('author', 'slot'), name='one_dot_a_slot'),
        ),
        migrations.AddConstraint(
            model_name='vote',
            constraint=models.CheckConstraint(condition=models.Q(('author', None), ('slot__isnull', False), _connector='OR'), name='author_of_a_dot_has_slot'),
        ),
    ]
