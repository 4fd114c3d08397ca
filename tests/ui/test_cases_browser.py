"""事例を探す and 指標を比べる in a real browser: filter, like ours, compare, map, export opened again."""

import re
from urllib.parse import parse_qs, urlsplit

import openpyxl
import pytest
from playwright.sync_api import expect

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore"),  # the driver's own
]
WAIT = 30_000


@pytest.fixture
def page(chromium, server):
    context = chromium.new_context(
        viewport={"width": 1280, "height": 900}, locale="ja-JP", accept_downloads=True
    )
    page = context.new_page()
    outside, told = [], []
    own = (server, server.replace("http", "ws"), "data:", "blob:")
    page.on("request", lambda r: None if r.url.startswith(own) else outside.append(r.url))
    page.on("console", lambda m: told.append(m.text) if m.type == "error" else None)
    yield page
    assert outside == [], "nothing is fetched from outside, maps and charts included"
    assert [t for t in told if "Content Security Policy" in t] == []
    context.close()


def search(page, server):
    page.goto(f"{server}/cases")
    box = page.get_by_label("探したいこと")
    expect(box).to_be_visible(timeout=WAIT)
    box.fill("移動販売")
    box.press("Enter")
    expect(page.get_by_text("官民プラットフォームで移動販売をマッチング")).to_be_visible(timeout=WAIT)


def test_filter_like_compare_and_export(page, server, tmp_path):
    search(page, server)
    assert parse_qs(urlsplit(page.url).query)["words"] == ["移動販売"]

    picker = page.get_by_role("combobox", name="似た自治体で探す")
    picker.click()
    picker.fill("島根県海士町")
    page.get_by_role("option", name="島根県海士町").click()
    expect(page.get_by_text("島根県海士町自身の事例")).to_be_visible(timeout=WAIT)
    expect(page.get_by_text("異なる点・まねるときの注意").first).to_be_visible()
    page.get_by_text("異なる点・まねるときの注意").first.click()
    expect(page.get_by_text(re.compile("異なる（海士町.*年")).first).to_be_visible(timeout=WAIT)

    for number in (0, 1):
        page.get_by_role("button", name="比べる", exact=True).nth(number).click()
        expect(page.get_by_text(f"並べて比べる（{number + 1}）")).to_be_visible(timeout=WAIT)
        page.get_by_role("button", name="比較から外す").first.wait_for(timeout=WAIT)
        page.wait_for_timeout(500)
    page.get_by_text("並べて比べる（2）").click()
    table = page.get_by_test_id("stTable")
    expect(table.get_by_text("財源・制度など")).to_be_visible(timeout=WAIT)
    expect(table.get_by_text("海士町と異なる点")).to_be_visible()
    page.get_by_role("button", name="共有リンク").click()
    shared = page.get_by_test_id("stCode").first.inner_text().strip()
    assert parse_qs(urlsplit(shared).query) == parse_qs(urlsplit(page.url).query)
    page.keyboard.press("Escape")

    page.get_by_role("button", name="持ち出す").click()
    with page.expect_download(timeout=WAIT) as waiting:
        page.get_by_role("button", name="Excel").click()
    file = tmp_path / "事例.xlsx"
    waiting.value.save_as(file)
    book = openpyxl.load_workbook(file)
    heads = [cell.value for cell in book["事例"][1]]
    rows = [dict(zip(heads, row, strict=True)) for row in book["事例"].iter_rows(min_row=2, values_only=True)]
    assert "官民プラットフォームで移動販売をマッチング（公費投入なし）" in [row["事例"] for row in rows]
    assert all(row["出典"].startswith("【") and "http" in row["出典"] for row in rows)
    told = dict(row[:2] for row in book["条件"].iter_rows(min_row=2, values_only=True))
    assert told["探した言葉"] == "移動販売" and told["似た自治体として比べた自治体"] == "島根県海士町"

    page.goto("about:blank")
    page.goto(shared)
    expect(page.get_by_test_id("stTable").get_by_text("財源・制度など")).to_be_visible(timeout=WAIT)
    expect(page.get_by_label("探したいこと")).to_have_value("移動販売")


def test_the_map_draws_japan_and_its_points(page, server):
    page.goto(f"{server}/cases?view=地図")
    chart = page.get_by_test_id("stVegaLiteChart").nth(1).locator("canvas, svg").first
    expect(chart).to_be_visible(timeout=WAIT)
    drawn = page.evaluate(
        """() => {
            const map = [...document.querySelectorAll('[data-testid=stVegaLiteChart]')].at(-1);
            const land = [...map.querySelectorAll('.mark-shape path')].map(p => p.getBoundingClientRect());
            const points = [...map.querySelectorAll('.mark-symbol path')].map(p => p.getBoundingClientRect());
            const inside = points.filter(p => p.x >= land[0].left - 9 && p.right <= land[0].right + 9
                && p.y >= land[0].top - 9 && p.bottom <= land[0].bottom + 9);
            const fills = new Set([...map.querySelectorAll('.mark-symbol path')].map(p => p.getAttribute('fill')));
            return {land: land[0].height, points: points.length, inside: inside.length, colours: fills.size};
        }"""
    )
    assert drawn["land"] > 300 and drawn["points"] > 200
    assert drawn["inside"] == drawn["points"], "every place lies on the map"
    assert drawn["colours"] == 5, "one for each pillar"


def test_indicators_with_a_file_on_a_phone_in_the_dark(chromium, server):
    context = chromium.new_context(
        viewport={"width": 390, "height": 844}, color_scheme="dark", locale="ja-JP"
    )
    page = context.new_page()
    page.goto(f"{server}/indicators?place=海士町")
    expect(page.get_by_test_id("stTable").get_by_text("2,209人")).to_be_visible(timeout=WAIT)
    page.get_by_text("自分のCSVを加える").click()
    content = "集計年,市区町村コード,観光客数（人）\n2023,32525,12345\n2023,32526,23456\n".encode("cp932")
    page.locator("input[type=file]").first.set_input_files(
        {"name": "観光.csv", "mimeType": "text/csv", "buffer": content}
    )
    expect(page.get_by_test_id("stTable").get_by_text("12,345人")).to_be_visible(timeout=WAIT)
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow <= 0, "nothing is wider than the screen"
    context.close()
