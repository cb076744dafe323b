"""What the browser tests share: signing in, going by keyboard, and looking a page over."""

import re
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from urllib.parse import parse_qs, urldefrag, urljoin, urlsplit

from django.db import connection
from django.urls import Resolver404, resolve

AXE_HAS_RUN = "0"
# What a page looks like is no matter of the database, so each of the two runs of `make test` looks at one width of the
# screen: the run on SQLite at 1280 pixels, the one on PostgreSQL at 320.
WIDTH = {"sqlite": 1280, "postgresql": 320}[connection.vendor]
# Read before axe runs: axe itself tries inline styles, which the policy refuses.
NOTE_REFUSALS = """
window.refused = [];
document.addEventListener("securitypolicyviolation", (event) => {
  window.refused.push(`${event.effectiveDirective} ${event.blockedURI}`);
});
"""
EMPTY_FORMS = """
for (const field of document.querySelectorAll("main input:not([type=hidden]), main select, main textarea")) {
  field.matches("[type=radio], [type=checkbox]") ? (field.checked = false) : (field.value = "");
}
"""
SAYS = """() => {
  const here = document.activeElement;
  return ((here.labels ?? []).length ? here.labels[0] : here).textContent.trim().replace(/\\s+/g, " ");
}"""
# Where the focus is: whether it is on the screen, in front, and marked. A box for several lines may be higher than the
# screen: its first line has to be there. Of a table that scrolls, a part has to. Some marks are drawn on a part of the
# element, or on its label.
FOCUS = """() => {
  const element = document.activeElement;
  const box = element.getBoundingClientRect();
  const parts = [element, ...element.querySelectorAll(".nhsuk-details__summary-text")];
  const marks = parts.map((part) => getComputedStyle(part));
  if (element.matches("[type=radio], [type=checkbox]")) marks.push(getComputedStyle(element.labels[0], "::before"));
  const firstLine = element.matches("textarea") ? box.top + 32 : box.bottom;
  const isInHeight = element.matches("[role=region]")
    ? box.top <= innerHeight - 32 && box.bottom >= 32
    : box.top >= -1 && firstLine <= innerHeight + 1;
  const owners = [element, ...(element.labels ?? [])];
  const isSeen = (line) => {
    const x = Math.min(Math.max(line.x + line.width / 2, 0), innerWidth - 1);
    const y = Math.min(Math.max(line.y + line.height / 2, 0), innerHeight - 1);
    return owners.some((owner) => owner.contains(document.elementFromPoint(x, y)));
  };
  return {
    name: `${element.tagName} ${element.id} ${element.textContent.trim().slice(0, 40)}`,
    isInside: box.left >= -1 && box.right <= innerWidth + 1 && isInHeight,
    isOnTop: [...element.getClientRects()].some(isSeen),
    isMarked: marks.some((style) => style.outlineStyle !== "none" || style.boxShadow !== "none"),
  };
}"""
# Which of the elements that had the focus so far has it now: none outside the page, and the next number for a new one.
TURN = """() => {
  const here = document.activeElement;
  if (here === document.body) return null;
  window.hadFocus ??= [];
  if (!window.hadFocus.includes(here)) window.hadFocus.push(here);
  return window.hadFocus.indexOf(here);
}"""
COVER = """() => {
  const cover = document.body.appendChild(document.createElement("div"));
  Object.assign(cover.style, { position: "fixed", inset: "0", zIndex: "99999" });
}"""
MOST_STEPS = 150
SECONDS_FOR_A_REPORT = 180  # a busy machine; it takes some seconds on one that does nothing else
SECONDS_FOR_A_LETTER = 60  # a busy machine; the worker takes a second or two


def sign_in(page, product, role: str) -> None:
    login = product.logins[role]
    page.goto("/accounts/login/")
    page.get_by_label("Email address").fill(login.email)
    page.get_by_label("Password", exact=True).fill(login.password)
    page.get_by_role("button", name="Sign in with a password").click()
    page.get_by_role("button", name="Sign out").wait_for()


def tab_to(page, selector: str) -> None:
    """Press Tab until the focus is there, as somebody without a mouse does."""
    for _step in range(100):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"Tab never reaches {selector} on {page.url}")


def reach(page, words: str) -> None:
    """Press Tab until the focus is on what says these words first: a link, a button, or a box with such a label."""
    for _step in range(150):
        page.keyboard.press("Tab")
        if page.evaluate(SAYS).startswith(words):
            return
    raise AssertionError(f"Tab never reaches “{words}” on {page.url}")


def press(page, words: str) -> None:
    """Go to a link or a button by keyboard, and press it."""
    reach(page, words)
    page.keyboard.press("Enter")


def write(page, label: str, text: str) -> None:
    """Go to a box by keyboard, and write into it instead of what is there."""
    reach(page, label)
    page.keyboard.press("Control+A")
    page.keyboard.type(text)


def tick(page, label: str) -> None:
    reach(page, label)
    page.keyboard.press("Space")


def choose_one(page, name: str, words: str) -> None:
    """Go to the radio buttons of this name by keyboard, and on to the one that says these words first."""
    tab_to(page, f"input[name={name}]")
    page.keyboard.press("Space")
    for _step in range(20):
        if page.evaluate(SAYS).startswith(words):
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"No choice of {name} says “{words}” on {page.url}")


def focused(page, address: str):
    """What has the focus after each Tab, from the top of the page until it comes round to what had it first.

    Whether a Tab before the first and beyond the last element leads out of the page is chance in a browser without a
    window. One in between that does, or that leads back, loses the place of whoever reads: an AssertionError.
    """
    answer = page.goto(address)
    assert answer.ok, f"{address} answers {answer.status}"
    met, is_outside = 0, False
    for _step in range(MOST_STEPS):
        page.keyboard.press("Tab")
        turn = page.evaluate(TURN)
        if turn is None:
            is_outside = met > 0
        elif turn == met and not is_outside:
            met += 1
            yield page.evaluate(FOCUS)
        elif turn == 0:
            return
        else:
            raise AssertionError(f"Tab loses its place on {address}")
    raise AssertionError(f"Tab never comes round on {address}")


def unseen_when_enlarged(browser, product, addresses: list[str], *, role: str | None = None, more_than: int) -> list:
    """Each place of the focus that is not seen on a screen enlarged four times, with its page.

    1280 by 1024 pixels at 400 % are 320 by 256 (WCAG 1.4.10, 2.4.7, 2.4.11). An AssertionError for a page on which the
    focus stands in no more than so many places.
    """
    context = browser.new_context(base_url=product.url, viewport={"width": 320, "height": 256})
    page = context.new_page()
    if role:
        sign_in(page, product, role)
    steps = {address: list(focused(page, address)) for address in addresses}
    context.close()
    assert [address for address, found in steps.items() if len(found) <= more_than] == []
    return [(address, step) for address, found in steps.items() for step in found if not all(step.values())]


@dataclass
class Inspector:
    """Looks pages over and keeps what is wrong with them, each line with the page's address."""

    page: object
    axe: object
    origin: str
    found: list[str] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def __post_init__(self):
        self.page.add_init_script(NOTE_REFUSALS)
        self.page.on("console", lambda message: self.errors.append(message.text) if message.type == "error" else None)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("request", self._note_request)

    def _note_request(self, request) -> None:
        if not request.url.startswith((self.origin, "data:", "blob:", "about:")):
            self.errors.append(f"asks {request.url}")

    def open(self, *addresses: str, status: int = 200) -> None:
        """Go to each address and look it over."""
        for address in addresses:
            response = self.page.goto(address)
            if response.status != status:
                self.found.append(f"{address}: {response.status}, not {status}")
            self.look(expected_error=status != 200)

    def look(self, name: str = "", *, expected_error: bool = False) -> None:
        """Look over the page that is open now. The browser itself reports a status of 4xx as an error."""
        self.page.wait_for_load_state()
        name = f"{self.page.url.removeprefix(self.origin)} {name}".strip()
        self.seen.append(name)
        refused = self.page.evaluate("window.refused")
        errors = [] if expected_error else self.errors
        width = self.page.viewport_size["width"]
        wide = self.page.evaluate("document.documentElement.scrollWidth")
        lines = [f"refused by the policy: {each}" for each in refused] + [f"console: {each}" for each in errors]
        lines += [f"{wide} pixels wide, not {width}"] if wide > width else []
        self.found += [f"{name}: {line}" for line in [*lines, *self.axe(self.page)]]
        self.page.evaluate(AXE_HAS_RUN)
        self.errors.clear()


@dataclass
class Person:
    """Somebody at a keyboard. With JavaScript on, each new page is looked over."""

    page: object
    inspector: Inspector | None

    def see(self, heading: str) -> None:
        """Wait for the whole page with this heading, and look it over the first time that it is seen."""
        self._wait_for(self.page.get_by_role("heading", name=heading))
        address = self.page.url.removeprefix(self.inspector.origin) if self.inspector else ""
        if self.inspector and address not in self.inspector.seen:
            self.inspector.look()
        wide = self.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= self.page.viewport_size["width"], f"{self.page.url} is {wide} pixels wide"

    def told(self, words: str, *, refused: bool = False) -> None:
        """Wait for what the page says after something was done, or with `refused` why it was not; look it over once."""
        self.reads(words)
        if self.inspector and f"{self.page.url.removeprefix(self.inspector.origin)} {words}" not in self.inspector.seen:
            self.inspector.look(words, expected_error=refused)

    def reads(self, words: str) -> None:
        """Wait for words on a page that was looked over already, or need not be."""
        self._wait_for(self.page.locator("main").get_by_text(words))

    def _wait_for(self, found) -> None:
        """A browser shows the beginning of a page before it has the end: whoever looks next finds all of it."""
        found.first.wait_for()
        self.page.wait_for_load_state()

    def press(self, words: str) -> None:
        press(self.page, words)

    def write(self, label: str, text: str) -> None:
        write(self.page, label, text)


def people_at_keyboards(browser, product, axe) -> Iterator:
    """For a fixture: begin(javascript=False, width=320) is a new visitor. In the end none found anything wrong."""
    begun = []

    def begin(*, javascript: bool = True, width: int = 1280) -> Person:
        context = browser.new_context(
            base_url=product.url, java_script_enabled=javascript, viewport={"width": width, "height": 900}
        )
        page = context.new_page()
        begun.append(Person(page, Inspector(page, axe, product.url) if javascript else None))
        return begun[-1]

    yield begin
    for person in begun:
        person.page.context.close()
    found = [line for person in begun if person.inspector for line in person.inspector.found]
    assert not found, "\n".join(found)


def sign_in_with_a_password(me: Person, login) -> None:
    me.page.goto("/")
    me.press("Sign in")
    me.see("Sign in")
    me.write("Email address", login.email)
    me.write("Password", login.password)
    me.press("Sign in with a password")
    me.page.get_by_role("button", name="Sign out").wait_for()


def addresses(page, selector: str) -> list[str]:
    """Where the links go, each once."""
    found = page.locator(selector).evaluate_all("links => links.map(link => link.getAttribute('href'))")
    return list(dict.fromkeys(found))


@dataclass
class Crawler:
    """Goes from page to page by their links, and looks over some of each kind.

    A kind is a view with the names of what its query asks for. `under` are the names of apps whose pages are looked
    over. `forms` names buttons by view: pressed with everything left empty, they lead to a page with errors. Where it
    starts may be refused to a role, but no link on a page may lead a reader to a refusal.
    """

    visit: Inspector
    under: tuple[str, ...]
    each: int = 1
    forms: dict[str, str] = field(default_factory=dict)
    kinds: Counter = field(default_factory=Counter)

    def follow(self, starts: list[str]) -> None:
        known, waiting = set(), [("", address) for address in starts]
        while waiting:
            source, address = waiting.pop(0)
            kind = self._kind(address)
            if address in known or kind is None or self.kinds[kind] >= self.each:
                continue
            known.add(address)
            if self._is_page(source, address):
                self.kinds[kind] += 1
                self._look_over(address)
                found = addresses(self.visit.page, "a[href]")
                waiting += [(address, urldefrag(urljoin(address, each)).url) for each in found]
                self._send_empty(kind[0])

    def look_at(self, address: str) -> None:
        """One page with its form, without going on from it."""
        self._look_over(address)
        self._send_empty(resolve(urlsplit(address).path).view_name)

    def _kind(self, address: str) -> tuple | None:
        """None for a page elsewhere."""
        parts = urlsplit(address)
        try:
            name = resolve(parts.path).view_name
        except Resolver404:
            return None
        inside = not parts.netloc and name.partition(":")[0] in self.under
        return (name, *sorted(parse_qs(parts.query, keep_blank_values=True))) if inside else None

    def _is_page(self, source: str, address: str) -> bool:
        """Whether it answers with a web page. What can only be sent, downloaded, or is not for the role, does not."""
        answer = self.visit.page.request.get(address, max_redirects=0)
        # Some pages send a reader on, such as to the next comment; to the sign-in page is a refusal.
        is_sent_on = answer.status == 302 and not answer.headers["location"].startswith("/accounts/")
        if source and answer.status != 200 and not is_sent_on:
            self.visit.found.append(f"{source} leads to {address}: {answer.status}")
        return answer.status == 200 and answer.headers["content-type"].startswith("text/html")

    def _look_over(self, address: str) -> None:
        self.visit.page.goto(address)
        self.visit.look()

    def _send_empty(self, view: str) -> None:
        """Once for a view."""
        if self.kinds[view] or view not in self.forms:
            return
        button = self.visit.page.get_by_role("main").get_by_role("button", name=self.forms[view], exact=True)
        if button.count():
            self.kinds[view] += 1
            self.visit.page.evaluate(EMPTY_FORMS)
            button.first.click()
            self.visit.page.get_by_text("There is a problem").wait_for()
            self.visit.look("left empty", expected_error=True)


def inspectors(browser, product, axe) -> Iterator:
    """For a fixture: inspect(role) signs a new visitor in, without a role not. In the end none found anything wrong."""
    begun = []

    def begin(role: str | None = None, *, width: int = WIDTH) -> Inspector:
        context = browser.new_context(base_url=product.url, viewport={"width": width, "height": 900})
        inspector = Inspector(context.new_page(), axe, product.url)
        begun.append(inspector)
        if role:
            sign_in(inspector.page, product, role)
        return inspector

    yield begin
    for inspector in begun:
        inspector.page.context.close()
    found = [line for inspector in begun for line in inspector.found]
    assert not found, "\n".join(found)


def number_in(text: str) -> int:
    return int(re.search(r"\d+", text)[0])


def wait_until_there(page, address: str) -> None:
    """Wait for a page that a role may see only later, such as a report that is not final yet (404 until then)."""
    deadline = time.monotonic() + 120
    while page.request.get(address).status == 404:
        assert time.monotonic() < deadline, f"{address} did not appear"


def letter(product, email: str, words: str, since: int) -> str:
    """The e-mail to somebody that the worker has printed, once it is there."""
    deadline = time.monotonic() + SECONDS_FOR_A_LETTER
    while time.monotonic() < deadline:
        letters = re.split(r"^-{70,}$", product.output()[since:], flags=re.MULTILINE)
        for each in letters:
            if f"To: {email}" in each and words in each:
                return each
        time.sleep(0.05)
    raise AssertionError(f"{email} got no letter with “{words}”")


def in_good_order(visit) -> None:
    """Each page has one heading of the first level, and no level is left out."""
    levels = visit.page.locator("h1, h2, h3, h4, h5, h6").evaluate_all("all => all.map(each => +each.tagName[1])")
    wrong = levels.count(1) != 1 or any(after > before + 1 for before, after in pairwise(levels))
    visit.found += [f"{visit.page.url}: headings {levels}"] if wrong else []


class Reader(Crawler):
    """Looks at the order of the headings too."""

    def _look_over(self, address: str) -> None:
        super()._look_over(address)
        in_good_order(self.visit)


def plain_pages(browser, product) -> Iterator:
    """A page of a narrow browser without JavaScript."""
    context = browser.new_context(
        base_url=product.url, java_script_enabled=False, viewport={"width": 320, "height": 900}
    )
    yield context.new_page()
    context.close()


def read_without_javascript(plain, places: list[str], *, links: int = 20) -> tuple[set[str], list[str]]:
    """Open pages as such a browser, and so many first links of each: what was opened, and what is wrong."""
    opened, wrong = set(), []
    for address in places:
        answer = plain.goto(address)
        wide = plain.evaluate("document.documentElement.scrollWidth")
        if (answer.status, plain.locator("h1").count(), wide) != (200, 1, 320):
            wrong.append(f"{address}: {answer.status}, {wide} pixels wide")
        for link in set(addresses(plain, "main a[href^='/']")[:links]) - opened:
            opened.add(link)
            status = plain.request.get(link, max_redirects=0).status
            wrong += [f"{address} leads to {link}: {status}"] if status != 200 else []
    return opened, wrong
