from django.db import migrations, models


def drop_index(apps, schema_editor):
    """On the way back: what SQLite keeps beside the table. PostgreSQL keeps its own inside."""
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TABLE IF EXISTS core_searchdocument_fts")


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0002_initial'),
    ]

    operations = [
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
