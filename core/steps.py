"""Pages with a form, and those of a record that moves on by steps: which are open now, what each asks, taking one."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.views.decorators.http import require_http_methods

from core import terminology
from core.forms import Form, add_errors

form_page = require_http_methods(["GET", "HEAD", "POST"])


def sent(request):
    """What a form was sent with, or None where it is only looked at."""
    return request.POST if request.method == "POST" else None


def accepted(form: Form, service: Callable, *given, **words) -> bool:
    """Whether a service took what was sent. What it refused is shown on the form."""
    try:
        service(*given, **words)
    except ValidationError as error:
        add_errors(form, error)
        return False
    return True


def say_saved(request, words: str, form: Form, record: object) -> None:
    """Say that it is saved, and which of its words to think about (TRM-001). Nothing is refused for its words.

    `record` is the row that the form wrote, or its class: it says which fields hold people's own words.
    """
    messages.success(request, words)
    for sentence in dict.fromkeys(terminology.check_form(form, record)):
        messages.warning(request, sentence)


@dataclass(frozen=True)
class Step:
    """One thing to do with a record: in which statuses, what is asked, which service does it, what is said then."""

    label: str
    statuses: tuple
    form: type[Form]
    do: Callable
    done: str


def take(request, steps: dict[str, Step], name: str, row) -> Form | None:
    """Take a step with what was posted. None when it is done; else the form, which says what is wrong.

    Raises Http404 for a step that does not exist.
    """
    if name not in steps:
        raise Http404
    form = steps[name].form(request.POST, prefix=name)
    if form.is_valid():
        try:
            steps[name].do(row, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, steps[name].done)
            return None
    return form


def offered(steps: dict[str, Step], names: Iterable[str], sent: str, form: Form | None, **initial) -> list[tuple]:
    """What the page shows of the steps with these names: name, label and form, the one that was sent as it was sent."""
    return [
        (name, steps[name].label, form if name == sent else steps[name].form(prefix=name, initial=initial))
        for name in names
    ]
