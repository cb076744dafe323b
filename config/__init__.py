"""The deployment: settings, root URLs, Celery and the few pages that no app owns. Nobody imports this package."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
