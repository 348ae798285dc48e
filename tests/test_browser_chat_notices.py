"""The page of notices in Chromium: taking in, asking about it, reading, removing."""

# ruff: noqa: F401, F811 - fixtures are imported, then named as arguments

from __future__ import annotations

import io
import os
import re
import zipfile
from pathlib import Path

import pytest
from chat_page import Chat, Open, Site, chat, chromium, site, visits
from fakes_assistant import NOTICE, SECRET
from fakes_documents import pdf
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
NEW = NOTICE.replace("12/TB", "21/TB").replace("kho lạnh", "hồ chứa").replace("7 hồ", "4 hồ")


def choose(one: Chat, name: str, text: str) -> None:
    """Choose a file to be taken in."""
    one.page.locator("#cv-file").set_input_files(
        {"name": name, "mimeType": "text/plain", "buffer": text.encode()}
    )


def test_a_notice_is_looked_at_taken_in_asked_about_and_removed(site: Site, chat: Open) -> None:
    one = chat()
    one.go_to_notices()
    rows = one.page.locator("#cv-notice-table tbody tr")
    expect(rows).to_have_count(3)
    choose(one, "mới.txt", NEW)
    preview = one.page.locator(".cv-preview")
    for part in ("21/TB-UBND", "05/6/2031", "UBND TỈNH SÔNG BÍCH", "Kết luận về hồ chứa"):
        expect(preview).to_contain_text(part)
    expect(preview.locator(".cv-preview-outline li").first).to_contain_text("Sở Công Thương")
    assert len(site.service.workspace.library.notices()) == 3, "taken in before the yes"
    preview.locator("[data-act=add]").click()
    expect(one.toast).to_contain_text("Đã thêm")
    expect(rows).to_have_count(4)
    expect(preview).to_have_count(0)

    one.page.locator("#cv-nav-chat").click()
    one.answered("Bao nhiêu hồ chứa rộng?")
    expect(one.newest.locator(".cv-source")).to_contain_text("21/TB-UBND")
    expect(one.open_citation().locator("mark")).to_contain_text("4 hồ chứa")

    one.go_to_notices()
    remove = one.page.get_by_role("button", name="Gỡ Thông báo 21/TB-UBND khỏi kho")
    remove.click()
    dialog = one.page.locator("#cv-remove")
    expect(dialog).to_contain_text("21/TB-UBND")
    expect(dialog.get_by_role("button", name="Giữ lại")).to_be_focused()
    sent = len(one.visit.requests)
    dialog.get_by_role("button", name="Giữ lại").click()
    expect(dialog).to_be_hidden()
    one.page.wait_for_timeout(200)
    assert one.visit.requests[sent:] == [], "removed without a yes"
    remove.click()
    dialog.locator("button[value=yes]").click()
    expect(one.toast).to_contain_text("Đã gỡ Thông báo 21/TB-UBND khỏi kho.")
    expect(rows).to_have_count(3)

    one.page.locator("#cv-nav-chat").click()
    panel = one.open_citation()
    expect(panel.locator("#cv-panel-text mark")).to_contain_text("4 hồ chứa")
    expect(panel.locator(".cv-changed")).to_be_visible()
    one.answered("Thế hồ chứa rộng?")
    expect(one.newest.locator(".cv-refusal")).to_be_visible()
    one.assert_kept_to_itself()


def test_a_notice_that_is_not_wanted_after_all(site: Site, chat: Open) -> None:
    one = chat()
    one.go_to_notices()
    choose(one, "a.txt", NEW)
    one.page.locator(".cv-preview [data-act=discard]").click()
    expect(one.page.locator(".cv-preview")).to_have_count(0)
    assert len(site.service.workspace.library.notices()) == 3


def test_a_file_that_can_not_be_taken_is_explained(site: Site, chat: Open) -> None:
    one = chat()
    one.go_to_notices()
    problem = one.page.locator("#cv-upload-problem")
    choose(one, "a.exe", "%PDF-1.7")
    expect(problem).to_contain_text("Chưa đọc được loại tệp")
    choose(one, "mat.txt", SECRET)
    expect(problem).to_contain_text("độ mật")
    expect(one.page.locator(".cv-preview")).to_have_count(0)
    choose(one, "a.txt", NOTICE)
    expect(one.page.locator(".cv-preview")).to_contain_text("đã có trong kho")
    expect(problem).to_be_hidden()


def test_the_list_is_searched_without_diacritics_and_a_notice_is_read(chat: Open) -> None:
    one = chat()
    one.go_to_notices()
    rows = one.page.locator("#cv-notice-table tbody tr:visible")
    one.page.locator(".cv-search input[name=words]").fill("ben pha")
    expect(rows).to_have_count(1)
    one.page.locator(".cv-search input[name=words]").fill("không có")
    expect(rows).to_have_count(0)
    expect(one.page.get_by_text("Không có văn bản nào khớp.")).to_be_visible()
    one.page.locator(".cv-search input[name=words]").fill("")
    one.page.get_by_label("Tình trạng").select_option("Dự thảo")
    expect(rows).to_have_count(1)
    rows.locator(".cv-notice-link").click()
    expect(one.page.locator("#cv-reader-title")).to_be_focused()
    expect(one.page.locator(".cv-reader-head .cv-chip-draft")).to_be_visible()
    expect(one.page.locator(".cv-paper")).to_contain_text("Sáu tháng qua có 5 kho lạnh được sửa.")
    one.page.get_by_role("link", name="Danh sách văn bản").click()
    expect(one.page.locator("#cv-notices-title")).to_be_visible()


def test_the_outline_leads_to_its_clause(chat: Open) -> None:
    one = chat()
    one.go_to_notices()
    one.page.get_by_role("link", name="12/TB-UBND").click()
    one.page.locator(".cv-outline a", has_text="Sở Y tế").click()
    expect(one.page.locator(".cv-paper :focus")).to_contain_text("2. Sở Y tế lập danh mục")
    address = one.page.url
    assert address.rpartition("/")[0].endswith(address.split("#van-ban/")[1].split("/")[0])
    again = chat(path=address.removeprefix(one.site.address))
    expect(again.page.locator(".cv-paper .cv-target")).to_contain_text("2. Sở Y tế")


def test_the_page_of_the_original_stands_beside_the_clause(site: Site, chat: Open) -> None:
    lines = [[(80.0, 780.0 - 20 * i, 13.0, one) for i, one in enumerate(NEW.splitlines()) if one]]
    lines.append([(80.0, 700.0, 13.0, "3. Sở Xây dựng sửa bến phà Cồn Sậy trong năm 2032.")])
    added = site.service.workspace.add_upload("mới.pdf", pdf(*lines)).added
    assert added is not None
    clauses = site.service.workspace.load(added.notice_id).clauses
    second = next(one for one in clauses if "Cồn Sậy" in one.text)
    one = chat(path=f"/#van-ban/{added.notice_id}/{second.id.rpartition('#')[2]}")
    figure = one.page.locator(".cv-original")
    expect(figure.locator("figcaption")).to_contain_text("Trang 2/2 của tệp gốc")
    image = figure.locator("img")
    expect(image).to_have_js_property("complete", True)
    assert image.evaluate("one => one.naturalWidth") == 1100
    box = figure.locator("rect")
    expect(box).to_have_count(1)
    shown, whole = box.bounding_box(), image.bounding_box()
    assert shown is not None
    assert whole is not None
    assert abs((shown["y"] - whole["y"]) / whole["height"] - (1 - 712 / 842)) < 0.01
    one.page.locator(".cv-paper .cv-block", has_text="Sở Y tế").click()
    expect(figure.locator("figcaption")).to_contain_text("Trang 1/2")
    expect(image).to_have_attribute("src", re.compile(r"/trang/1\.png$"))
    expect(box).to_have_count(1)
    figure.get_by_role("button", name="Trang sau").click()
    expect(figure.locator("figcaption")).to_contain_text("Trang 2/2")
    expect(box).to_have_count(0)
    with one.page.expect_download() as saved:
        one.page.get_by_role("link", name="Tải tệp gốc").click()
    assert saved.value.suggested_filename == "mới.pdf"
    assert one.visit.axe_violations() == []
    if folder := os.environ.get("SHOTS"):
        one.page.screenshot(path=f"{folder}/page.png")
    one.assert_kept_to_itself()
    site.service.workspace.remove(added.notice_id)


def test_many_files_are_taken_in_while_the_page_goes_on(site: Site, chat: Open) -> None:
    one = chat()
    one.go_to_notices()
    rows = one.page.locator("#cv-notice-table tbody tr")
    draft = "UBND TỈNH SÔNG BÍCH\n\nBÁO CÁO\nTình hình đò ngang\n\nCó 5 đò ngang được sửa.\n"
    files = {"a.txt": NEW, "mat.txt": SECRET, "x.exe": "x", "b.txt": draft}
    one.page.locator("#cv-file").set_input_files(
        [
            {"name": name, "mimeType": "text/plain", "buffer": text.encode()}
            for name, text in files.items()
        ]
    )
    job = one.page.locator(".cv-job")
    expect(job.locator("h2")).to_have_text("Nhận xong 3 tệp: 2 vào kho, 1 bị từ chối.")
    expect(rows).to_have_count(5)
    first = job.locator("tbody tr").first
    expect(first).to_contain_text("mat.txt")
    expect(first).to_contain_text("độ mật")
    expect(job).to_contain_text("21/TB-UBND")
    expect(job).to_contain_text("2 điều khoản")
    expect(job).to_contain_text("Không thấy số ký hiệu")
    expect(one.page.locator("#cv-upload-problem")).to_contain_text("x.exe")
    assert one.visit.axe_violations() == []
    if folder := os.environ.get("SHOTS"):
        one.page.screenshot(path=f"{folder}/jobs.png", full_page=True)
    one.page.get_by_role("button", name="Đóng danh sách").click()
    expect(job).to_have_count(0)
    assert one.visit.outside(site.address) == []
    for notice in site.service.workspace.library.notices()[3:]:
        site.service.workspace.remove(notice.id)


def test_an_archive_goes_into_the_library_without_a_preview(site: Site, chat: Open) -> None:
    one = chat()
    one.go_to_notices()
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("tap/a.txt", NEW)
    one.page.locator("#cv-file").set_input_files(
        {"name": "tap.zip", "mimeType": "application/zip", "buffer": data.getvalue()}
    )
    expect(one.page.locator(".cv-job")).to_contain_text("tap.zip/tap/a.txt")
    expect(one.page.locator("#cv-notice-table tbody tr")).to_have_count(4)
    expect(one.page.locator(".cv-preview")).to_have_count(0)
    site.service.workspace.remove("21/TB-UBND")


def test_a_folder_is_taken_in_without_what_no_reader_takes(chat: Open, tmp_path: Path) -> None:
    folder = tmp_path / "tap"
    (folder / "trong").mkdir(parents=True)
    (folder / "trong" / "a.txt").write_text(NEW, encoding="utf-8")
    (folder / "x.exe").write_bytes(b"x")
    one = chat()
    one.go_to_notices()
    one.page.locator("#cv-folder").set_input_files(folder)
    expect(one.page.locator(".cv-job h2")).to_have_text("Nhận xong 1 tệp: 1 vào kho.")
    expect(one.page.locator("#cv-upload-problem")).to_be_hidden()


def test_what_changed_since_the_version_before_leads_to_its_clause(site: Site, chat: Open) -> None:
    workspace = site.service.workspace
    workspace.add_upload("hồ.txt", NEW.encode())
    added = workspace.add_upload("hồ.txt", NEW.replace("4 hồ", "9 hồ").encode()).added
    assert added is not None
    one = chat(path=f"/#van-ban/{added.notice_id}")
    changes = one.page.locator(".cv-changes")
    expect(changes.locator("summary")).to_contain_text("1 thay đổi so với bản thêm ngày")
    changes.locator("summary").click()
    expect(changes.locator("del")).to_have_text("4")
    expect(changes.locator("ins")).to_have_text("9")
    assert one.visit.axe_violations() == []
    if folder := os.environ.get("SHOTS"):
        one.page.screenshot(path=f"{folder}/changes.png")
    changes.get_by_role("link").click()
    expect(one.page.locator(".cv-paper :focus")).to_contain_text("9 hồ chứa")
    one.assert_kept_to_itself()
    workspace.remove(added.notice_id)
