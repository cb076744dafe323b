"""Carry files of comments, rounds of learning and the telling of answers to a worker."""

import logging

from celery import shared_task
from django.utils.translation import gettext as _

from core import jobs
from core.models import LostJob
from insights.documents.learning import TooFewExamples
from insights.jobs import intake, learning, telling
from insights.models import CommentUpload, LearningRun, Telling

logger = logging.getLogger(__name__)


@shared_task
def take_in_comments(pk: int) -> None:
    """Check a file of comments or take it in. A second message for the same file finds nothing to claim."""
    upload = CommentUpload.objects.claim(pk)
    if upload is None:
        return
    try:
        intake.carry_out(upload)
    except LostJob:
        logger.info("File %s was taken over by another worker", pk)
    except FileNotFoundError:
        upload.fail("The file is not there any more. Choose it again.")
    except Exception:
        logger.exception("File %s of comments failed", pk)
        upload.refresh_from_db(fields=["result"])
        what = "The comments are in" if upload.result.get("written") else "Nothing was taken in"
        upload.fail(f"Something went wrong. It has been written to the log. {what}. Choose the file again.")


@shared_task
def learn(pk: int) -> None:
    """Learn and suggest. A second message for the same round finds nothing to claim."""
    run = LearningRun.objects.claim(pk)
    if run is None:
        return
    try:
        learning.carry_out(run)
    except LostJob:
        logger.info("Round of learning %s was taken over by another worker", pk)
    except learning.OtherEdition:
        run.fail("The frame was changed meanwhile. Start another round.")
    except TooFewExamples as error:
        run.fail(str(error))
    except Exception:
        logger.exception("Round of learning %s failed", pk)
        run.fail("Something went wrong. It has been written to the log. Start another round.")


@shared_task
def tell_contributors(pk: int) -> None:
    """Tell everybody who took part of an answer. A second message for the same work finds nothing to claim."""
    job = Telling.objects.select_related("response", "requested_by").claim(pk)
    if job is None:
        return
    try:
        telling.carry_out(job)
    except LostJob:
        logger.info("Telling %s was taken over by another worker", pk)
    except Exception:
        logger.exception("Telling %s failed", pk)
        job.fail(_("Something went wrong. It has been written to the log. Try again: nobody is told twice."))


jobs.register(CommentUpload, take_in_comments)
jobs.register(LearningRun, learn)
jobs.register(Telling, tell_contributors)
