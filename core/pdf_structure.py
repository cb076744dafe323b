"""What WeasyPrint leaves out of the structure of a PDF, written before the file is: after PDF/UA-1 (ISO 14289-1).

The file is still a set of pydyf objects here. Dictionaries name each other by reference.
"""

from pydyf import PDF, Dictionary, Stream

PRINTED = 4  # the flag of an annotation that paper shows as the screen does


def complete(_document, pdf: PDF) -> None:
    """Say what each header cell heads, print links as they are shown, and set the margins of pages aside."""
    by_reference = {each.reference: each for each in pdf.objects}
    dictionaries = [each for each in pdf.objects if isinstance(each, Dictionary)]
    for each in dictionaries:
        if each.get("S") == "/TR":
            _say_scopes([by_reference[reference] for reference in each["K"]])
        elif each.get("Subtype") == "/Link":
            each["F"] = PRINTED
    _set_margins_aside(pdf, dictionaries, by_reference)


def _say_scopes(cells: list[Dictionary]) -> None:
    """WeasyPrint only names header cells in the others, which few readers follow (7.5).

    One that a cell of its own row names heads that row, any other its column.
    """
    cells = [cell for cell in cells if "A" in cell]
    named = {id(name) for cell in cells for name in cell["A"].get("Headers", ())}
    for cell in cells:
        if cell["S"] == "/TH":
            cell["A"]["Scope"] = "/Row" if id(cell["ID"]) in named else "/Column"


def _set_margins_aside(pdf: PDF, dictionaries: list[Dictionary], by_reference: dict) -> None:
    """What stands in the margins of pages is read out on none (7.8): WeasyPrint marks it like any words of the text,
    in elements that hang nowhere."""
    root = by_reference[pdf.catalog["StructTreeRoot"]]
    (top,) = root["K"]
    hanging = set(by_reference[top]["K"])
    numbers = by_reference[root["ParentTree"]]["Nums"]
    owners = dict(zip(numbers[::2], numbers[1::2], strict=True))
    for page in dictionaries:
        if page.get("Type") != "/Page" or "StructParents" not in page:
            continue
        of_page = owners[page["StructParents"]]
        highest = [_highest(owner, top, by_reference) for owner in of_page]
        aside = {number for number, reference in enumerate(highest) if reference not in hanging}
        _mark_as_margin(by_reference[page["Contents"]], aside)
        of_page[:] = ["null" if number in aside else owner for number, owner in enumerate(of_page)]


def _highest(reference: bytes, top: bytes, by_reference: dict) -> bytes:
    """The ancestor of an element right below the document."""
    while (parent := by_reference[reference]["P"]) != top:
        reference = parent
    return reference


def _mark_as_margin(content: Stream, numbers: set[int]) -> None:
    """Marked content is a tag, its properties and an operator, one after the other."""
    items = content.stream
    for at, item in enumerate(items):
        if isinstance(item, Dictionary) and item.get("MCID") in numbers:
            items[at - 1], items[at] = "/Artifact", Dictionary({"Type": "/Pagination"})
