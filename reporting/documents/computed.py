"""What a section of a report says by itself, as plain text: read from the web page that was drawn of it.

The page marks each section with its key, as `id="section-<key>"`; what people wrote stands in `class="edited"`.
"""

from html.parser import HTMLParser

from core.models import JobState
from reporting.documents.fingerprints import content_of
from reporting.models import Build, Report

BLOCKS = {"p", "li", "h2", "h3", "h4", "h5", "dt", "dd", "caption", "figcaption", "div", "section", "article"}
LEFT_OUT = {"svg", "style", "script", "thead", "tbody", "tfoot", "nav", "colgroup"}
VOID = {"br", "img", "hr", "input", "meta", "link", "col", "wbr"}


def newest(report: Report) -> Build | None:
    """The newest version that is ready: what its sections say is what people edit."""
    return report.builds.filter(state=JobState.DONE).order_by("-version").first()


def computed_text(build: Build | None, section: str) -> str:
    """What one section says by itself, a line for each paragraph; tables by their captions. "" where it has none."""
    content = content_of(build.html) if build else None
    if content is None:
        return ""
    reader = _Reader(f"section-{section}")
    reader.feed(content.decode())
    lines = (" ".join(line.split()) for line in "".join(reader.parts).split("\n"))
    return "\n".join(line for line in lines if line)


class _Reader(HTMLParser):
    """Keeps the text inside one element, without what is left out."""

    def __init__(self, wanted: str):
        super().__init__()
        self.wanted, self.parts = wanted, []
        self.open: list[tuple[str, bool]] = []  # the tags inside the section, and whether each hides its text

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if not self.open and given.get("id") != self.wanted:
            return
        self._break(tag)
        if tag not in VOID:
            self.open.append((tag, tag in LEFT_OUT or "edited" in (given.get("class") or "").split()))

    def handle_endtag(self, tag):
        if any(tag == name for name, _hidden in self.open):
            self._break(tag)
            while self.open.pop()[0] != tag:
                pass

    def handle_data(self, data):
        if self.open and not any(hidden for _name, hidden in self.open):
            self.parts.append(data)

    def _break(self, tag: str) -> None:
        if tag in BLOCKS or tag == "br":
            self.parts.append("\n")
