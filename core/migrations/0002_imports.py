import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('core', '0002_initial')]

    initial = True

    dependencies = [
        ('core', '0001_squashed_0003_search'),
        ('people', '0001_squashed_0004_requests_and_partners'),
    ]

    operations = [
        migrations.CreateModel(
            name='ImportRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('queued', 'waiting'), ('running', 'being made'), ('done', 'ready'), ('failed', 'failed')], default='queued', editable=False, max_length=10, verbose_name='state')),
                ('requested_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='asked for')),
                ('started_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='started')),
                ('finished_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='finished')),
                ('token', models.UUIDField(blank=True, editable=False, null=True)),
                ('lease_until', models.DateTimeField(blank=True, editable=False, null=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0, editable=False, verbose_name='times tried')),
                ('step', models.PositiveSmallIntegerField(default=0, editable=False)),
                ('steps', models.PositiveSmallIntegerField(default=0, editable=False)),
                ('step_label', models.CharField(blank=True, editable=False, max_length=100)),
                ('error', models.TextField(blank=True, editable=False, verbose_name='what went wrong')),
                ('kind', models.CharField(editable=False, max_length=40, verbose_name='kind of sheet')),
                ('file_name', models.CharField(editable=False, max_length=200, verbose_name='file')),
                ('content', models.BinaryField()),
                ('phase', models.CharField(choices=[('check', 'being checked'), ('apply', 'being taken in')], default='check', editable=False, max_length=10, verbose_name='phase')),
                ('late_reason', models.CharField(blank=True, editable=False, max_length=300, verbose_name='reason for late entries')),
                ('result', models.JSONField(default=dict, editable=False, verbose_name='what was found')),
                ('requested_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='asked for by')),
            ],
            options={
                'verbose_name': 'import',
                'ordering': ['-requested_at'],
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('state', 'running'), _negated=True), models.Q(('lease_until__isnull', False), ('token__isnull', False)), _connector='OR'), name='core_importrun_a_running_job_has_an_owner'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['done', 'failed']), _negated=True), ('finished_at__isnull', False), _connector='OR'), name='core_importrun_a_finished_job_says_when')],
            },
        ),
    ]
