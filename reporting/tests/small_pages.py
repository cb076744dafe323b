"""Small pages to make PDFs of."""

from functools import cache

from core.pdf import render_pdf

PAGE = '<!DOCTYPE html><html lang="en-GB"><head><title>A page</title>{head}</head><body>{body}</body></html>'
DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><title>{title}</title>{inside}</svg>'
PICTURE = DRAWING.format(title="A square", inside='<rect width="40" height="40"/>')
TABLE = '<table><tr><th scope="col">Place</th></tr><tr><td>Harlow</td></tr></table>'
BODY = f'<h1>One</h1><h2>Two</h2><p><a href="https://example.org/">A site</a></p>{TABLE}<figure>{PICTURE}</figure>'


def page(body: str = "<h1>One</h1>", head: str = "") -> str:
    return PAGE.format(head=head, body=body)


@cache
def small_pdf() -> bytes:
    """One of everything that the checker looks at."""
    return render_pdf(page(BODY)).content
