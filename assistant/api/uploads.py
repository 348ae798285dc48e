"""A file sent in a form, held in memory from the first byte to the last.

Starlette's own reader, which FastAPI uses, puts files above 1 MB on the disk before anybody can
look at them; a file that turns out to be a state secret must not have been there.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import Depends, Request
from fastapi.exceptions import RequestValidationError
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException, MultiPartParser

from assistant.api.dependencies import CallerOf

FORM: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "description": "Biểu mẫu gửi tệp.",
                    "required": ["file"],
                    "properties": {
                        "file": {
                            "type": "string",
                            "contentMediaType": "application/octet-stream",
                            "description": "Tệp văn bản.",
                        }
                    },
                }
            }
        },
    }
}
"""What OpenAPI says of the body; FastAPI doesn't see it."""


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file in a form.

    Args:
        name: as the caller's machine calls it, ``""`` if it doesn't.
        data: the whole file.
    """

    name: str
    data: bytes


class _InMemory(MultiPartParser):
    spool_max_size = sys.maxsize  # ``BodyLimit`` bounds what comes in


async def _sent_file(request: Request, caller: CallerOf) -> SentFile:
    """Return the file of a form, once it is known who sends it.

    Raises:
        HTTPException: 415 for what is no form by its own word, 400 for a broken one.
        RequestValidationError: the form has no file.
    """
    del caller
    kind = request.headers.get("content-type", "").partition(";")[0].strip().casefold()
    if kind != "multipart/form-data":
        raise HTTPException(415)
    try:
        form = await _InMemory(request.headers, request.stream()).parse()
    except MultiPartException as error:
        raise HTTPException(400) from error
    try:
        file = form.get("file")
        if not isinstance(file, UploadFile):
            raise RequestValidationError([{"type": "missing", "loc": ("body", "file")}])
        return SentFile(file.filename or "", await file.read())
    finally:
        await form.close()


SentFileOf = Annotated[SentFile, Depends(_sent_file)]
