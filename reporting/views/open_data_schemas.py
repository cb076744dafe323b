"""The answers of the open register as schemas, made from the definitions of its tables. django-ninja holds to them."""

from typing import Annotated, Any

from ninja import Schema
from pydantic import ConfigDict, Field, WithJsonSchema, create_model

from reporting.documents.register.shape import COUNT_PARTS, Column, Table, Type

FORMATS = {Type.DAY: "date", Type.MOMENT: "date-time", Type.ADDRESS: "uri"}


class Closed(Schema):
    """An object that holds what is named and nothing else."""

    model_config = ConfigDict(extra="forbid")


class Problem(Closed):
    """Why something was refused, in plain words."""

    status: int
    detail: str


class Licence(Closed):
    """On which terms the rows may be used, and the words to print with them."""

    publisher: str
    name: str
    address: str
    attribution: str


def _text(**schema: Any):
    return Annotated[str, WithJsonSchema({"type": "string", **schema})]


def _codes(codes) -> list[str]:
    return [code for code in codes.values if code]


def _part(part):
    kind = int if part.is_number else _text(enum=[*_codes(part.codes), ""]) if part.codes else str
    return (kind if part.name == "words" else kind | None, Field(description=str(part.meaning)))


Count = create_model("Count", __base__=Closed, **{part.name: _part(part) for part in COUNT_PARTS})
PLAIN = {Type.TEXT: str, Type.WHOLE: int, Type.YES_NO: bool, Type.LIST: list[str], Type.COUNT: Count}


def row(table: Table) -> type[Schema]:
    """The schema of one row of a table."""
    columns = {column.name: _field(column) for column in table.columns}
    return create_model(f"{_name(table)}Row", __base__=Closed, __doc__=str(table.description), **columns)


def _field(column: Column):
    if column.type in FORMATS:
        kind = _text(format=FORMATS[column.type])
    elif column.type is Type.CODE:
        kind = _text(enum=_codes(column.codes)) if column.codes else str
    else:
        kind = PLAIN[column.type]
    words = f"{column.meaning} ({column.unit})" if column.unit else str(column.meaning)
    return (kind if column.is_always_there else kind | None, Field(description=words, examples=[column.example]))


def page(table: Table) -> type[Schema]:
    """The schema of one page of a table."""
    return create_model(
        f"{_name(table)}Page",
        __base__=Closed,
        table=(str, Field(description="name of the table")),
        title=(str, ...),
        licence=(Licence, ...),
        total=(int, Field(description="rows on all pages")),
        page=(int, ...),
        page_size=(int, ...),
        pages=(int, ...),
        next=(str | None, Field(description="address of the next page")),
        previous=(str | None, Field(description="address of the page before")),
        rows=(list[row(table)], ...),
    )


def _name(table: Table) -> str:
    return table.name.title().replace("_", "")


def refusals() -> dict[int, type[Schema]]:
    """Why an answer may be refused: no such page, a wrong parameter, asked too often."""
    return dict.fromkeys((404, 405, 422, 429), Problem)


def responses(table: Table) -> dict[int, type[Schema]]:
    return {200: page(table), **refusals()}


def extra_of_json() -> dict:
    """What OpenAPI says of an answer besides its schema."""
    headers = {
        "Link": {"description": "first, prev, next and last page; licence", "schema": {"type": "string"}},
        "X-Total-Count": {"description": "rows on all pages", "schema": {"type": "integer"}},
    }
    return {"responses": {200: {"headers": headers | _headers()}, **_also()}}


def extra_of_csv(table: Table) -> dict:
    content = {"text/csv": {"schema": {"type": "string"}, "example": ",".join(f'"{n}"' for n in table.csv_names)}}
    answer = {"description": "The whole table, UTF-8 with its mark", "content": content, "headers": _headers()}
    return {"responses": {200: answer, **_also()}}


def _headers() -> dict:
    return {
        "ETag": {"description": "fingerprint of the content", "schema": {"type": "string"}},
        "Last-Modified": {"description": "newest change, where that is kept", "schema": {"type": "string"}},
    }


def _also() -> dict:
    """Answers without a body of their own, and the header of a refusal."""
    wait = {"description": "seconds to wait", "schema": {"type": "integer"}}
    return {
        304: {"description": "Not changed: send the ETag in If-None-Match"},
        429: {"headers": {"Retry-After": wait}},
    }
