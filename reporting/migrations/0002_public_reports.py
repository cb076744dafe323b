import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '__first__'),
        ('reporting', '0001_initial'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='report',
            options={'ordering': ['-period__starts_on', 'kind'], 'permissions': [('finalise_report', 'Can make a report final'), ('publish_report', 'Can publish a final report')], 'verbose_name': 'report'},
        ),
        migrations.AddField(
            model_name='build',
            name='published_at',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='published'),
        ),
        migrations.AddField(
            model_name='build',
            name='published_by',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='published by'),
        ),
        migrations.AddConstraint(
            model_name='build',
            constraint=models.CheckConstraint(condition=models.Q(('published_at__isnull', True), ('status__in', ['final', 'superseded']), _connector='OR'), name='reporting_build_published_is_final', violation_error_message='Make the report final before you publish it'),
        ),
        migrations.AddConstraint(
            model_name='build',
            constraint=models.CheckConstraint(condition=models.Q(('published_by__isnull', True), ('published_at__isnull', False), _connector='OR'), name='reporting_build_publisher_has_a_date'),
        ),
    ]
