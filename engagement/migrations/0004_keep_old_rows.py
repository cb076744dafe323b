"""Rows from before the rules of the next migration, which would refuse them: nothing is lost."""

from django.db import migrations

def keep_what_new_rules_would_refuse(apps, schema_editor):
    """Rows from before these rules: undated activities, strengths that nobody reviewed, issues closed in silence."""
    Activity, Period = apps.get_model('engagement', 'Activity'), apps.get_model('engagement', 'Period')
    years = list(Period.objects.filter(kind='year').order_by('starts_on'))
    for activity in Activity.objects.filter(starts_on=None, ends_on=None, period=None):
        day = activity.created_at.date()
        begun = [period for period in years if period.starts_on <= day]
        if begun or years:
            activity.period = (begun or years)[-1 if begun else 0]
        else:
            activity.starts_on, activity.date_precision = day, 'year'
        activity.save(update_fields=['period', 'starts_on', 'date_precision'])
    Evidence = apps.get_model('engagement', 'Evidence')
    Evidence.objects.exclude(strength='claimed').filter(how='').update(strength='claimed')
    Evidence.objects.filter(strength__in=['verified', 'outcome']).update(strength='evidenced')
    for issue in apps.get_model('engagement', 'IssueRaised').objects.exclude(closed_on=None).filter(answer=''):
        issue.answer = 'The answer was not recorded.'
        issue.save(update_fields=['answer'])
    for count in apps.get_model('engagement', 'ActivityCount').objects.exclude(channel_text=''):
        count.source = f'{count.source}; {count.channel_text}'.strip('; ')[:200]
        count.save(update_fields=['source'])


class Migration(migrations.Migration):
    dependencies = [("engagement", "0003_projects_plans_evidence")]

    operations = [migrations.RunPython(keep_what_new_rules_would_refuse, migrations.RunPython.noop)]
