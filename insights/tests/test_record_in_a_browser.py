"""The record and its public pages in a browser: accessible, by keyboard alone, without scripts, on a small screen."""

import pytest

PUBLIC = ["/you-said-we-did/", "/you-said-we-did/?status=done", "/you-said-we-did/?q=nothing+fits"]
RECORD = [
    "/record/",
    "/admin/",
    "/admin/engagement/activity/",
    "/admin/engagement/activity/add/",
    "/admin/engagement/principleset/",
    "/admin/forums/forum/",
    "/admin/insights/response/",
    "/admin/insights/response/add/",
    "/admin/people/area/",
    "/admin/people/area/add/",
    "/admin/people/user/",
    "/admin/people/user/add/",
]
LISTS = {
    "/admin/engagement/activity/": "#result_list th a",
    "/admin/forums/forum/": "#result_list th a",
    "/admin/insights/response/": "#result_list th a",
    "/admin/people/user/": "#result_list th a",
    "/you-said-we-did/": "#results h3 a",
}


def sign_in(page, login):
    page.goto("/accounts/login/")
    page.fill("[name=login]", login.email)
    page.fill("[name=password]", login.password)
    page.press("[name=password]", "Enter")
    page.wait_for_url(lambda url: "/accounts/login/" not in url)


@pytest.fixture
def staff_page(page, product):
    """A page on which an administrator is signed in."""
    sign_in(page, product.logins["administrator"])
    page.refused = []
    page.on("console", lambda message: message.type == "error" and page.refused.append(message.text))
    return page


def problems(page, axe, address):
    """What is wrong with a page at its usual width and at 320 pixels."""
    found = []
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(address)
        found += getattr(page, "refused", [])
        found += [f"{address} at {width}: {line}" for line in axe(page)]
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            found.append(f"{address} is wider than {width} pixels")
        getattr(page, "refused", []).clear()
    return found


@pytest.mark.parametrize("address", PUBLIC)
def test_public_pages_are_accessible(page, axe, address):
    assert problems(page, axe, address) == []


@pytest.mark.parametrize("address", RECORD)
def test_pages_of_the_record_are_accessible(staff_page, axe, address):
    assert problems(staff_page, axe, address) == []


@pytest.mark.parametrize("address", LISTS)
def test_the_page_of_one_record_is_accessible(staff_page, axe, address):
    staff_page.goto(address)
    link = staff_page.locator(LISTS[address]).first.get_attribute("href")
    assert problems(staff_page, axe, link) == []
    if address in {"/admin/engagement/activity/", "/admin/forums/forum/"}:
        assert problems(staff_page, axe, link.replace("/change/", "/history/")) == []


def test_a_conversation_is_recorded_by_keyboard_alone(page, product, axe):
    sign_in(page, product.logins["engagement officer"])
    page.goto("/record/")
    page.locator("#id_told_us").focus()
    page.keyboard.type("The bus stops at five, so carers cannot reach the evening clinic.")
    for answer in ("pat", "w"):
        page.keyboard.press("Tab")
        page.keyboard.type(answer)
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Conversation recorded")
    assert page.title().startswith("Recorded: C-")
    assert axe(page) == []


def test_an_empty_conversation_gets_an_accessible_page_of_errors(page, product, axe):
    sign_in(page, product.logins["engagement officer"])
    page.goto("/record/")
    page.click("text=Record the conversation")
    page.wait_for_selector(".nhsuk-error-summary")
    assert page.title().startswith("Error: ")
    assert axe(page) == []


def test_answers_are_filtered_and_conversations_recorded_without_scripts(browser, product):
    context = browser.new_context(base_url=product.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/you-said-we-did/")
    every = page.locator("#results h3").count()
    page.select_option("#id_status", "done")
    page.click("text=Apply filters")
    assert 0 < page.locator("#results h3").count() < every
    sign_in(page, product.logins["project lead"])
    page.goto("/record/")
    page.fill("#id_told_us", "Without scripts this works as well.")
    page.select_option("#id_group", index=1)
    page.select_option("#id_area", index=1)
    page.check("#id_principle_0")
    page.click("text=Record the conversation")
    assert "C-" in page.locator(".nhsuk-panel").inner_text()
    context.close()
