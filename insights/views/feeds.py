"""“You said, we did” as an Atom feed, for news readers and other sites. The filters of the list work here too."""

import re

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.syndication.views import Feed
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from insights.filters import ResponseFilter
from insights.models import Response, Status
from people.models import Organisation

MOST = 50
# XML has no way to write these: one of them in a text would make the whole feed unreadable.
NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


@login_not_required
@require_safe
def response_feed(request):
    return ResponseFeed()(request)


class ResponseFeed(Feed):
    """The newest published answers. Addresses begin with the name of the site, whatever the visitor called it."""

    feed_type = Atom1Feed

    def get_object(self, request):
        self.query = f"?{query}" if (query := request.GET.urlencode()) else ""
        return ResponseFilter(request.GET, Response.objects.public().select_related("topic"), request)

    def title(self, filters):
        return _("You said, we did")

    def subtitle(self, filters):
        words = _("What people told us, and what came of it.")
        if filters.left_out:
            return f"{words} {_('We did not know one of the filters in the address, so we left it out.')}"
        return f"{words} {_('Narrowed down by filters.')}" if any(filters.form.cleaned_data.values()) else words

    def link(self, filters):
        return f"{settings.SITE_URL}{reverse('insights:response_list')}{self.query}"

    def feed_url(self, filters):
        return f"{settings.SITE_URL}{reverse('insights:response_feed')}{self.query}"

    def author_name(self, filters):
        body = Organisation.objects.body()
        return body.name if body else _("Engagement")

    def items(self, filters):
        return filters.qs.order_by("-published_at", "reference")[:MOST]

    def item_title(self, response):
        return _clean(f"{response.topic}: {response.get_status_display()}")

    def item_description(self, response):
        """Both sides of the answer. Readers take it for HTML, so what people wrote is escaped first."""
        parts = [(_("You said"), response.you_said), (_heading(response), response.we_did)]
        if response.status == Status.COULD_NOT:
            parts[1:] = [(_("We could not, because"), response.reason), (_("What we did instead"), response.we_did)]
        return format_html_join("", "<p>{}: {}</p>", ((heading, _clean(text)) for heading, text in parts if text))

    def item_link(self, response):
        return settings.SITE_URL + response.get_absolute_url()

    def item_pubdate(self, response):
        return response.published_at

    def item_updateddate(self, response):
        return max(response.published_at, response.updated_at)

    def item_categories(self, response):
        return [_clean(str(response.topic)), response.get_status_display()]


def _heading(response) -> str:
    words = {Status.PROMISED: _("We have promised"), Status.UNDER_WAY: _("We are doing")}
    return words.get(response.status, _("We did"))


def _clean(text: str) -> str:
    return NOT_IN_XML.sub(" ", text)
