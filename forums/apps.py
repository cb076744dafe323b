from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from core.roles import ENGAGEMENT, STAFF, allow, allow_everything


class ForumsConfig(AppConfig):
    name = "forums"
    verbose_name = _("Forums")

    def ready(self):
        """Fill the registries of core and people: see docs/architecture.md."""
        from core import jobs, person_panels, portal, profiles, tables, work
        from forums import profile, resources
        from forums import work as left
        from forums.documents import reviews
        from forums.services import meetings, questions, recruitment, replies, seats, visits
        from forums.services.merging import end_later_seat
        from forums.services.support import expenses
        from forums.services.support.cards import cards as support_cards
        from people.services import merging, privacy

        work.register(left.lines)
        merging.when_both("forums.Membership", end_later_seat)
        portal.waits(questions.waiting)
        portal.waits(meetings.cards)
        jobs.every_day(replies.ask_whether_needs_met)
        person_panels.register(seats.person_panel)
        person_panels.register(meetings.person_panel)
        person_panels.register(expenses.person_panel)
        person_panels.register(questions.person_panel)
        portal.came_of_it(questions.came_of_it)
        portal.waits(recruitment.waiting)
        portal.waits(support_cards)
        portal.waits(reviews.waiting_cards)
        portal.came_of_it(reviews.result_cards)
        portal.waits(visits.cards)
        portal.came_of_it(visits.came_of_it)
        privacy.holds.append(expenses.hold)
        profiles.register("forum_kind", profile.load_forum_kinds)
        profiles.register("seat_role", profile.load_seat_roles)
        profiles.register("criterion", profile.load_criteria)
        profiles.register("expense_category", profile.load_expense_categories)
        profiles.register("training", profile.load_trainings)
        profiles.register("standard", profile.load_standards)
        profiles.register("forum", profile.load_forums)
        tables.register("forums", _("Forums"), resources.ForumResource)
        tables.register("practice_groups", _("Patient groups of practices"), resources.PracticeGroupResource)
        self.say_who_may()

    def say_who_may(self):
        """Which role may do what with the models of this app."""
        allow(("member",), "forums", "use_portal")
        allow(STAFF, "forums", "view_forum", "view_forumkind", "view_forumalias", "view_forumlink", "view_clockwork")
        allow(STAFF, "forums", "view_cadence", "view_termsofreference", "view_seatrule", "view_seatrole")
        allow(STAFF, "forums", "view_review", "add_review")
        allow_everything(ENGAGEMENT, "forums", "forum", "forumkind", "forumalias", "forumlink", "cadence", "seatrule")
        allow_everything(ENGAGEMENT, "forums", "seatrole", "termsofreference", "membership")
        allow_everything(ENGAGEMENT, "forums", "meeting", "agendaitem", "paper", "attendance", "action")
        allow_everything(ENGAGEMENT, "forums", "boardquestion", "followup", "opportunity", "application")
        allow_everything(ENGAGEMENT, "forums", "training", "trainingrecord", "thanks", "buddy")
        allow(ENGAGEMENT, "forums", "view_feedback")
        allow_everything(ENGAGEMENT, "forums", "review", "reviewversion", "criterion", "practicegroup", "standard")
        allow_everything(
            ENGAGEMENT, "forums", "standardcriterion", "selfassessment", "criterionanswer", "incentiveaward"
        )
        allow(ENGAGEMENT, "forums", "view_qualityvisit", "add_qualityvisit", "change_qualityvisit")
        allow(ENGAGEMENT, "forums", "view_expenseclaim", "change_expenseclaim", "view_expensecategory")
        allow(("administrator", "lead"), "forums", "approve_expenseclaim")
        allow_everything(("administrator", "lead"), "forums", "expensecategory")
