"""How the index stands to the library."""

from __future__ import annotations

from enum import StrEnum


class IndexState(StrEnum):
    """How the index stands to the library."""

    EMPTY = "empty"  # there are no notices to index
    CURRENT = "current"
    ROLLED_BACK = "rolled_back"  # behind, because a person wanted it so
    BEHIND = "behind"
    OUTDATED = "outdated"  # another congvu built it: this one reads or stores notices otherwise
    MISSING = "missing"
    DAMAGED = "damaged"

    @property
    def vietnamese(self) -> str:
        """The words shown to people."""
        return {
            IndexState.EMPTY: "chưa có văn bản nào để lập chỉ mục",
            IndexState.CURRENT: "khớp với kho văn bản",
            IndexState.ROLLED_BACK: "đã được quay về bản trước, không khớp với kho văn bản",
            IndexState.BEHIND: "chưa theo kịp kho văn bản",
            IndexState.OUTDATED: "do một bản congvu khác lập",
            IndexState.MISSING: "chưa được lập",
            IndexState.DAMAGED: "bị hỏng",
        }[self]

    @property
    def needs_build(self) -> bool:
        """Whether the index must be built before the next question."""
        return self not in {IndexState.EMPTY, IndexState.CURRENT, IndexState.ROLLED_BACK}
