"""What may happen to a worker while it makes a report: tests step in after the steps that it writes down."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection

from reporting.models import Build


class Killed(BaseException):
    """Stands for the end of a worker's process: nothing in the product catches it."""


@contextmanager
def after_each_step(then: Callable[[Build], object]) -> Iterator[None]:
    """Call `then` with the row of the build that is being made, each time the database has taken a step of it."""

    def watch(execute, sql, params, many, context):
        result = execute(sql, params, many, context)
        if sql.startswith('UPDATE "reporting_build" SET "step" ='):
            then(Build.objects.get(state="running"))
        return result

    with connection.execute_wrapper(watch):
        yield
