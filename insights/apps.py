from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from core.roles import ENGAGEMENT, STAFF, allow, allow_everything

FRAMEWORK = ("sourcekind", "frame", "theme", "indicator", "subscription")
INSIGHT = (
    *("source", "sourcefile", "qualityrating", "story", "storyhearing", "sourceremark"),
    *("recommendation", "lesson", "indicatorvalue", "shared"),
    *("finding", "findingevidence", "use", "decision", "weighed"),
)
# What people said in their own words: for those who work with it, not for everybody on the staff.
COMMENTS = ("collection", "comment", "commentupload", "campaign", "quote", "coding", "learningrun", "samplecheck")
LOOP = ("response", "responseformat", "reminder", "told", "verdict")
# Who took part, by name, is for those who write to them.
NAMED = ("contributor", "slips", "receipt")


class InsightsConfig(AppConfig):
    name = "insights"
    verbose_name = _("Insights and answers")

    def ready(self):
        """Fill the registries: see docs/architecture.md."""
        from insights import searching

        self.hear()
        self.answer()
        self.close_the_loop()
        searching.register()
        self.say_who_may()

    def hear(self):
        """The library, comments and findings: how they come in, what they are good for, what is left to do."""
        from core import jobs, profiles, tables, work
        from engagement.documents import known as what_is_known
        from engagement.services import gates, parts, publication
        from insights import profile, tasks  # noqa: F401  tasks: who carries which long work
        from insights.documents import coding, known
        from insights.documents import decisions as weighed
        from insights.jobs import intake
        from insights.models import Comment
        from insights.resources.indicators import IndicatorResource
        from insights.services import comments, decisions, findings, library, recommendations, remarks, uploads, uses
        from people.services import erasing

        profiles.register("source_kind", profile.load_source_kinds)
        profiles.register("code_frame", profile.load_code_frames)
        tables.register("comments", _("Comments"), None, take_in=intake.take_in_file)
        tables.register("indicators", _("Indicators"), IndicatorResource)
        for each in (library.note_past_keeping, remarks.forget_remarks, uploads.forget_uploads):
            jobs.every_day(each)
        comments.follow_answers()
        erasing.register(Comment, comments.forget)
        for find in (known.find, known.findings, known.library):
            what_is_known.register(find)
        parts.register(uses.part)
        gates.register(decisions.gate)
        publication.register_weighing(weighed.of_project)
        publication.register_panel(weighed.public_panel)
        publication.register_figures("themes", coding.sorted_in_words)
        publication.register_figures("decide", weighed.figures)
        for each in (library, findings, recommendations):
            work.register(each.left)

    def answer(self):
        """“You said, we did”: what it stands in the way of, where it is shown, and who is reminded."""
        from core import jobs, portal, tables, work
        from engagement.services import activities, activity_links, gates, issues, publication
        from insights import portal as cards
        from insights import work as left
        from insights.documents import activity_links as links
        from insights.documents import responses, thread
        from insights.resources.responses import ResponseResource
        from insights.services import closing, late

        tables.register("you_said_we_did", _("You said, we did"), ResponseResource)
        activities.register_closing_gate(closing.activity_gate)
        gates.register(closing.project_gate)
        issues.register_closing_gate(closing.issue_gate)
        publication.register_answers(publication.AnswerSource(responses.answers_of, responses.answered))
        portal.came_of_it(cards.came_of_it)
        work.register(left.lines)
        publication.register_figures("answer", thread.figures)
        activity_links.register(links.links)
        jobs.every_day(late.remind)

    def close_the_loop(self):
        """What tells people what came of it, asks whether we heard them right, and forgets who they are."""
        from core import jobs, portal, work
        from engagement.services import publication
        from insights.documents import responses, verdicts
        from insights.models import Told, Verdict
        from insights.services import telling
        from insights.services import verdicts as said
        from people.services import erasing

        jobs.every_day(telling.tell_due)
        jobs.every_day(telling.note_reached)
        work.register(verdicts.work_lines)
        portal.waits(verdicts.cards)
        responses.register_heard(verdicts.public_figures)
        publication.register_figures("check", verdicts.heard_in_words)
        erasing.register(Told, telling.forget)
        erasing.register(Verdict, said.forget)

    def say_who_may(self):
        """Which role may do what with the models of this app."""
        allow(STAFF, "insights", "view_statuschange", *(f"view_{model}" for model in (*FRAMEWORK, *INSIGHT, *LOOP)))
        allow_everything(("administrator", "lead"), "insights", *FRAMEWORK)
        allow_everything(ENGAGEMENT, "insights", *INSIGHT, *COMMENTS, *LOOP, *NAMED)
        allow(ENGAGEMENT, "insights", "read_raw_data")
        allow(("administrator", "lead"), "insights", "publish_response", "publish_source", "agree_finding")
        allow(("administrator", "lead"), "insights", "read_held_comment")
        allow(("project_lead",), "insights", "add_use", "add_decision", "change_decision")
        allow((*STAFF, "partner"), "insights", "contribute")
