"""Earlier versions of a record in the admin: what changed, when and by whom. They are read, never brought back."""

from django.contrib.admin.utils import unquote
from django.http import Http404
from simple_history.admin import SimpleHistoryAdmin

from core.admin import StaffModelAdmin


class HistoryAdmin(StaffModelAdmin, SimpleHistoryAdmin):
    """The base of every ModelAdmin whose model keeps its history. A record out of the user's scope has none."""

    object_history_list_template = "admin/versions.html"

    def get_urls(self):
        """Without SimpleHistoryAdmin's page of one version, whose form would bring it back unchecked."""
        return super(SimpleHistoryAdmin, self).get_urls()

    def history_view(self, request, object_id, extra_context=None):
        if self.get_object(request, unquote(object_id)) is None:
            raise Http404
        return super().history_view(request, object_id, extra_context)

    def revert_disabled(self, request, obj=None):
        return True
