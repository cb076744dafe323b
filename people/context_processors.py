"""What every template knows."""

from django.utils.functional import SimpleLazyObject

from people.models import Organisation


def body(request):
    """`body`: the ICB that this deployment serves, read once when a template asks for it."""
    return {"body": SimpleLazyObject(Organisation.objects.body)}
