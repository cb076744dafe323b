"""Who may open a page of the members' portal."""

from functools import wraps

from django.core.exceptions import PermissionDenied

from people.models import Person


def member_page(view):
    """A page for people on the register who have signed in. The view gets them as `request.person`.

    Somebody who signs in without being on the register, as staff do, is refused.
    """

    @wraps(view)
    def wrapped(request, *args, **kwargs):
        request.person = Person.objects.known().filter(user=request.user.pk).first()
        if request.person is None:
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return wrapped
