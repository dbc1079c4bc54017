import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('ratings', '0005_prints'),
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
    ]
