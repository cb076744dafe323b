"""Carry rounds of learning to a worker: only there the libraries that learn are loaded."""

import logging

from celery import shared_task

from core.models import LostJob
from insights import learning
from insights.documents.learning import TooFewExamples
from insights.models import LearningRun

logger = logging.getLogger(__name__)


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
