"""docs/data.md is made from the models."""

from io import StringIO

from django.conf import settings
from django.core.management import call_command


def test_the_register_of_personal_data_is_up_to_date():
    printed = StringIO()
    call_command("data_register", stdout=printed)
    written = (settings.BASE_DIR / "docs" / "data.md").read_text()
    assert printed.getvalue() == written, "Run: manage.py data_register > docs/data.md"
