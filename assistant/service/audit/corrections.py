"""What the audit log keeps of a correction."""

from __future__ import annotations

from collections.abc import Mapping

from corpus.store.corrections import Field
from corpus.store.library import StoredNotice


def correction_detail(
    stored: StoredNotice, values: Mapping[Field, str | None]
) -> dict[str, str | list[str]]:
    """Return what the audit log keeps of a correction: which fields, and which were undone."""
    return {
        "notice": stored.id,
        "corrected": sorted(field for field, value in values.items() if value is not None),
        "undone": sorted(field for field, value in values.items() if value is None),
    }
