"""Each facilitator has a role: whoever was first at a workshop, the one who planned it, owns it; the others run it."""

from django.db import migrations, models
from django.db.models import Min


def give_each_an_owner(apps, schema_editor):
    """Make the first facilitator of each workshop its owner."""
    rows = apps.get_model("workshops", "Facilitator").objects.using(schema_editor.connection.alias)
    firsts = rows.order_by().values("workshop").annotate(first=Min("pk")).values_list("first", flat=True)
    rows.filter(pk__in=list(firsts)).update(role="owner")


class Migration(migrations.Migration):

    dependencies = [
        ('workshops', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='facilitator',
            name='role',
            field=models.CharField(choices=[('owner', 'Owner'), ('facilitator', 'Facilitator'), ('reader', 'Reader')], default='facilitator', max_length=12),
        ),
        migrations.AddConstraint(
            model_name='facilitator',
            constraint=models.CheckConstraint(condition=models.Q(('role__in', ['owner', 'facilitator', 'reader'])), name='role_is_known'),
        ),
        migrations.RunPython(give_each_an_owner, migrations.RunPython.noop),
    ]
