import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('forums', '0003_seats_meetings_reviews'),
        ('people', '0004_requests_and_partners'),
        ('people', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='QualityVisit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='last changed')),
                ('service', models.CharField(max_length=200, verbose_name='service')),
                ('visited_on', models.DateField(verbose_name='day of the visit')),
                ('purpose', models.TextField(blank=True, max_length=2000, verbose_name='what the visit is to find out')),
                ('training_required', models.CharField(blank=True, help_text='The title of the training. Every session with that title counts.', max_length=200, verbose_name='training that a visitor needs')),
                ('status', models.CharField(choices=[('planned', 'planned'), ('made', 'made'), ('sent', 'findings sent to the provider'), ('answered', 'answered by the provider'), ('cancelled', 'cancelled')], default='planned', max_length=10, verbose_name='status')),
                ('findings', models.TextField(blank=True, max_length=10000, verbose_name='findings')),
                ('sent_on', models.DateField(blank=True, null=True, verbose_name='findings sent on')),
                ('response_due_on', models.DateField(blank=True, null=True, verbose_name='answer due by')),
                ('response', models.TextField(blank=True, max_length=10000, verbose_name='answer of the provider')),
                ('responded_on', models.DateField(blank=True, null=True, verbose_name='answered on')),
                ('cancelled_because', models.CharField(blank=True, max_length=300, verbose_name='cancelled because')),
                ('area', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='quality_visits', to='people.area', verbose_name='place')),
                ('provider', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='quality_visits', to='people.organisation', verbose_name='provider')),
            ],
            options={
                'verbose_name': 'quality visit',
                'ordering': ['-visited_on', '-pk'],
                'constraints': [models.UniqueConstraint(fields=('provider', 'service', 'visited_on'), name='forums_qualityvisit_once', violation_error_message='This visit is on the list already'), models.CheckConstraint(condition=models.Q(models.Q(('sent_on__isnull', True), ('status__in', ['planned', 'made', 'cancelled'])), models.Q(('response_due_on__isnull', False), ('sent_on__isnull', False), ('status__in', ['sent', 'answered']), models.Q(('findings', ''), _negated=True)), _connector='OR'), name='forums_qualityvisit_sent_has_findings_and_days', violation_error_message='Write the findings, and say when they were sent'), models.CheckConstraint(condition=models.Q(models.Q(('responded_on__isnull', False), ('status', 'answered'), models.Q(('response', ''), _negated=True)), models.Q(models.Q(('status', 'answered'), _negated=True), ('responded_on__isnull', True), ('response', '')), _connector='OR'), name='forums_qualityvisit_answered_says_what_and_when', violation_error_message='Write the answer of the provider, and the day on which it came'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'cancelled'), _negated=True), models.Q(('cancelled_because', ''), _negated=True), _connector='OR'), name='forums_qualityvisit_cancelled_says_why', violation_error_message='Say why it is cancelled')],
            },
        ),
        migrations.CreateModel(
            name='Visitor',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='last changed')),
                ('training', models.CharField(blank=True, editable=False, max_length=200, verbose_name='training needed')),
                ('training_done_on', models.DateField(blank=True, editable=False, null=True, verbose_name='training done on')),
                ('waived_because', models.CharField(blank=True, max_length=500, verbose_name='why without the training')),
                ('observations', models.TextField(blank=True, max_length=10000, verbose_name='what they observed')),
                ('observed_at', models.DateTimeField(blank=True, null=True, verbose_name='written')),
                ('observed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='written down by')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='quality_visits', to='people.person', verbose_name='visitor')),
                ('visit', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='visitors', to='forums.qualityvisit', verbose_name='visit')),
                ('waived_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='decided by')),
            ],
            options={
                'verbose_name': 'visitor',
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(fields=('visit', 'person'), name='forums_visitor_once', violation_error_message='They are on this visit already'), models.CheckConstraint(condition=models.Q(('training', ''), ('training_done_on__isnull', False), models.Q(('waived_because', ''), _negated=True), _connector='OR'), name='forums_visitor_trained_or_says_why_not', violation_error_message='They have not done the training. Say why they come along all the same')],
            },
        ),
    ]
