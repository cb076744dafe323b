"""What walks a page by keyboard notices a page that loses the place, or that never lets go."""

import pytest

from config.tests.browsing import focused

FOUR_LINKS = "".join(f'<a href="#{name}" id="{name}">{name}</a> ' for name in ("one", "two", "three", "four"))
BACK_TO_TWO = "<script>four.onkeydown = (event) => { event.preventDefault(); two.focus(); }</script>"
OUT_AT_TWO = "<script>two.onfocus = () => two.blur()</script>"


@pytest.fixture
def walk(browser):
    context = browser.new_context(base_url="http://127.0.0.1")
    page = context.new_page()

    def walk(body: str, status: int = 200) -> list[str]:
        page.route("**/page/", lambda route: route.fulfill(body=body, status=status, content_type="text/html"))
        return [step["name"].split()[1] for step in focused(page, "/page/")]

    yield walk
    context.close()


def test_each_link_of_a_page_has_the_focus_once_until_tab_comes_round(walk):
    assert walk(FOUR_LINKS) == ["one", "two", "three", "four"]


@pytest.mark.parametrize("script", [BACK_TO_TWO, OUT_AT_TWO])
def test_a_page_that_loses_the_place_of_the_focus_is_noticed(walk, script):
    with pytest.raises(AssertionError, match="Tab loses its place on /page/"):
        walk(FOUR_LINKS + script)


def test_a_page_with_nothing_to_reach_is_noticed(walk):
    with pytest.raises(AssertionError, match="Tab never comes round on /page/"):
        walk("Only words")


def test_an_error_page_is_not_walked(walk):
    with pytest.raises(AssertionError, match="/page/ answers 500"):
        walk(FOUR_LINKS, status=500)
