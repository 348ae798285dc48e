"""The original file of a notice: where it is downloaded, and its pages beside the clauses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from assistant.service.shelf import Boxes
from corpus.blocks import PageBox
from corpus.notice import Clause
from ui.html import Html, el, join
from ui.web.icons import icon
from ui.web.notice_marks import button

FILES = "tep/van-ban"
"""Below the page's own address: ``tep/van-ban/{id}/goc`` and ``tep/van-ban/{id}/trang/{n}.png``."""


@dataclass(frozen=True, slots=True)
class OriginalView:
    """What is known of the original of the notice that is read.

    Args:
        notice: id of the notice.
        boxes: where its clauses stand.
        pages: as many as can be shown; 0 for a format without pages.
    """

    notice: str
    boxes: Boxes
    pages: int = 0

    @property
    def _address(self) -> str:
        return f"{FILES}/{quote(self.notice, safe='')}"

    def download(self) -> Html:
        """Return the link to the file."""
        return el(
            "a",
            icon("export"),
            el("span", "Tải tệp gốc"),
            href=f"{self._address}/goc",
            download=True,
            class_="cv-button",
        )

    def attributes(self, clause: Clause) -> dict[str, str | int | None]:
        """Return what a clause must carry so that the page's script can show its place."""
        if not self.pages or not clause.page:
            return {}
        return {"data_page": clause.page, "data_boxes": _written(self.boxes.of(clause)) or None}

    def figure(self, clause: Clause | None, quoted: str) -> Html | None:
        """Return the page that a clause stands on, with the boxes of a quote, or the first one."""
        if not self.pages:
            return None
        boxes = self.boxes.of(clause, quoted) if clause is not None else ()
        page = boxes[0].page if boxes else (clause.page if clause is not None else 0) or 1
        return el(
            "figure",
            el(
                "figcaption",
                button("Trang trước", "page", icon_="back", only_icon=True, data_step=-1),
                el("span", f"Trang {page}/{self.pages} của tệp gốc", id="cv-page-number"),
                button("Trang sau", "page", icon_="next", only_icon=True, data_step=1),
            ),
            el(
                "div",
                el(
                    "div",
                    el(
                        "img",
                        src=f"{self._address}/trang/{page}.png",
                        alt=f"Ảnh trang {page} của tệp gốc",
                        id="cv-page-image",
                    ),
                    el(
                        "svg",
                        join(_rect(box) for box in boxes if box.page == page),
                        viewBox="0 0 1 1",
                        preserveAspectRatio="none",
                        aria_hidden="true",
                        id="cv-page-boxes",
                    ),
                    class_="cv-sheet",
                ),
                class_="cv-page",
                id="cv-page",
                tabindex="0",
                role="region",
                aria_label="Ảnh trang",
            ),
            el("p", "Không vẽ được trang này; hãy tải tệp gốc.", id="cv-page-problem", hidden=True),
            class_="cv-original",
            data_address=f"{self._address}/trang/",
            data_page=page,
            data_pages=self.pages,
            data_boxes=_written(boxes) or None,
            aria_label="Trang của tệp gốc",
        )


def _rect(box: PageBox) -> Html:
    return el(
        "rect",
        x=box.left,
        y=box.top,
        width=round(box.right - box.left, 4),
        height=round(box.bottom - box.top, 4),
    )


def _written(boxes: Sequence[PageBox]) -> str:
    """Write boxes as ``page,left,top,width,height`` with blanks between them."""
    return " ".join(
        f"{one.page},{one.left:g},{one.top:g},{one.right - one.left:.4g},{one.bottom - one.top:.4g}"
        for one in boxes
    )
