from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("engagement", "0004_keep_old_rows"),
    ]

    operations = [
        migrations.RemoveField(model_name='activitycount', name='channel_text'),
        migrations.AddConstraint(
            model_name='activitypartner',
            constraint=models.CheckConstraint(condition=models.Q(('part', 'commissioned'), models.Q(('fee__isnull', True), ('report_due_on__isnull', True)), _connector='OR'), name='engagement_activitypartner_only_a_commission_has_a_fee', violation_error_message='A fee and a due date belong to commissioned work'),
        ),
        migrations.AddConstraint(
            model_name='evidence',
            constraint=models.CheckConstraint(condition=models.Q(('reviewed_by__isnull', True), ('claimed_by__isnull', True), models.Q(('reviewed_by', models.F('claimed_by')), _negated=True), _connector='OR'), name='engagement_evidence_nobody_reviews_their_own', violation_error_message='Somebody else has to review this'),
        ),
        migrations.AddConstraint(
            model_name='evidence',
            constraint=models.CheckConstraint(condition=models.Q(('strength__in', ['claimed', 'evidenced']), models.Q(('returned_because', ''), ('reviewed_at__isnull', False)), _connector='OR'), name='engagement_evidence_verified_is_reviewed', violation_error_message='Nothing counts as verified before a second person accepted it'),
        ),
        migrations.AddConstraint(
            model_name='evidence',
            constraint=models.CheckConstraint(condition=models.Q(('strength', 'claimed'), models.Q(('how', ''), _negated=True), _connector='OR'), name='engagement_evidence_evidenced_says_how', violation_error_message='Say how it supports the principle'),
        ),
        migrations.AddConstraint(
            model_name='evidence',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('impact__isnull', False), ('strength', 'outcome')), models.Q(models.Q(('strength', 'outcome'), _negated=True), ('impact__isnull', True)), _connector='OR'), name='engagement_evidence_outcome_is_named', violation_error_message='Name the outcome that it led to'),
        ),
        migrations.AddConstraint(
            model_name='issueraised',
            constraint=models.CheckConstraint(condition=models.Q(('closed_on__isnull', True), models.Q(('answer', ''), _negated=True), _connector='OR'), name='engagement_issueraised_closes_with_an_answer', violation_error_message='Write the answer before you close the issue'),
        ),
        migrations.AddConstraint(
            model_name='session',
            constraint=models.CheckConstraint(condition=models.Q(('venue__isnull', True), ('where', ''), _connector='OR'), name='engagement_session_is_in_one_place', violation_error_message='Choose a venue or write where it was, not both'),
        ),
        migrations.AddConstraint(
            model_name='activitycount',
            constraint=models.CheckConstraint(condition=models.Q(('channel__isnull', True), ('about', 'reached'), _connector='OR'), name='engagement_activitycount_channels_reach', violation_error_message='A channel reaches people. How many took part has no channel'),
        ),
        migrations.AddConstraint(
            model_name='activity',
            constraint=models.CheckConstraint(condition=models.Q(('starts_on__isnull', False), ('ends_on__isnull', False), ('period__isnull', False), _connector='OR'), name='engagement_activity_has_a_date_or_a_period', violation_error_message='Give a date, or the period it belongs to: else no report shows it'),
        ),
        migrations.AddConstraint(
            model_name='activity',
            constraint=models.CheckConstraint(condition=models.Q(('together', ''), models.Q(('together_because', ''), _negated=True), _connector='OR'), name='engagement_activity_togetherness_is_shown', violation_error_message='Say what shows that people worked on it as equal partners or designers'),
        ),
    ]
