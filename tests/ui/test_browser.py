"""The whole app in a real browser (the system's chromium), as a person uses it."""

import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore"),  # the driver's own
]
WAIT = 30_000


@pytest.fixture
def page(chromium, server):
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, locale="ja-JP")
    page = context.new_page()
    page.outside, page.told = [], []
    page.on("request", lambda r: page.outside.append(r.url) if not r.url.startswith((server, server.replace("http", "ws"), "data:", "blob:")) else None)
    page.on("console", lambda m: page.told.append(m.text) if m.type == "error" else None)
    page.goto(server)
    expect(page.get_by_placeholder("交付金・制度・事例について質問してください")).to_be_visible(timeout=WAIT)
    yield page
    assert page.outside == [], "nothing is fetched from outside"
    assert [t for t in page.told if "Content Security Policy" in t] == []
    context.close()


def ask(page: Page, question: str) -> None:
    before = page.get_by_test_id("stChatMessage").count()
    page.locator("textarea").fill(question)
    expect(page.get_by_role("button", name="Send message")).to_be_enabled(timeout=WAIT)
    for _ in range(20):  # Enter is refused while a chosen file is still on its way to the server
        page.locator("textarea").press("Enter")
        page.wait_for_timeout(500)
        if page.get_by_test_id("stChatMessage").count() > before or not page.locator("textarea").input_value():
            break
    expect(page.get_by_test_id("stChatMessage")).to_have_count(before + 2, timeout=WAIT)
    expect(page.get_by_role("button", name="持ち出す").last).to_be_visible(timeout=WAIT)


def attach(page: Page, path) -> None:
    page.locator("input[type=file]").first.set_input_files(str(path))
    expect(page.get_by_test_id("stChatInput").get_by_text(path.name[:6])).to_be_visible(timeout=WAIT)
    page.wait_for_timeout(1500)  # the chip shows at once, the bytes may still be on their way


def test_three_questions_are_answered_and_a_citation_opens(page):
    assert page.locator("html").get_attribute("lang") == "ja"
    ask(page, "第2世代交付金の市町村の国費上限と補助率は？")
    expect(page.get_by_text("回答あり")).to_be_visible()
    expect(page.get_by_text(re.compile("市区町村の国費上限は、ソフト事業が.*10億円")).first).to_be_visible()
    page.get_by_role("button", name="[1]").first.click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("公開元のページを開く").first).to_be_visible(timeout=WAIT)
    expect(dialog.get_by_text("確認日").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    ask(page, "RESASとは？")
    expect(page.get_by_text("地域経済分析システム").first).to_be_visible()
    ask(page, "明日の天気は？")
    expect(page.get_by_text("対象外の質問")).to_be_visible()


def test_an_uploaded_pdf_is_cited_with_the_sentence_boxed(page, strategy_pdf):
    attach(page, strategy_pdf)
    ask(page, "移動販売車の利用者数の目標は何人ですか")
    page.get_by_role("button", name="[1]").first.click()
    dialog = page.get_by_role("dialog")
    image = dialog.get_by_role("img", name=re.compile("2ページの画像"))
    expect(image).to_be_visible(timeout=WAIT)
    marked = page.evaluate(
        """async (image) => {
            await image.decode();
            const canvas = document.createElement('canvas');
            canvas.width = image.naturalWidth; canvas.height = image.naturalHeight;
            const context = canvas.getContext('2d');
            context.drawImage(image, 0, 0);
            const pixels = context.getImageData(0, 0, canvas.width, canvas.height).data;
            let coloured = 0;
            for (let i = 0; i < pixels.length; i += 4)
                if (pixels[i] > 180 && pixels[i + 2] < 160) coloured += 1;
            return coloured / (canvas.width * canvas.height);
        }""",
        image.element_handle(),
    )
    assert 0.002 < marked < 0.2, "one line of the page is marked, not none and not all"


def test_text_from_a_document_is_shown_character_for_character(page, tmp_path):
    quote = "対象経費は5*3*2件、![x](http://203.0.113.9/a.png)、<img src=x onerror=window.__x=1>、:red[赤]、$E=mc$、~~消~~です。"
    path = tmp_path / "要綱 <b>.txt"
    path.write_text(f"対象経費について\n\n{quote}\n", encoding="utf-8")
    attach(page, path)
    ask(page, "対象経費は何件ですか")
    expect(page.get_by_text(quote, exact=True).first).to_be_visible(timeout=WAIT)
    page.get_by_role("button", name="[1]").first.click()
    expect(page.get_by_role("dialog").get_by_text(quote, exact=True).first).to_be_visible(timeout=WAIT)
    assert page.evaluate("window.__x") is None


def test_it_works_on_a_phone_in_the_dark_and_by_keyboard(chromium, server):
    context = chromium.new_context(viewport={"width": 390, "height": 844}, color_scheme="dark", locale="ja-JP")
    page = context.new_page()
    page.goto(server)
    box = page.get_by_placeholder("交付金・制度・事例について質問してください")
    expect(box).to_be_visible(timeout=WAIT)
    ask(page, "第2世代交付金の市町村の国費上限と補助率は？")
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow <= 0, "nothing is wider than the screen"
    mark = page.get_by_role("button", name="[1]").first
    mark.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible(timeout=WAIT)
    context.close()


@pytest.mark.parametrize(("width", "theme"), [(1280, "light"), (390, "dark")])
def test_an_uploader_speaks_japanese(chromium, server, strategy_pdf, width, theme):
    context = chromium.new_context(viewport={"width": width, "height": 844}, color_scheme=theme, locale="ja-JP")
    page = context.new_page()
    refused = []
    page.on("console", lambda m: refused.append(m.text) if "Content Security Policy" in m.text else None)
    page.goto(f"{server}/review")
    assert page.locator("html").get_attribute("lang") == "ja", "on every page that is opened by its address"
    zone = page.get_by_test_id("stFileUploaderDropzone")
    button = zone.get_by_role("button", name="ファイルを選ぶ", exact=True)
    expect(button).to_be_visible(timeout=WAIT)
    expect(zone.get_by_text("Upload", exact=True)).to_be_hidden()
    expect(zone.get_by_text("per file")).to_be_hidden()
    told = zone.get_by_test_id("stFileUploaderDropzoneInstructions").locator("> div")
    assert told.evaluate("e => getComputedStyle(e, '::after').content") == '"1ファイル50MBまで"'
    box, words = zone.bounding_box(), told.bounding_box()
    assert words["width"] > 60 and words["x"] + words["width"] <= box["x"] + box["width"], "it fits"
    with page.expect_file_chooser() as chooser:
        button.click()
    chooser.value.set_files(str(strategy_pdf))
    expect(zone.get_by_text(strategy_pdf.name)).to_be_visible(timeout=WAIT)
    assert refused == []
    context.close()


def test_strangers_get_no_metrics_and_every_answer_has_the_headers(server):
    import urllib.error
    import urllib.request

    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"{server}/_stcore/metrics", timeout=5)
    assert refused.value.code == 404
    refused.value.close()
    with urllib.request.urlopen(server, timeout=5) as response:
        assert "default-src 'self'" in response.headers["content-security-policy"]
        assert response.headers["x-content-type-options"] == "nosniff"
