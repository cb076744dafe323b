"""Carry builds to a worker."""

import errno
import logging

from celery import shared_task

from core.models import LostJob
from core.pdf import InaccessiblePDF, PDFUnavailable
from reporting import notifications
from reporting.documents import builder
from reporting.models import Build

logger = logging.getLogger(__name__)
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@shared_task
def build_report(pk: int) -> None:
    """Make the files of one build. A second message for the same build finds nothing to claim."""
    build = Build.objects.claim(pk)
    if build is None:
        return
    try:
        _make(build)
    except LostJob:
        logger.info("Build %s was taken over by another worker", pk)


def _make(build: Build) -> None:
    """Build the files, or end the build with the reason. Raises LostJob."""
    try:
        builder.build_files(build)
    except LostJob:
        raise
    except PDFUnavailable as error:
        _fail(build, f"PDFs cannot be made on this machine yet. Whoever runs it types: {error}")
    except InaccessiblePDF as error:
        _fail(build, f"The PDF would not be accessible: {error}")
    except Exception as error:
        logger.exception("Build %s failed", build.pk)
        if isinstance(error, OSError) and error.errno in NO_ROOM:
            _fail(build, "There is no room left for the files. Tell the person who runs the system, then ask again.")
        else:
            _fail(build, "Something went wrong. It has been written to the log. Ask for the report again.")
    else:
        notifications.tell_of_ready(build)


def _fail(build: Build, error: str) -> None:
    build.fail(error)
    notifications.tell_of_failure(build)
