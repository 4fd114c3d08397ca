"""交付金の判定, through AppTest."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).resolve().parents[2]
PAGE = "assistant/ui/app_pages/grants.py"
TOWN = "人口8千人の町で、移動販売車2台(1,200万円)を買い、3年で自走させたい。"
BASE = {
    "grant": "chiiki-mirai-suishin-r8",
    "applicant": "municipality",
    "municipality_class": "general",
    "project_kind": "soft",
}


def open_page(**params: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=60)
    for name, value in params.items():
        app.query_params[name] = value
    app.switch_page(PAGE).run()
    assert not app.exception
    return app


def shown(app: AppTest) -> str:
    return "\n".join(element.value for element in (*app.markdown, *app.caption)).replace("\\", "")


def project(app: AppTest):
    return app.session_state["grants_project"]


def address(app: AppTest) -> dict[str, str]:
    return {name: value[0] if isinstance(value, list) else value for name, value in app.query_params.items()}


def badge(app: AppTest) -> str:
    found = [m.value for m in app.markdown if "-badge[" in m.value]
    return next(o for o in ("対象になり得る", "対象外", "要確認") if found[0].endswith(f" {o}]"))


def test_grants_are_chosen_by_family_and_year(app_environment):
    app = open_page(grant="dai2sedai-r7")
    assert app.selectbox(key="grants-member").value == "dai2sedai-r7"
    years = app.selectbox(key="grants-member").options
    assert years[0].startswith("令和8年度") and any("平成29年度" in y for y in years)
    app.selectbox(key="grants-family").set_value("ijuu-shienkin").run()
    assert not app.exception
    assert project(app).grant_id == "ijuu-shienkin"


def test_words_become_facts_only_once_confirmed(app_environment):
    app = open_page(grant=BASE["grant"])
    app.text_area(key="grants-words").set_value(TOWN)
    next(b for b in app.button if b.label == "読み取る").click().run()
    assert not app.exception
    assert project(app).facts == {}
    app.button(key="confirm-page").click().run()
    assert project(app).facts["total_yen"] == 12_000_000
    assert address(app)["total_yen"] == "12000000"


def test_the_municipality_is_a_reading_too(app_environment):
    app = open_page(grant=BASE["grant"])
    app.selectbox(key="grants-place").set_value("島根県海士町").run()
    assert not app.exception
    assert project(app).facts == {} and "population" in project(app).proposals
    app.button(key="confirm-page").click().run()
    assert project(app).facts["municipality_class"] == "general"


def test_the_form_takes_what_people_write(app_environment):
    app = open_page(**BASE)
    app.text_input(key="fact-total_yen").set_value("1億2千万").run()
    assert not app.exception
    assert project(app).facts["total_yen"] == 120_000_000
    assert app.text_input(key="fact-total_yen").value == "1億2,000万円"
    app.segmented_control(key="fact-has_kpi").set_value("いいえ").run()
    assert badge(app) == "対象外"
    app.segmented_control(key="fact-has_kpi").set_value("未確認").run()
    assert badge(app) == "要確認"
    assert "has_kpi" not in project(app).facts


def test_a_cost_that_may_not_be_counted_is_left_out_and_the_project_goes_on(app_environment):
    app = open_page(**BASE, total_yen="120000000")
    app.segmented_control(key="fact-includes_proposal_consulting").set_value("はい").run()
    assert not app.exception
    assert badge(app) == "要確認"
    text = shown(app)
    assert "除いて申請する経費・対象になるか確かめる経費（1件）" in [e.label for e in app.expander]
    assert "コンサルティング経費は対象になりません。除いて申請できます。" in text
    assert "除いて申請する経費: **提案・企画・立案のためのコンサルティング経費**" in text
    app.text_input(key="fact-excluded_cost_yen").set_value("2,000万円").run()
    assert "対象経費1億円の1/2で5,000万円です。" in shown(app)


def test_an_unreadable_value_is_told_beside_its_field(app_environment):
    app = open_page(**BASE)
    app.text_input(key="fact-total_yen").set_value("たくさん").run()
    assert not app.exception
    assert any("総事業費" in e.value.replace("\\", "") for e in app.error)
    assert "total_yen" not in project(app).facts
    app.text_input(key="fact-total_yen").set_value("120,000千円").run()
    assert not app.error and project(app).facts["total_yen"] == 120_000_000


def test_the_next_best_question_comes_with_buttons(app_environment):
    app = open_page(**BASE)
    asked = [b for b in app.button if (b.key or "").startswith("answer-page-")]
    name = asked[0].key.removeprefix("answer-page-").rsplit("-", 1)[0]
    asked[0].click().run()
    assert not app.exception
    assert project(app).facts[name] is True
    assert address(app)[name] == "true"
    assert app.segmented_control(key=f"fact-{name}").value == "はい", "the form shows it too"


def test_an_address_brings_the_same_screen_back(app_environment):
    app = open_page(**BASE, total_yen="12000000", years="3", includes_proposal_consulting="true")
    assert badge(app) == "要確認"
    assert app.text_input(key="fact-total_yen").value == "1,200万円"
    assert address(app) == {
        **BASE,
        "total_yen": "12000000",
        "years": "3",
        "includes_proposal_consulting": "true",
    }


def test_a_spoilt_address_is_told_and_the_rest_counts(app_environment):
    app = open_page(**BASE, total_yen="?", nonsense="1", view="x")
    assert len(app.warning) == 2
    assert project(app).facts == {k: v for k, v in BASE.items() if k != "grant"}
    assert address(app) == BASE
    unknown = open_page(grant="nai-seido-r8")
    assert any("登録されていません" in w.value for w in unknown.warning)


def test_the_amount_is_a_picture_with_its_table(app_environment):
    app = open_page(**BASE, total_yen="12000000", years="3")
    assert len(app.get("vega_lite_chart")) + len(app.get("arrow_vega_lite_chart")) == 1
    table = app.table[0].value
    assert list(table["区分"]) == ["国費", "地方負担"]
    assert list(table["円"]) == ["6,000,000", "6,000,000"]


def test_costs_outside_the_scope_are_borne_alone(app_environment):
    app = open_page(**BASE, total_yen="12000000", eligible_yen="10000000", years="3")
    table = app.table[0].value
    assert dict(zip(table["区分"], table["円"], strict=True)) == {
        "国費": "5,000,000", "地方負担": "5,000,000", "自己負担（対象経費の外）": "2,000,000",
    }  # fmt: skip


def test_without_figures_there_is_no_picture(app_environment):
    app = open_page(grant=BASE["grant"])
    assert not app.table
    assert any("まだ計算できません" in i.value for i in app.info)


def test_findings_dates_open_matters_and_the_office_are_there(app_environment):
    app = open_page(**BASE)
    labels = [e.label for e in app.expander]
    assert any(label.startswith("まだ判断できない条件（") for label in labels)
    assert any(label.startswith("満たしている条件") for label in labels)
    text = shown(app)
    assert "窓口: **内閣府" in text and "確認先: 内閣府" in text
    assert "資料どうしの食い違い" in text and "2,254億円" in text


def test_days_left_are_counted(app_environment, monkeypatch):
    monkeypatch.setenv("ASSISTANT_TODAY", "2026-02-05")
    text = shown(open_page(grant="digital-type-a-r8"))
    # 5 February 2026 is a Thursday; the 10th is a Tuesday, a weekend lies between
    assert "あと5日（開庁日 3日）" in text
    assert "event_busy: 終了" in text, "the consultation is over"


def test_what_would_change_the_verdict_is_shown(app_environment):
    app = open_page(**BASE, is_price_relief="true", includes_proposal_consulting="true")
    text = shown(app)
    assert "生活者・事業者への支援である: はい → いいえ" in text
    assert "（当たる → **当たらない**）" in text
    assert "コンサルティング経費を含む: はい → いいえ" not in text, "leaving a cost out changes no verdict"
    app.selectbox(key="what-if-chiiki-mirai-suishin-r8").set_value("applicant").run()
    app.selectbox(key="what-if-chiiki-mirai-suishin-r8-applicant").set_value("private").run()
    assert not app.exception
    assert "申請する主体: 市区町村 → 民間" in shown(app)
    assert project(app).facts["applicant"] == "municipality", "trying changes nothing"


def test_all_grants_are_ranked_with_what_speaks_against(app_environment):
    app = open_page(**BASE | {"view": "rank"}, theme="買物支援", total_yen="12000000")
    table = app.dataframe[0].value
    assert len(table) >= 30
    assert set(table["判定"]) <= {"対象になり得る", "要確認", "対象外"}
    order = ["対象になり得る", "要確認", "対象外"]
    ranks = [order.index(v) for v in table["判定"]]
    assert ranks == sorted(ranks)
    shut_out = table[table["判定"] == "対象外"]
    assert len(shut_out) and all(reason != "なし" for reason in shut_out["引っ掛かる点"])
    assert "地域未来推進型" in list(table["制度"])[:4]
    assert "令和7年度（2025年度）" not in set(table["年度"])
    app.toggle(key="rank-older").set_value(True).run()
    assert "令和7年度（2025年度）" in set(app.dataframe[0].value["年度"])


def test_a_ranked_grant_opens_for_judging(app_environment):
    app = open_page(**BASE | {"view": "rank"}, theme="買物支援")
    app.button(key="choose-kurashi-service-r8").click().run()
    assert not app.exception
    assert app.selectbox(key="grants-member").value == "kurashi-service-r8"
    assert address(app)["grant"] == "kurashi-service-r8" and "view" not in address(app)


def test_two_years_are_compared_clause_by_clause(app_environment):
    app = open_page(grant="chiiki-mirai-suishin-r8", view="years")
    assert app.selectbox(key="years-chiiki-mirai-suishin-r8").value == "dai2sedai-r7"
    text = shown(app)
    assert "新しい地方経済・生活環境創生交付金（第2世代交付金）" in text
    assert "地域未来交付金（地域未来推進型）" in text
    assert "申請は10件まで" in text
    assert address(app) == {"grant": "chiiki-mirai-suishin-r8", "view": "years"}


@pytest.mark.parametrize("view", ["", "years"])
def test_every_grant_has_a_page(app_environment, assistant, view):
    app = open_page(**({"view": view} if view else {}))
    for grant in assistant.grants:
        app.session_state["grants_project"].grant_id = grant.id
        app.run()
        assert not app.exception, grant.id
        assert not app.error, grant.id


def test_the_facts_stay_while_another_page_is_open(app_environment):
    app = open_page(**BASE, total_yen="12000000")
    app.switch_page("assistant/ui/app_pages/ask.py").run()
    app.switch_page(PAGE).run()
    assert not app.exception
    assert project(app).facts["total_yen"] == 12_000_000


def test_markup_in_a_fact_is_shown_as_it_is(app_environment):
    theme = "![x](http://203.0.113.9/a.png) :red[赤] $x$"
    app = open_page(grant="chiiki-mirai-suishin-r8", theme=theme)
    raw = [m.value for m in (*app.markdown, *app.caption)]
    assert not any("![x](" in value for value in raw)


def test_what_a_company_pays_is_not_called_local_money(app_environment):
    facts = {"applicant": "private", "total_yen": "40000000", "years": "1"}
    app = open_page(grant="drone-haisou-r7", **facts)
    table = app.table[0].value
    rows = dict(zip(table["区分"], table["円"], strict=True))
    assert rows == {"国費": "20,000,000", "自己負担": "20,000,000"}
