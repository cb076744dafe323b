"""What the browser tests share: signing in, going by keyboard, and looking a page over."""

import re
import time
from dataclasses import dataclass, field

AXE_HAS_RUN = "0"
# Read before axe runs: axe itself tries inline styles, which the policy refuses.
NOTE_REFUSALS = """
window.refused = [];
document.addEventListener("securitypolicyviolation", (event) => {
  window.refused.push(`${event.effectiveDirective} ${event.blockedURI}`);
});
"""


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


def addresses(page, selector: str) -> list[str]:
    """Where the links go, each once."""
    found = page.locator(selector).evaluate_all("links => links.map(link => link.getAttribute('href'))")
    return list(dict.fromkeys(found))


def number_in(text: str) -> int:
    return int(re.search(r"\d+", text)[0])


def wait_until_there(page, address: str) -> None:
    """Wait for a page that a role may see only later, such as a report that is not final yet (404 until then)."""
    deadline = time.monotonic() + 120
    while page.request.get(address).status == 404:
        assert time.monotonic() < deadline, f"{address} did not appear"
