import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0003_venues_benchmarks'),
    ]

    operations = [
        migrations.CreateModel(
            name='FormatRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='last changed')),
                ('form_token', models.UUIDField(editable=False, unique=True)),
                ('path', models.CharField(blank=True, max_length=300, verbose_name='page')),
                ('what', models.CharField(blank=True, max_length=300, verbose_name='page or document, in their words')),
                ('format', models.CharField(choices=[('large_print', 'large print'), ('easy_read', 'Easy Read'), ('braille', 'braille'), ('audio', 'audio'), ('bsl', 'British Sign Language'), ('language', 'another language'), ('paper', 'on paper, by post'), ('other', 'something else')], max_length=20, verbose_name='format')),
                ('language', models.CharField(blank=True, max_length=100, verbose_name='language')),
                ('details', models.TextField(blank=True, max_length=1000, verbose_name='more about it')),
                ('name', models.CharField(blank=True, max_length=300, verbose_name='name')),
                ('channel', models.CharField(choices=[('email', 'e-mail'), ('text', 'text message'), ('post', 'post'), ('phone', 'phone call')], max_length=10, verbose_name='reached by')),
                ('contact', models.TextField(blank=True, max_length=500, verbose_name='address or number')),
                ('how', models.CharField(choices=[('portal', 'in the members’ portal'), ('web', 'on a public page'), ('paper', 'on paper'), ('phone', 'by phone'), ('email', 'by e-mail'), ('in_person', 'in person'), ('imported', 'brought over from an older list')], default='web', max_length=10, verbose_name='how they asked')),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='asked')),
                ('due_on', models.DateField(verbose_name='due by')),
                ('state', models.CharField(choices=[('open', 'open'), ('sent', 'sent'), ('could_not', 'could not be made'), ('withdrawn', 'withdrawn')], default='open', max_length=10, verbose_name='state')),
                ('settled_on', models.DateField(blank=True, null=True, verbose_name='sent or settled on')),
                ('reason', models.TextField(blank=True, max_length=1000, verbose_name='why it could not be made')),
                ('contact_removed_at', models.DateTimeField(blank=True, null=True, verbose_name='contact removed')),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='format_requests', to='people.person', verbose_name='on the register')),
                ('recorded_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='recorded by')),
                ('settled_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='settled by')),
            ],
            options={
                'verbose_name': 'request for another format',
                'verbose_name_plural': 'requests for other formats',
                'ordering': ['due_on', 'pk'],
                'indexes': [models.Index(fields=['state', 'due_on'], name='people_form_state_b39373_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('path', ''), _negated=True), models.Q(('what', ''), _negated=True), _connector='OR'), name='people_formatrequest_says_what', violation_error_message='Say which page or document it is about'), models.CheckConstraint(condition=models.Q(models.Q(('format', 'language'), _negated=True), models.Q(('language', ''), _negated=True), _connector='OR'), name='people_formatrequest_says_which_language', violation_error_message='Enter the language'), models.CheckConstraint(condition=models.Q(models.Q(('contact', ''), ('contact_removed_at__isnull', False), ('details', ''), ('name', ''), ('person__isnull', True), ('reason', '')), models.Q(('contact_removed_at__isnull', True), models.Q(('name', ''), _negated=True), models.Q(('contact', ''), _negated=True)), _connector='OR'), name='people_formatrequest_can_be_reached_or_is_forgotten', violation_error_message='Say who asked, and how they can be reached'), models.CheckConstraint(condition=models.Q(models.Q(('contact_removed_at__isnull', True), ('settled_on__isnull', True), ('state', 'open')), models.Q(models.Q(('state', 'open'), _negated=True), ('settled_on__isnull', False)), _connector='OR'), name='people_formatrequest_settled_says_when', violation_error_message='Say on which day it was settled'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'could_not'), _negated=True), models.Q(('reason', ''), _negated=True), ('contact_removed_at__isnull', False), _connector='OR'), name='people_formatrequest_says_why_not', violation_error_message='Say why it could not be made')],
            },
        ),
        migrations.CreateModel(
            name='NewsletterRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('join', 'to get it'), ('stop', 'to get it no longer')], max_length=10, verbose_name='kind')),
                ('name', models.CharField(blank=True, max_length=300, verbose_name='name')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail address')),
                ('asked_at', models.DateTimeField(db_index=True, default=django.utils.timezone.now, verbose_name='asked')),
                ('done_at', models.DateTimeField(blank=True, null=True, verbose_name='confirmed')),
                ('wording', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.consentwording')),
            ],
            options={
                'verbose_name': 'request about the newsletter',
                'verbose_name_plural': 'requests about the newsletter',
                'ordering': ['-asked_at', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('done_at__isnull', False), ('email', ''), ('name', '')), models.Q(('done_at__isnull', True), models.Q(('email', ''), _negated=True)), _connector='OR'), name='people_newsletterrequest_address_goes_when_confirmed'), models.CheckConstraint(condition=models.Q(('kind', 'stop'), ('wording__isnull', False), _connector='OR'), name='people_newsletterrequest_join_has_its_wording')],
            },
        ),
        migrations.AddField(
            model_name='organisation',
            name='address',
            field=models.TextField(blank=True, max_length=300, verbose_name='postal address'),
        ),
        migrations.AddField(
            model_name='organisation',
            name='formats_days',
            field=models.PositiveSmallIntegerField(default=10, validators=[django.core.validators.MinValueValidator(1)], verbose_name='working days to answer who asks for another format'),
        ),
        migrations.AddField(
            model_name='role',
            name='organisation',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='roles', to='people.organisation', verbose_name='works for'),
        ),
        migrations.AlterField(
            model_name='role',
            name='name',
            field=models.CharField(choices=[('administrator', 'administrator'), ('lead', 'engagement lead'), ('officer', 'engagement officer'), ('project_lead', 'project lead'), ('secretary', 'board secretary'), ('safeguarding', 'safeguarding lead'), ('member', 'forum member'), ('partner', 'partner organisation')], max_length=20, verbose_name='role'),
        ),
        migrations.AddConstraint(
            model_name='role',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('name', 'partner'), ('organisation__isnull', False)), models.Q(models.Q(('name', 'partner'), _negated=True), ('organisation__isnull', True)), _connector='OR'), name='people_role_partner_works_for_somebody', violation_error_message='A partner works for an organisation; no other role has one'),
        ),
    ]
