"""What is related to a notice, and what a person puts right, in Chromium."""

# ruff: noqa: F401, F811 - fixtures are imported, then named as arguments

from __future__ import annotations

import os
from pathlib import Path

import pytest
from chat_page import Chat, Open, Site, chat, chromium, site, visits
from fakes_assistant import NOTICE
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

OLD = (
    NOTICE.replace("12/TB", "15/2021/QĐ").replace("THÔNG BÁO", "QUYẾT ĐỊNH").replace("2031", "2021")
)
NEW = OLD.replace("15/2021/QĐ", "16/2021/QĐ").replace("05 tháng 6", "06 tháng 6")
REPLACING = NEW.replace(
    "1. Sở Công Thương",
    "1. Quyết định này thay thế Quyết định số 15/2021/QĐ-UBND; bãi bỏ Điều 2 Quyết định số"
    " 9/2019/QĐ-UBND."
    " Sở Công Thương",
)
BASED = OLD.replace("15/2021/QĐ", "17/2021/QĐ").replace(
    "1. Sở", "Căn cứ Luật Chợ số 9/2019/QH14;\n\n1. Bãi bỏ mục 1 Quyết định số 16/2021/QĐ-UBND. Sở"
)


def open_reader(one: Chat, name: str) -> None:
    one.go_to_notices()
    one.page.get_by_role("link", name=name).first.click()
    expect(one.page.locator("#cv-reader-title")).to_contain_text(name.rpartition(" ")[2])


def picture(one: Chat, name: str) -> None:
    """Keep a picture where PICTURES names a folder, for a person to look at."""
    if folder := os.environ.get("PICTURES"):
        one.page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def test_relations_are_drawn_and_lead_to_the_other_document(site: Site, chat: Open) -> None:
    for name, text in (("cu", OLD), ("moi", REPLACING), ("sau", BASED)):
        site.service.workspace.add_upload(f"{name}.txt", text.encode())
    one = chat()
    open_reader(one, "15/2021/QĐ-UBND")
    about = one.page.locator(".cv-about")
    expect(about).to_contain_text("Hết hiệu lực")
    expect(about.locator("svg.cv-map")).to_be_visible()
    expect(about.locator(".cv-related")).to_contain_text(
        "Được thay thế bởi: Quyết định 16/2021/QĐ-UBND"
    )
    picture(one, "replaced")
    about.locator(".cv-related a").first.click()
    expect(one.page.locator("#cv-reader-title")).to_contain_text("16/2021/QĐ-UBND")
    about = one.page.locator(".cv-about")
    expect(about.locator(".cv-related")).to_contain_text("Thay thế: Quyết định 15/2021/QĐ-UBND")
    expect(about.locator(".cv-related")).to_contain_text("chưa có trong kho")
    picture(one, "relations")
    assert one.visit.axe_violations() == []
    one.assert_kept_to_itself()


def test_what_was_recognised_is_put_right_and_undone(site: Site, chat: Open) -> None:
    one = chat()
    open_reader(one, "13/TB-UBND")
    form = one.page.locator("#cv-correct")
    form.locator("summary").click()
    form.get_by_label("Ngày ban hành").fill("31/02/2031")
    form.get_by_role("button", name="Lưu phần đã sửa").click()
    expect(one.toast).to_contain_text("không phải là ngày")
    form.get_by_label("Ngày ban hành").fill("09/3/2031")
    form.get_by_label("Trích yếu").fill("Kết luận về bến phà và đò")
    picture(one, "form")
    form.get_by_role("button", name="Lưu phần đã sửa").click()
    expect(one.page.locator(".cv-put-right")).to_contain_text("do người dùng sửa")
    expect(one.page.locator("#cv-reader-title")).to_contain_text("09/3/2031")
    picture(one, "corrected")
    form = one.page.locator("#cv-correct")
    form.locator("summary").click()
    form.get_by_role("button", name="Trở về điều máy đọc được").first.click()
    expect(one.page.locator("#cv-reader-title")).to_contain_text("05/6/2031")
    assert [one.kind for one in site.service.records.audit.records()].count("correct") == 2
