from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('workshops', '0007_trail'),
    ]

    operations = [
        migrations.AddField(
            model_name='erasure',
            name='signed',
            field=models.JSONField(default=list),
        ),
    ]
