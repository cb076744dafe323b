"""The open register (PUB-018, product.md point 18): one definition of each table makes every form it is given in.

A further table is one more `Table` in `TABLES`. Its addresses, dictionary and OpenAPI schema follow from it.
"""

from reporting.documents.register import answers, engagement, forums, framework, reports

TABLES = (*forums.TABLES, *framework.TABLES, *engagement.TABLES, *answers.TABLES, *reports.TABLES)
