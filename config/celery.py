"""The Celery application. A message is only a doorbell: the job's row in the database is the truth."""

import os

from celery import Celery

import config.broker  # noqa: F401  registers the "filesystem-atomic" transport

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("config")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
