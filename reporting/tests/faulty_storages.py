"""Storages that end in the midst of a file: on a full disk, or with the worker."""

import errno

from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from django.utils.deconstruct import deconstructible

from reporting.tests.workers import Killed


@deconstructible
class Cut(FileSystemStorage):
    """Keeps `room` files whole, and half of the next one, as a file system does."""

    error: BaseException

    def __init__(self, room: int = 2, **options):
        super().__init__(**options)
        self.room = room

    def _save(self, name, content):
        if self.room:
            self.room -= 1
            return super()._save(name, content)
        whole = content.read()
        super()._save(name, ContentFile(whole[: len(whole) // 2]))
        raise self.error


class FullDisk(Cut):
    error = OSError(errno.ENOSPC, "No space left on device")


class LostWorker(Cut):
    error = Killed()
