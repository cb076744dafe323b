from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from core.roles import ENGAGEMENT, STAFF, allow, allow_everything


class PeopleConfig(AppConfig):
    name = "people"
    verbose_name = _("People and places")

    def ready(self):
        """Fill the registries of core and people: see docs/architecture.md."""
        from core import jobs, profiles, tables, work
        from people import profile, resources
        from people import work as left
        from people.services import messages, newsletter, requests, safeguarding

        work.register(left.lines)
        jobs.every_day(safeguarding.follow_ages)
        jobs.every_day(messages.forget_old)
        jobs.every_day(requests.forget_contacts)
        jobs.every_day(newsletter.forget_requests)
        profiles.register("body", profile.load_body)
        profiles.register("organisation", profile.load_organisations)
        profiles.register("level", profile.load_levels)
        profiles.register("area", profile.load_areas)
        profiles.register("group", profile.load_groups)
        profiles.register("consent_purpose", profile.load_consent_purposes)
        profiles.register("equality_question", profile.load_equality_questions)
        tables.register("population", _("Residents by characteristic"), resources.PopulationResource)
        self.say_who_may()

    def say_who_may(self):
        """Which role may do what with the models of this app."""
        allow(STAFF, "people", "view_organisation", "view_area", "view_levelband", "view_populationgroup", "view_venue")
        allow(STAFF, "people", "view_populationbenchmark")
        allow_everything(ENGAGEMENT, "people", "organisation", "organisationalias", "populationgroup", "venue")
        allow_everything(ENGAGEMENT, "people", "populationbenchmark")
        allow_everything(ENGAGEMENT, "people", "area", "areaalias", "levelband")
        allow_everything(("administrator",), "people", "user", "role")
        allow_everything(ENGAGEMENT, "people", "stakeholder", "stakeholdercontact", "personcapacity")
        allow(ENGAGEMENT, "people", "view_person", "add_person", "change_person", "merge_person")
        allow(ENGAGEMENT, "people", "view_consent", "add_consent", "change_consent", "view_message", "change_message")
        allow(ENGAGEMENT, "people", "view_consentpurpose", "view_consentwording", "view_equalitytotals")
        allow_everything(("administrator", "lead"), "people", "consentpurpose", "consentwording")
        allow(("administrator", "lead"), "people", "decide_erasure")
        allow(("lead", "officer"), "people", "view_accessneed", "change_accessneed")  # no curiosity of administrators
        allow(("lead", "officer"), "people", "view_formatrequest", "add_formatrequest", "change_formatrequest")
        allow(("safeguarding",), "people", "view_person", "view_youngperson", "change_youngperson")
        allow(("safeguarding",), "people", "view_concern", "change_concern")
