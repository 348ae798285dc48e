"""Every exception that congvu raises on purpose; the name says how to react.

It lies in the lowest package because every layer above raises from it::

    CongvuError              a message in Vietnamese and its remedy
    ├── BadInput             what was given can't be used: change it          exit 2
    │   ├── UnreadableFile   not text, wrong encoding, too large, empty
    │   ├── NotFound         nothing goes by that id, or it is somebody else's
    │   └── SecretFile       a secrecy stamp: state secrets never enter
    ├── NotReady             something must be done first                     exit 3
    │   ├── ModelMissing     a model is not on this machine
    │   ├── EmptyLibrary     no notice has been added
    │   └── ExtraMissing     an optional dependency is not installed
    ├── Damaged              something on disk does not match its hash        exit 4
    │   └── OtherFormat      it is whole, but another version of congvu made it
    ├── Transient            the same call may go through later               exit 5
    │   ├── Busy             the queue is full
    │   ├── TooMany          one caller asks too often
    │   ├── TooSlow          the time allowed for an answer was over
    │   └── SourceFailed     no source of a model could be reached
    ├── NoSpace              the disk is too full; nothing was changed        exit 6
    ├── NotAllowed           an access key does not let one do this           exit 7
    │   ├── Unauthenticated  no key, or one that is unknown, expired, revoked
    │   └── Forbidden        a good key, but not for this or not from there
    └── Cancelled            the caller went away                             exit 130
"""

from __future__ import annotations


class CongvuError(Exception):
    """An expected failure, told to a person.

    Args:
        message: what happened, one Vietnamese sentence.
        remedy: what the person can do about it, one Vietnamese sentence.
    """

    exit_code = 1

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}".strip()


class BadInput(CongvuError):
    """What was given can't be used."""

    exit_code = 2


class UnreadableFile(BadInput):
    """A file that is not text congvu can read."""


class SecretFile(BadInput):
    """A file that carries a secrecy stamp (Mật, Tối mật, Tuyệt mật)."""


class NotFound(BadInput):
    """Nothing goes by that id, or it belongs to somebody else: the two sound the same."""


class NotReady(CongvuError):
    """Something must be done before this can work."""

    exit_code = 3


class ModelMissing(NotReady):
    """A model is not on this machine."""


class EmptyLibrary(NotReady):
    """No notice has been added."""


class ExtraMissing(NotReady):
    """An optional dependency is not installed."""


class Damaged(CongvuError):
    """A file on disk does not match its hash."""

    exit_code = 4


class OtherFormat(Damaged):
    """A file is whole, but another version of congvu made it in its own format."""


class Transient(CongvuError):
    """The same call may go through later."""

    exit_code = 5


class Busy(Transient):
    """The queue is full.

    Args:
        message: as for every error.
        remedy: as for every error.
        retry_after_s: seconds after which there is likely to be a place, or None if unknown.
    """

    def __init__(self, message: str, remedy: str = "", retry_after_s: float | None = None) -> None:
        super().__init__(message, remedy)
        self.retry_after_s = retry_after_s


class TooMany(Transient):
    """One caller asks too often.

    Args:
        message: as for every error.
        remedy: as for every error.
        retry_after_s: seconds after which the same call goes through.
    """

    def __init__(self, message: str, remedy: str, retry_after_s: float) -> None:
        super().__init__(message, remedy)
        self.retry_after_s = retry_after_s


class TooSlow(Transient):
    """The time allowed for an answer was over."""


class SourceFailed(Transient):
    """No source of a model could be reached."""


class NoSpace(CongvuError):
    """The disk is too full; nothing was changed."""

    exit_code = 6


class NotAllowed(CongvuError):
    """An access key does not let one do this."""

    exit_code = 7


class Unauthenticated(NotAllowed):
    """No key, or one that is unknown, expired or revoked (HTTP 401)."""


class Forbidden(NotAllowed):
    """A good key that lacks the scope, or comes from a web page it isn't for (HTTP 403)."""


class Cancelled(CongvuError):
    """The caller went away before the answer was done."""

    exit_code = 130
