"""The guards that the other tests rely on are alive."""

from pathlib import Path

import django
import pytest
from django.template import Context, Origin, Template, engines

from conftest import ROOT, UndefinedVariable


def template(source: str, path: Path) -> Template:
    return Template(source, origin=Origin(str(path)), engine=engines["django"].engine)


@pytest.mark.parametrize(
    "source",
    [
        "{{ nobody }}",
        "{{ form.nobody }}",
        "{{ nobody|default:'-' }}",
        "{% with name=nobody %}{{ name }}{% endwith %}",
        "{% load i18n %}{% blocktranslate %}Hello {{ nobody }}{% endblocktranslate %}",
    ],
)
def test_an_undefined_variable_in_a_template_of_ours_is_an_error(source):
    with pytest.raises(UndefinedVariable, match=r"in templates/made_up\.html, line 1"):
        template(source, ROOT / "templates" / "made_up.html").render(Context({"form": {}}))


def test_an_undefined_variable_in_a_template_of_a_package_is_empty():
    path = Path(django.__file__).parent / "contrib" / "admin" / "templates" / "made_up.html"

    assert template("[{{ nobody }}]", path).render(Context()) == "[]"


def test_axe_finds_what_is_wrong_in_spite_of_the_content_security_policy(product, page, axe):
    response = page.goto("/")
    page.evaluate("document.documentElement.removeAttribute('lang')")

    assert "default-src 'self'" in response.header_value("content-security-policy").split("; ")
    assert [line.split(":")[0] for line in axe(page)] == ["html-has-lang html"]


def test_axe_measures_the_size_of_targets(browser, axe):
    page = browser.new_page()
    link = '<a href="#{0}" style="display:inline-block;width:9px;height:9px;overflow:hidden">{0}</a>'
    page.set_content(f'<html lang="en"><title>Small</title><main>{link.format("a")}{link.format("b")}</main></html>')

    assert [line.split(":")[0] for line in axe(page)] == ['target-size a[href="#a"]', 'target-size a[href="#b"]']
    page.close()
