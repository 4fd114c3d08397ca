"""交付金の判定 in a real browser: describe, confirm, read, take along; phone and dark."""

import re

import pytest
from docx import Document
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore"),  # the driver's own
]
WAIT = 30_000
TOWN = "人口8千人の町で、移動販売車2台(1,200万円)を買い、3年で自走させたい。"


def open_at(chromium, server: str, path: str, **options) -> Page:
    context = chromium.new_context(locale="ja-JP", accept_downloads=True, **options)
    page = context.new_page()
    page.refused = []
    page.on("console", lambda m: page.refused.append(m.text) if "Content Security Policy" in m.text else None)
    page.goto(server + path)
    expect(page.get_by_role("heading", name="交付金の判定")).to_be_visible(timeout=WAIT)
    return page


def test_a_described_project_is_judged_pictured_and_taken_along(chromium, server, tmp_path):
    page = open_at(
        chromium, server, "/grants?grant=chiiki-mirai-suishin-r8", viewport={"width": 1280, "height": 900}
    )
    page.get_by_label("どんな事業ですか").fill(TOWN)
    page.get_by_role("button", name="読み取る", exact=True).click()
    expect(page.get_by_text("総事業費: 1,200万円").first).to_be_visible(timeout=WAIT)
    page.get_by_role("button", name="この内容で判定する").click()
    expect(page).to_have_url(re.compile("total_yen=12000000"), timeout=WAIT)
    page.get_by_role("tab", name="金額").click()
    picture = page.get_by_test_id("stVegaLiteChart").locator("canvas, svg").first
    expect(picture).to_be_visible(timeout=WAIT)
    expect(page.get_by_role("cell", name="6,000,000").first).to_be_visible(timeout=WAIT)

    page.get_by_role("tab", name="条件と根拠").click()
    page.get_by_role("button", name=re.compile("^.*根拠（")).first.click()
    expect(page.get_by_text(re.compile("該当箇所")).first).to_be_visible(timeout=WAIT)
    expect(page.get_by_text(re.compile("確認日")).first).to_be_visible()
    page.keyboard.press("Escape")

    for name, ending in (("判定書を Word で", "docx"), ("Excel で", "xlsx")):
        with page.expect_download(timeout=WAIT) as taken:
            page.get_by_role("button", name=re.compile(name)).click()
        path = tmp_path / f"taken.{ending}"
        taken.value.save_as(path)
        assert taken.value.suggested_filename == f"判定書_chiiki-mirai-suishin-r8.{ending}"
    document = Document(str(tmp_path / "taken.docx"))
    text = "\n".join(p.text for p in document.paragraphs)
    assert "判定: 要確認" in text and "総事業費: 1,200万円" in text
    sheet = load_workbook(tmp_path / "taken.xlsx")["金額"]
    assert {row[0]: row[1] for row in sheet.iter_rows(values_only=True)}["国費"] == 6_000_000

    copy = open_at(chromium, server, page.url.removeprefix(server), viewport={"width": 1280, "height": 900})
    copy.get_by_text(re.compile(r"判定に使った事実（\d+件）")).click(timeout=WAIT)
    expect(copy.get_by_text(re.compile("総事業費: 1,200万円")).first).to_be_visible(timeout=WAIT)
    assert page.refused == [] and copy.refused == []
    page.context.close()
    copy.context.close()


@pytest.mark.parametrize("view", ["", "&view=rank", "&view=years"])
def test_nothing_is_wider_than_a_phone_in_the_dark(chromium, server, view):
    path = "/grants?grant=chiiki-mirai-suishin-r8&applicant=municipality&total_yen=12000000" + view
    page = open_at(chromium, server, path, viewport={"width": 390, "height": 844}, color_scheme="dark")
    expect(
        page.get_by_text(re.compile("採択を約束するものではありません|登録されている規則どうし")).first
    ).to_be_visible(timeout=WAIT)
    overflow = page.evaluate(
        "() => Math.max(...[document.documentElement, document.querySelector('[data-testid=stMain]')]"
        ".map(e => e.scrollWidth - e.clientWidth))"
    )
    assert overflow <= 0
    page.context.close()


def test_the_interview_works_by_keyboard(chromium, server):
    page = open_at(
        chromium,
        server,
        "/grants?grant=chiiki-mirai-suishin-r8&municipality_class=general&project_kind=soft",
        viewport={"width": 1280, "height": 900},
    )
    yes = page.get_by_role("button", name="はい", exact=True)
    expect(yes).to_be_visible(timeout=WAIT)
    before = page.url
    yes.focus()
    page.keyboard.press("Enter")
    expect(page).not_to_have_url(before, timeout=WAIT)
    assert re.search(r"=(true|false)", page.url)
    page.context.close()


def test_the_card_in_the_conversation_and_the_way_to_the_page(chromium, server):
    context = chromium.new_context(locale="ja-JP", viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(server)
    box = page.get_by_placeholder("交付金・制度・事例について質問してください")
    expect(box).to_be_visible(timeout=WAIT)
    page.locator("textarea").fill("地域未来推進型で申請書作成のコンサル費を使えますか？")
    page.locator("textarea").press("Enter")
    confirm = page.get_by_role("button", name="この内容で判定する")
    expect(confirm).to_be_visible(timeout=WAIT)
    card = page.locator(".st-key-verdict-0")
    expect(card).to_contain_text("未確認 ")
    expect(card).not_to_contain_text("質問を終えました")
    confirm.click()
    expect(card).to_contain_text("コンサルティング経費は対象になりません。除いて申請できます", timeout=WAIT)
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow <= 0
    page.get_by_role("button", name="判定のページで詳しく見る").click()
    expect(page.get_by_role("heading", name="交付金の判定")).to_be_visible(timeout=WAIT)
    expect(page).to_have_url(re.compile("includes_proposal_consulting=true"), timeout=WAIT)
    context.close()
