"""事例を探す and 指標を比べる, through AppTest."""

from pathlib import Path

from streamlit.testing.v1 import AppTest

from assistant.service import Assistant

ROOT = Path(__file__).resolve().parents[2]
PAGES = ROOT / "assistant" / "ui" / "app_pages"


def open_page(name: str, **query) -> AppTest:
    app = AppTest.from_file(str(PAGES / f"{name}.py"), default_timeout=60)
    for key, value in query.items():
        app.query_params[key] = value
    app.run()
    assert not app.exception
    return app


def shown(app: AppTest) -> str:
    told = (*app.markdown, *app.caption, *app.info, *app.warning, *app.error, *app.success, *app.subheader)
    return "\n".join(element.value for element in told).replace("\\", "")


def titles(app: AppTest) -> list[str]:
    return [
        m.value.removeprefix("##### ").replace("\\", "") for m in app.markdown if m.value.startswith("##### ")
    ]


def test_words_and_filters_narrow_and_stand_in_the_address(app_environment):
    app = open_page("cases")
    assert "件**の事例" in shown(app) and len(titles(app)) == 10
    app.text_input(key="cases-words").set_value("空き家を移住者に").run()
    app.multiselect(key="cases-prefecture").set_value(["広島県"]).run()
    assert not app.exception
    found = titles(app)
    assert "NPOに空き家バンクを任せて坂の町を再生" in found
    assert app.query_params["words"] == "空き家を移住者に" and app.query_params["prefecture"] == "広島県"
    again = open_page("cases", words="空き家を移住者に", prefecture=["広島県"])
    assert titles(again) == found, "a shared link opens the same list"


def test_a_link_with_strange_values_opens_all_the_same(app_environment):
    app = open_page("cases", theme=["空き家", "<b>x</b>"], like="海土町", view="変", population="abc")
    assert "<b>x</b>" in shown(app) and "外しました" in shown(app)
    assert "海士町" in shown(app), "near names are offered"
    assert "1000-5000" in shown(app), "says how a population is written"
    app.text_input(key="cases-population").set_value("-30000").run()
    assert titles(app)


def test_like_ours_gives_reasons_and_differences(app_environment):
    app = open_page("cases", words="買物支援", like="海士町")
    assert app.selectbox(key="cases-like").value == "島根県海士町"
    text = shown(app)
    assert "海士町" in text and "2025年1月1日" in text
    assert any(e.label.startswith("異なる点") for e in app.expander)


def test_nothing_found_offers_what_to_drop(app_environment):
    app = open_page("cases", prefecture=["奈良県"], pillar=["3"])
    assert "見つかりませんでした" in shown(app)
    app.button(key="loosen-prefectures").click().run()
    assert not app.exception and len(titles(app)) == 10
    assert "prefecture" not in app.query_params


def test_cases_are_chosen_and_compared(app_environment):
    app = open_page("cases", words="移動販売")
    picks = [b for b in app.button if b.key and b.key.startswith("pick-")][:2]
    for key in [b.key for b in picks]:
        app.button(key=key).click().run()
    assert len(app.query_params["pick"]) == 2
    app.button_group(key="cases-view").set_value("並べて比べる").run()
    assert not app.exception
    table = app.table[0].value
    assert table.shape[1] == 2
    assert {"取組", "成果", "財源・制度など"} <= {str(label).replace("\\", "") for label in table.index}


def test_map_and_charts_are_drawn(app_environment):
    app = open_page("cases", view="地図", like="海士町")
    assert "赤い輪は島根県海士町" in shown(app) and len(app.get("vega_lite_chart")) == 2
    app = open_page("cases", view="年表と内訳")
    assert len(app.get("vega_lite_chart")) == 2 and "開始年を出典で確認できない事例が" in shown(app)


def test_a_case_is_added_by_the_form_found_and_removed(app_environment, settings):
    app = open_page("cases")
    app.text_input(key="own-title").set_value("宇宙食の**朝市**")
    app.multiselect(key="own-places").set_value(["島根県海士町"])
    app.multiselect(key="own-themes").set_value(["買物支援"])
    app.text_area(key="own-issue").set_value("商店が1軒になりました")
    app.text_area(key="own-approach").set_value("宇宙食の朝市を開いています。")
    app.text_input(key="own-source-title").set_value("町広報")
    app.text_input(key="own-source-publisher").set_value("海士町")
    app.text_input(key="own-source-url").set_value("https://example.jp/")
    next(b for b in app.button if b.label == "検査して追加" and b.key != "own-yaml-save").click().run()
    assert not app.exception
    assert "すぐに検索できます" in shown(app)
    app.text_input(key="cases-words").set_value("宇宙食の朝市").run()
    assert titles(app)[0] == "宇宙食の**朝市**", "shown character for character"
    kept = Assistant.open(settings.model_copy(update={"home": app_environment})).find_cases(
        "宇宙食の朝市", k=1
    )
    assert kept.hits[0].is_own
    next(b for b in app.button if b.key and b.key.startswith("own-delete-")).click().run()
    assert not list((app_environment / "cases").iterdir())


def test_mistakes_in_yaml_are_told(app_environment):
    app = open_page("cases")
    app.text_area(key="own-yaml").set_value("id: own-x\ntitle: x\n").run()
    app.button(key="own-yaml-save").click().run()
    assert "必要な項目がありません" in shown(app)


# ── indicators ───────────────────────────────────────────────────────────────


def test_a_municipality_beside_its_peers(app_environment):
    app = open_page("indicators", place="海士町")
    assert app.selectbox(key="indicators-place").value == "島根県海士町"
    table = app.table[0].value
    assert "2,209人" in table.iloc[0].tolist() and "2025年1月1日" in table.iloc[0].tolist()
    assert "総務省" in shown(app) and "数値のある市区町村から計算" in shown(app)
    assert len(app.get("vega_lite_chart")) == 1


def test_a_dropped_csv_is_read_and_compared(app_environment):
    app = open_page("indicators", place="海士町")
    content = "集計年,市区町村コード,市区町村名,観光客数（人）\n2023,32525,海士町,12345\n2023,32526,西ノ島町,23456\n"
    app.get("file_uploader")[0].upload("観光.csv", content.encode("cp932"), "text/csv").run()
    assert not app.exception
    text = shown(app)
    assert "1系列・2団体" in text
    row = next(r for label, r in app.table[0].value.iterrows() if "観光客数" in str(label))
    assert "12,345人" in row.tolist() and "2023年" in row.tolist()
    assert "利用者の資料「観光.csv」" in text


def test_a_csv_without_places_is_refused_in_words(app_environment):
    app = open_page("indicators", place="海士町")
    app.get("file_uploader")[0].upload("x.csv", "品目,数\nりんご,1\n".encode(), "text/csv").run()
    assert "市区町村のコードまたは名前の列が見つかりません" in shown(app)


def test_an_ambiguous_place_in_the_address_asks_which(app_environment):
    app = open_page("indicators", place="府中市")
    assert "東京都府中市" in shown(app) and "広島県府中市" in shown(app)
