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
        migrations.AlterField(
            model_name='trailentry',
            name='act',
            field=models.CharField(choices=[('open', 'Opened'), ('reveal', 'Revealed'), ('take_down', 'Taken down'), ('timer', 'Timer set'), ('no_timer', 'Timer taken away'), ('extend', 'Time added'), ('pause', 'Paused'), ('go_on', 'Gone on'), ('blank', 'Wall blanked'), ('light', 'Wall back on'), ('take_over', 'Took the controls'), ('seal', 'Sealed'), ('planned', 'Planned'), ('imported', 'Imported'), ('details', 'Details changed'), ('invited', 'Invited'), ('withdrew', 'Invitation withdrawn'), ('joined', 'Followed an invitation'), ('role', 'Role given'), ('removed', 'Person removed'), ('wall', 'Shown on the wall'), ('peeked', 'Looked before the reveal'), ('took_out', 'Downloaded'), ('entered', 'Words entered'), ('counted', 'Papers counted'), ('comments', 'Decided about comments'), ('imperatives', 'Decided about imperatives'), ('themes', 'Comments grouped'), ('merged', 'Imperatives merged'), ('parted', 'Imperatives parted'), ('action', 'Owner or date given'), ('rehearsal', 'Rehearsal removed'), ('edited', 'Journal edited'), ('checked', 'Journal checked'), ('signed', 'Journal signed off'), ('shared', 'Link to the journal made'), ('revoked', 'Link to the journal revoked'), ('review', 'Review written'), ('signed_in', 'Signed in'), ('locked', 'Sign-in stopped, tried too often'), ('factor', 'Second factor added'), ('no_factor', 'Second factor removed'), ('codes', 'Recovery codes made anew'), ('password', 'Password changed'), ('connected', 'Account elsewhere connected'), ('parted_with', 'Account elsewhere disconnected')], max_length=16),
        ),
    ]
