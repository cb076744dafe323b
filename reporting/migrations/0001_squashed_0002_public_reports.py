"""The tables as one, each made once with its rules. See docs/operations.md on bringing an older installation up to date."""

import core.files
import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import reporting.models.reports
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('reporting', '0001_initial'), ('reporting', '0002_public_reports')]

    initial = True

    dependencies = [
        ('insights', '0001_squashed_0003_library_comments_and_loop'),
    ]

    operations = [
        migrations.CreateModel(
            name='Report',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='last changed')),
                ('kind', models.CharField(choices=[('annual', 'Annual engagement report')], default='annual', max_length=12, verbose_name='kind')),
                ('period', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reports', to='engagement.period', verbose_name='period')),
            ],
            options={
                'verbose_name': 'report',
                'ordering': ['-period__starts_on', 'kind'],
                'permissions': [('finalise_report', 'Can make a report final'), ('publish_report', 'Can publish a final report')],
                'constraints': [models.UniqueConstraint(fields=('kind', 'period'), name='reporting_report_once', violation_error_message='This period already has a report of that kind')],
            },
        ),
        migrations.CreateModel(
            name='AlternativeFormat',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('easy_read', 'Easy Read'), ('translation', 'translation'), ('braille', 'Braille file'), ('audio', 'audio'), ('summary', 'plain English summary')], max_length=20, verbose_name='format')),
                ('language', models.CharField(blank=True, help_text='For a translation.', max_length=60, verbose_name='language')),
                ('file', models.FileField(max_length=200, storage=core.files.private_files, upload_to=reporting.models.reports.path_of_alternative, validators=[django.core.validators.FileExtensionValidator(['pdf', 'docx', 'brf', 'mp3'])], verbose_name='file')),
                ('added_at', models.DateTimeField(auto_now_add=True, verbose_name='added')),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='alternatives', to='reporting.report')),
            ],
            options={
                'verbose_name': 'alternative format',
                'ordering': ['kind', 'language'],
                'constraints': [models.UniqueConstraint(fields=('report', 'kind', 'language'), name='reporting_alternativeformat_once', violation_error_message='This report already has that format'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'translation'), _negated=True), models.Q(('language', ''), _negated=True), _connector='OR'), name='reporting_alternativeformat_translation_names_its_language', violation_error_message='Say which language it is in')],
            },
        ),
        migrations.CreateModel(
            name='ReportItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(blank=True, max_length=200, verbose_name='title in this report')),
                ('text', models.TextField(blank=True, help_text='Printed in place of what we asked, were told and changed. A blank line starts a paragraph.', verbose_name='text in this report')),
                ('order', models.PositiveSmallIntegerField(default=100, help_text='Lower numbers come first.', verbose_name='order')),
                ('is_left_out', models.BooleanField(default=False, verbose_name='leave out of this report')),
                ('left_out_because', models.CharField(blank=True, max_length=200, verbose_name='left out because')),
                ('activity', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='report_items', to='engagement.activity', verbose_name='activity')),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='reporting.report')),
            ],
            options={
                'verbose_name': 'text for the report',
                'verbose_name_plural': 'texts for the report',
                'ordering': ['order', 'activity__reference'],
                'constraints': [models.UniqueConstraint(fields=('report', 'activity'), name='reporting_reportitem_once', violation_error_message='This activity already has a text for the report'), models.CheckConstraint(condition=models.Q(('is_left_out', False), models.Q(('left_out_because', ''), _negated=True), _connector='OR'), name='reporting_reportitem_left_out_says_why', violation_error_message='Say why it is left out: the report says so too')],
            },
        ),
        migrations.CreateModel(
            name='Snapshot',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('data', models.TextField(editable=False, verbose_name='facts as canonical JSON')),
                ('sha256', models.CharField(editable=False, max_length=64, verbose_name='fingerprint')),
                ('taken_at', models.DateTimeField(auto_now_add=True, verbose_name='taken')),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='snapshots', to='reporting.report')),
            ],
            options={
                'verbose_name': 'snapshot',
                'ordering': ['-taken_at'],
                'constraints': [models.UniqueConstraint(fields=('report', 'sha256'), name='reporting_snapshot_once')],
            },
        ),
        migrations.CreateModel(
            name='StandingText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('annual', 'Annual engagement report')], max_length=12, verbose_name='kind of report')),
                ('slot', models.CharField(choices=[('introduction', 'introduction'), ('duty', 'the duty'), ('how_to_read', 'how to read this report'), ('other_formats', 'other formats'), ('method_notes', 'method notes')], max_length=20, verbose_name='place in the report')),
                ('text', models.TextField(verbose_name='text')),
            ],
            options={
                'verbose_name': 'standing text',
                'ordering': ['kind', 'slot'],
                'constraints': [models.UniqueConstraint(fields=('kind', 'slot'), name='reporting_standingtext_once')],
            },
        ),
        migrations.CreateModel(
            name='Build',
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
                ('version', models.PositiveSmallIntegerField(editable=False, verbose_name='version')),
                ('status', models.CharField(choices=[('draft', 'draft'), ('final', 'final'), ('superseded', 'superseded')], default='draft', max_length=12, verbose_name='status')),
                ('becomes_final', models.BooleanField(default=False, editable=False, verbose_name='is to be the final version')),
                ('pdf', models.FileField(blank=True, editable=False, max_length=200, storage=core.files.private_files, upload_to='', verbose_name='PDF')),
                ('large_print', models.FileField(blank=True, editable=False, max_length=200, storage=core.files.private_files, upload_to='', verbose_name='large print')),
                ('html', models.FileField(blank=True, editable=False, max_length=200, storage=core.files.private_files, upload_to='', verbose_name='web page')),
                ('pdf_sha256', models.CharField(blank=True, editable=False, max_length=64, verbose_name='fingerprint of the PDF')),
                ('pages', models.PositiveIntegerField(editable=False, null=True, verbose_name='pages')),
                ('seconds', models.FloatField(editable=False, null=True, verbose_name='seconds to make')),
                ('seconds_rendering', models.FloatField(editable=False, null=True, verbose_name='seconds to lay out the PDF')),
                ('requested_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='asked for by')),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='builds', to='reporting.report', verbose_name='report')),
                ('snapshot', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='builds', to='reporting.snapshot', verbose_name='snapshot')),
                ('published_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='published')),
                ('published_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='published by')),
            ],
            options={
                'verbose_name': 'build',
                'ordering': ['-version'],
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('state', 'running'), _negated=True), models.Q(('lease_until__isnull', False), ('token__isnull', False)), _connector='OR'), name='reporting_build_a_running_job_has_an_owner'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['done', 'failed']), _negated=True), ('finished_at__isnull', False), _connector='OR'), name='reporting_build_a_finished_job_says_when'), models.UniqueConstraint(fields=('report', 'version'), name='reporting_build_version_once'), models.UniqueConstraint(condition=models.Q(('status', 'final')), fields=('report',), name='reporting_build_one_final', violation_error_message='This report is final already'), models.UniqueConstraint(condition=models.Q(('state__in', ['queued', 'running'])), fields=('report',), name='reporting_build_one_at_a_time', violation_error_message='This report is being made already'), models.CheckConstraint(condition=models.Q(('status', 'draft'), models.Q(('becomes_final', True), ('state', 'done')), _connector='OR'), name='reporting_build_final_is_done'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'done'), _negated=True), models.Q(('snapshot__isnull', False), models.Q(('pdf', ''), _negated=True), models.Q(('large_print', ''), _negated=True), models.Q(('html', ''), _negated=True)), _connector='OR'), name='reporting_build_done_has_its_files'), models.CheckConstraint(condition=models.Q(('published_at__isnull', True), ('status__in', ['final', 'superseded']), _connector='OR'), name='reporting_build_published_is_final', violation_error_message='Make the report final before you publish it'), models.CheckConstraint(condition=models.Q(('published_by__isnull', True), ('published_at__isnull', False), _connector='OR'), name='reporting_build_publisher_has_a_date')],
            },
        ),
        migrations.CreateModel(
            name='Download',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('file_format', models.CharField(max_length=20, verbose_name='format')),
                ('at', models.DateTimeField(auto_now_add=True, verbose_name='at')),
                ('build', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='downloads', to='reporting.build')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
            ],
            options={
                'verbose_name': 'download',
                'ordering': ['-at'],
            },
        ),
    ]
