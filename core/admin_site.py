"""The admin, opened only by staff. The middleware of people sees to their second factor."""

from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from core.models import ImportRun


class StaffAdminSite(admin.AdminSite):
    site_header = site_title = _("Engagement")
    index_title = _("Your work")
    enable_nav_sidebar = True

    def get_urls(self):
        closed = path("r/<path:content_type_id>/<path:object_id>/", self.closed, name="view_on_site")
        offered = [each for each in super().get_urls() if getattr(each, "name", "") != closed.name]
        return [closed, *self._registry[ImportRun].page_urls(), *offered]

    def closed(self, request, content_type_id, object_id):
        """Django's way from any record to its page. It names records that a user may not see, so nothing uses it."""
        raise Http404

    def login(self, request, extra_context=None):
        user = request.user
        if not user.is_authenticated:
            return redirect_to_login(request.GET.get("next") or reverse("admin:index"))
        if not (user.is_active and user.is_staff):
            raise PermissionDenied
        return redirect("admin:index")
