"""The tables as one, each made once with its rules. See docs/operations.md on bringing an older installation up to date."""

import django.utils.timezone
from django.db import migrations, models


def drop_index(apps, schema_editor):
    """On the way back: what SQLite keeps beside the table. PostgreSQL keeps its own inside."""
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TABLE IF EXISTS core_searchdocument_fts")


class Migration(migrations.Migration):

    replaces = [('core', '0001_initial'), ('core', '0003_search')]

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='AuditEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(db_index=True, default=django.utils.timezone.now, editable=False, verbose_name='at')),
                ('actor_id', models.BigIntegerField(blank=True, editable=False, null=True, verbose_name='actor number')),
                ('actor', models.CharField(editable=False, max_length=200, verbose_name='actor')),
                ('verb', models.CharField(editable=False, max_length=60, verbose_name='did')),
                ('subject_type', models.CharField(editable=False, max_length=100, verbose_name='kind of record')),
                ('subject_id', models.CharField(editable=False, max_length=64, verbose_name='record number')),
                ('subject', models.CharField(editable=False, max_length=300, verbose_name='record')),
                ('detail', models.JSONField(blank=True, default=dict, editable=False, verbose_name='detail')),
            ],
            options={
                'verbose_name': 'audit event',
                'ordering': ['-at', '-pk'],
                'indexes': [models.Index(fields=['subject_type', 'subject_id'], name='core_auditevent_subject')],
            },
        ),
        migrations.CreateModel(
            name='SearchWord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('word', models.CharField(max_length=30, unique=True, verbose_name='word')),
                ('documents', models.IntegerField(default=0, verbose_name='documents')),
            ],
            options={
                'verbose_name': 'word of the search',
                'verbose_name_plural': 'words of the search',
                'ordering': ['word'],
            },
        ),
        migrations.CreateModel(
            name='SearchDocument',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.SlugField(max_length=20, verbose_name='kind')),
                ('object_id', models.BigIntegerField(verbose_name='record number')),
                ('title', models.CharField(max_length=300, verbose_name='title')),
                ('text', models.TextField(blank=True, verbose_name='text')),
                ('names', models.TextField(blank=True, verbose_name='names of places, forums and bodies')),
                ('tags', models.TextField(blank=True, verbose_name='tags')),
                ('day', models.DateField(blank=True, null=True, verbose_name='day')),
                ('scope', models.CharField(choices=[('staff', 'staff'), ('partners', 'partners'), ('public', 'the public')], default='staff', max_length=10, verbose_name='for')),
            ],
            options={
                'verbose_name': 'document of the search',
                'verbose_name_plural': 'documents of the search',
                'ordering': ['kind', 'object_id'],
                'constraints': [models.UniqueConstraint(fields=('kind', 'object_id'), name='core_searchdocument_once'), models.CheckConstraint(condition=models.Q(('scope__in', ['staff', 'partners', 'public'])), name='core_searchdocument_scope_is_one_of_three')],
            },
        ),
        migrations.RunPython(migrations.RunPython.noop, drop_index),
    ]
