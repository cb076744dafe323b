import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('engagement', '0005_rules'),
        ('forums', '0004_visits'),
        ('people', '0004_requests_and_partners'),
        ('people', '__first__'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='activity',
            options={'ordering': ['reference'], 'permissions': [('publish_activity', 'Can publish the public page of an activity')], 'verbose_name': 'activity', 'verbose_name_plural': 'activities'},
        ),
        migrations.AddField(
            model_name='activity',
            name='public_summary',
            field=models.TextField(blank=True, help_text='Two or three sentences in plain words: what it is, who it is for, what comes of it.', verbose_name='summary for the public page'),
        ),
        migrations.AddField(
            model_name='activity',
            name='published_at',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='published'),
        ),
        migrations.AddField(
            model_name='activity',
            name='published_by',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='published by'),
        ),
        migrations.AddField(
            model_name='activity',
            name='slug',
            field=models.SlugField(blank=True, editable=False, max_length=60, null=True, unique=True, verbose_name='name in addresses'),
        ),
        migrations.AddField(
            model_name='historicalactivity',
            name='public_summary',
            field=models.TextField(blank=True, help_text='Two or three sentences in plain words: what it is, who it is for, what comes of it.', verbose_name='summary for the public page'),
        ),
        migrations.AddField(
            model_name='historicalactivity',
            name='published_at',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='published'),
        ),
        migrations.AddField(
            model_name='historicalactivity',
            name='published_by',
            field=models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='published by'),
        ),
        migrations.AddField(
            model_name='historicalactivity',
            name='slug',
            field=models.SlugField(blank=True, editable=False, max_length=60, null=True, verbose_name='name in addresses'),
        ),
        migrations.AddField(
            model_name='policy',
            name='answer_weeks',
            field=models.PositiveSmallIntegerField(default=12, help_text='Counted from the last day of an activity. It is shown to everybody.', validators=[django.core.validators.MinValueValidator(1)], verbose_name='people hear what came of it within (weeks)'),
        ),
        migrations.AddField(
            model_name='policy',
            name='board_after_days',
            field=models.PositiveSmallIntegerField(default=28, verbose_name='and to the Board report after (days)'),
        ),
        migrations.AddField(
            model_name='policy',
            name='insight_months',
            field=models.PositiveSmallIntegerField(default=24, validators=[django.core.validators.MinValueValidator(1)], verbose_name='insight is looked at again after (months)'),
        ),
        migrations.AddField(
            model_name='policy',
            name='lead_after_days',
            field=models.PositiveSmallIntegerField(default=14, validators=[django.core.validators.MinValueValidator(1)], verbose_name='a late answer goes to the lead after (days)'),
        ),
        migrations.AddField(
            model_name='policy',
            name='least_quality',
            field=models.PositiveSmallIntegerField(default=8, validators=[django.core.validators.MaxValueValidator(15)], verbose_name='least quality for Board papers (of 15)'),
        ),
        migrations.AddField(
            model_name='policy',
            name='stories_a_year',
            field=models.PositiveSmallIntegerField(default=2, verbose_name='patient stories heard in a year'),
        ),
        migrations.AddConstraint(
            model_name='activity',
            constraint=models.CheckConstraint(condition=models.Q(('published_by__isnull', True), ('published_at__isnull', False), _connector='OR'), name='engagement_activity_publisher_has_a_date'),
        ),
        migrations.AddConstraint(
            model_name='activity',
            constraint=models.CheckConstraint(condition=models.Q(('published_at__isnull', True), models.Q(('slug__isnull', False), models.Q(('slug', ''), _negated=True)), _connector='OR'), name='engagement_activity_published_has_an_address'),
        ),
        migrations.AddConstraint(
            model_name='activity',
            constraint=models.CheckConstraint(condition=models.Q(('published_at__isnull', True), models.Q(models.Q(('purpose', ''), _negated=True), models.Q(('can_influence', ''), _negated=True), models.Q(('cannot_influence', ''), _negated=True)), _connector='OR'), name='engagement_activity_published_says_what_for', violation_error_message='Everybody can read this activity. Say what it is for, what people can influence and what they cannot'),
        ),
        migrations.AddConstraint(
            model_name='policy',
            constraint=models.CheckConstraint(condition=models.Q(('board_after_days__gt', models.F('lead_after_days'))), name='engagement_policy_the_lead_comes_before_the_board', violation_error_message='The lead has to hear of it before the Board does'),
        ),
    ]
