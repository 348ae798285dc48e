"""A notice among others: whether it is in force, what is related to it, what a person put right."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from corpus.dates import write_date
from corpus.notice import Notice, Status
from corpus.parse.links import Links, Related, Standing
from corpus.store.corrections import Correction, Field
from corpus.store.library import StoredNotice
from ui.html import Html, el, join
from ui.web.icons import icon
from ui.web.notice_marks import button, notice_link

_DRAWN = 7  # boxes on each side
_MOST = 6  # places told of one document
_WIDTH, _BOX, _ROW, _MIDDLE = 780, 222, 46, 232
_SHOWN = 28  # characters of a name in a box
_STRONG = {Standing.ENDED, Standing.NOT_YET, Standing.PARTLY, Standing.DRAFT}


def about(  # noqa: PLR0913 - all that is known of a notice besides its text
    notice: Notice,
    stored: StoredNotice,
    links: Links,
    corrections: Sequence[Correction],
    today: date,
    *,
    may_manage: bool,
) -> Html:
    """Return what stands between the head of the reader and the text."""
    validity = links.validity(notice.id, today)
    begins = f" Có hiệu lực từ ngày {write_date(validity.begins)}." if validity.begins else ""
    ends = f" Hết hiệu lực từ ngày {write_date(validity.ends)}." if validity.ends else ""
    strong = validity.standing in _STRONG
    related = links.related(notice.id)
    return el(
        "section",
        el(
            "div",
            icon("warning") if strong else None,
            el("p", el("b", "Hiệu lực: "), f"{validity.standing.vietnamese}.{begins}{ends}"),
            class_="cv-warning" if strong else "cv-validity",
            role="note",
        ),
        _put_right(corrections),
        _related(notice, related) if related else None,
        _form(stored, corrections) if may_manage else None,
        class_="cv-about",
        aria_label="Hiệu lực và văn bản liên quan",
    )


def _put_right(corrections: Sequence[Correction]) -> Html | None:
    if not corrections:
        return None
    items = [
        el(
            "li",
            f"{_begun(one.field.vietnamese)}: “{one.shown}” ",
            el("span", "do người dùng sửa", class_="cv-chip cv-chip-sample"),
            f" {one.by_whom}, {write_date(one.made_at.astimezone().date())}",
        )
        for one in corrections
    ]
    return el("ul", *items, class_="cv-put-right")


def _related(notice: Notice, related: Sequence[Related]) -> Html:
    return el(
        "details",
        el("summary", f"Văn bản liên quan ({len(related)})"),
        drawing(notice.short_name, related),
        el("ul", *(_item(one) for one in related), class_="cv-related"),
        open=True,
        class_="cv-related-fold",
    )


def drawing(name: str, related: Sequence[Related]) -> Html:
    """Return a drawing: what the notice acts on at its left, what acts on it at its right.

    Args:
        name: of the notice.
        related: to it; of many, those that change something come first.
    """
    left = [one for one in related if one.outgoing]
    right = [one for one in related if not one.outgoing]
    rows = max(min(len(side), _DRAWN) + (len(side) > _DRAWN) for side in (left, right))
    height = max(1, rows) * _ROW + 24
    middle = height / 2
    parts: list[Html] = [
        _box((_WIDTH - _MIDDLE) / 2, middle - 20, _MIDDLE, name, "cv-map-own"),
    ]
    for side, is_left in ((left, True), (right, False)):
        parts += _side(side, middle, is_left=is_left)
    told = f"{len(left)} văn bản mà {name} tác động tới, {len(right)} văn bản tác động tới nó"
    return el(
        "svg",
        *parts,
        viewBox=f"0 0 {_WIDTH} {height}",
        class_="cv-map",
        role="group",
        aria_label=f"Sơ đồ: {told}; danh sách đầy đủ ở dưới.",
    )


def _side(side: Sequence[Related], middle: float, *, is_left: bool) -> list[Html]:
    shown = side[:_DRAWN]
    x = 4.0 if is_left else float(_WIDTH - _BOX - 4)
    top = middle - (len(shown) + (len(side) > _DRAWN)) * _ROW / 2
    edge = (_WIDTH - _MIDDLE) / 2 if is_left else (_WIDTH + _MIDDLE) / 2
    parts: list[Html] = []
    for n, one in enumerate(shown):
        y = top + n * _ROW + 4
        near = x + _BOX if is_left else x
        parts.append(
            el("path", d=f"M{near:.0f} {y + 18:.0f} L{edge:.0f} {middle:.0f}",
               class_=f"cv-map-line cv-map-{one.kind.value}")
        )  # fmt: skip
        box = _box(x, y, _BOX, one.name, f"cv-map-{one.kind.value}", above=one.told)
        parts.append(el("a", box, href=notice_link(one.notice_id)) if one.notice_id else box)
    if len(side) > _DRAWN:
        y = top + len(shown) * _ROW + 24
        parts.append(
            el("text", f"và {len(side) - _DRAWN} văn bản nữa", x=x + 10, y=y, class_="cv-map-more")
        )
    return parts


def _box(  # noqa: PLR0913 - place, size and words
    x: float, y: float, width: float, name: str, class_: str, *, above: str = ""
) -> Html:
    label = el("text", above, x=x + 10, y=y + 14, class_="cv-map-kind") if above else None
    shown = name if len(name) <= _SHOWN else f"{name[: _SHOWN - 1]}…"
    return el(
        "g",
        el("title", f"{above} {name}".strip()),
        el("rect", x=x, y=y, width=width, height=36 if above else 40, rx=5),
        label,
        el("text", shown, x=x + 10, y=y + (29 if above else 25)),
        class_=f"cv-map-box {class_}",
    )


def _item(one: Related) -> Html:
    name = el("a", one.name, href=notice_link(one.notice_id)) if one.notice_id else one.name
    places = ", ".join(one.places[:_MOST]) + (", …" if len(one.places) > _MOST else "")
    source = one.clause_ids[0].rpartition("#")[0]
    say = el("a", "xem chỗ nói", href=notice_link(source, one.clause_ids[0]))
    return el(
        "li",
        el("b", f"{one.told}: "),
        name,
        None if one.notice_id else el("span", " chưa có trong kho", class_="cv-related-away"),
        f" – {places}" if places else None,
        " (",
        say,
        ")",
    )


def _form(stored: StoredNotice, corrections: Sequence[Correction]) -> Html:
    put_right = {one.field for one in corrections}
    rows = [_field(stored, field, is_corrected=field in put_right) for field in Field]
    return el(
        "details",
        el("summary", "Sửa thông tin nhận ra sai"),
        el(
            "p",
            "Điều sửa ở đây được giữ khi văn bản được đọc lại và khi có bản mới, và ghi là"
            " “do người dùng sửa”.",
            class_="cv-hint",
        ),
        el("div", *rows, class_="cv-correct-fields"),
        button("Lưu phần đã sửa", "correct", class_="cv-button cv-primary", data_notice=stored.id),
        class_="cv-correct",
        id="cv-correct",
    )


def _field(stored: StoredNotice, field: Field, *, is_corrected: bool) -> Html:
    value = _value(stored, field)
    name = f"cv-correct-{field.value}"
    shown: Html
    if field is Field.STATUS:
        shown = el(
            "select",
            *(
                el("option", one.vietnamese, value=one.value, selected=one.value == value)
                for one in Status
            ),
            id=name, name=field.value, data_value=value,
        )  # fmt: skip
    else:
        hint = "ví dụ 09/3/2026" if field is Field.DATE else None
        shown = el(
            "input", id=name, name=field.value, type="text", value=value, data_value=value,
            placeholder=hint, autocomplete="off", maxlength=2000,
        )  # fmt: skip
    undo = (
        button("Trở về điều máy đọc được", "uncorrect", class_="cv-quiet",
               data_notice=stored.id, data_field=field.value)
        if is_corrected
        else None
    )  # fmt: skip
    return join([el("label", _begun(field.vietnamese), for_=name), el("div", shown, undo)])


def _value(stored: StoredNotice, field: Field) -> str:
    header = stored.header
    if field is Field.DATE:
        return write_date(header.date) if header.date else ""
    if field is Field.STATUS:
        return header.status.value
    return str(getattr(header, field))


def _begun(words: str) -> str:
    return f"{words[0].upper()}{words[1:]}"
