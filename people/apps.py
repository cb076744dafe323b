from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from core.roles import ENGAGEMENT, STAFF, allow, allow_everything


class PeopleConfig(AppConfig):
    name = "people"
    verbose_name = _("People and places")

    def ready(self):
        from core import profiles
        from people import profile

        profiles.register("body", profile.load_body)
        profiles.register("organisation", profile.load_organisations)
        profiles.register("level", profile.load_levels)
        profiles.register("area", profile.load_areas)
        profiles.register("group", profile.load_groups)
        allow(STAFF, "people", "view_organisation", "view_area", "view_levelband", "view_populationgroup")
        allow_everything(ENGAGEMENT, "people", "organisation", "organisationalias", "populationgroup")
        allow_everything(ENGAGEMENT, "people", "area", "areaalias", "levelband")
        allow_everything(("administrator",), "people", "user", "role")
