"""「使えますか」 in the conversation, through AppTest: readings to confirm, then one question after another."""

from pathlib import Path

from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).resolve().parents[2]
TOWN = "人口8千人の町で、移動販売車2台(1,200万円)を買い、3年で自走させたい。"
CONSULTING = "地域未来推進型で申請書作成のコンサル費を使えますか？"


def open_chat(question: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=60)
    app.run()
    return say(app, question)


def say(app: AppTest, text: str) -> AppTest:
    app.chat_input(key="question").set_value(text).run()
    assert not app.exception
    return app


def shown(app: AppTest) -> str:
    return "\n".join(element.value for element in (*app.markdown, *app.caption)).replace("\\", "")


def chips(app: AppTest):
    return next(p for p in app.pills if (p.key or "").startswith("chips-"))


def press(app: AppTest, key: str) -> AppTest:
    app.button(key=key).click().run()
    assert not app.exception
    return app


def answers(app: AppTest) -> dict[str, str]:
    """Label → key of the buttons of the question that is put."""
    return {
        b.label.replace("\\", ""): b.key for b in app.button if (b.key or "").startswith("answer-verdict-0")
    }


def outcome(app: AppTest) -> str:
    text = shown(app)
    return next(
        o for o in ("対象になり得る", "対象外]", "要確認]") if f"material/{ICONS[o]}: {o}" in text
    ).rstrip("]")


COST_FOLD = "除いて申請する経費・対象になるか確かめる経費（1件）"


def folds(app: AppTest) -> list[str]:
    return [expander.label for expander in app.expander]


ICONS = {"対象になり得る": "check_circle", "対象外]": "cancel", "要確認]": "help"}


def test_what_was_read_counts_only_once_confirmed_and_leaves_a_cost_out(app_environment):
    app = open_chat(CONSULTING)
    assert outcome(app) == "要確認"
    assert any("コンサルティング経費" in label for label in chips(app).options)
    assert COST_FOLD not in folds(app)
    press(app, "confirm-verdict-0")
    assert outcome(app) == "要確認", "an excluded cost is not an excluded project"
    assert COST_FOLD in folds(app)
    assert "コンサルティング経費は対象になりません。除いて申請できます。" in shown(app)
    assert answers(app), "the interview goes on"


def test_a_wrong_reading_can_be_left_out(app_environment):
    app = open_chat(CONSULTING)
    chips(app).set_value([]).run()
    press(app, "confirm-verdict-0")
    assert outcome(app) == "要確認"
    assert not any("コンサルティング経費を含む: **はい" in m.value for m in app.markdown)


def test_an_umbrella_lets_the_person_choose_and_goes_on_asking(app_environment):
    app = open_chat(TOWN + "地域未来交付金は使えますか？")
    app.pills(key="verdict-0-grant").set_value("chiiki-mirai-suishin-r8").run()
    press(app, "confirm-verdict-0")
    text = shown(app)
    assert "国費 600万円・地方負担 600万円" in text
    first = answers(app)
    assert set(first) == {"はい", "いいえ"}
    press(app, first["いいえ"])
    asked = [b.key for b in app.button if (b.key or "").startswith("skip-verdict-0")]
    assert asked and answers(app) != first, "another question follows in the same card"
    interview = app.session_state["session"].turns[0].interview
    assert len(app.session_state["session"].turns) == 1
    assert interview.facts["total_yen"] == 12_000_000


def test_the_interview_goes_on_until_it_is_settled(app_environment):
    app = open_chat("地域おこし協力隊の制度を私たちの村でも使えますか？")
    press(app, "confirm-verdict-0")
    for _ in range(20):
        choices = answers(app)
        if not choices:
            break
        key = choices.get("はい") or next(iter(choices.values()))
        if key not in {b.key for b in app.button}:
            break
        press(app, key)
        if app.get("form"):
            break
    interview = app.session_state["session"].turns[0].interview
    assert len(interview.facts) >= 4
    assert len(interview.facts) == len(set(interview.facts))


def test_not_knowing_leads_on_and_stays_open(app_environment):
    app = open_chat(CONSULTING)
    chips(app).set_value([]).run()
    press(app, "confirm-verdict-0")
    skip = next(b.key for b in app.button if (b.key or "").startswith("skip-verdict-0"))
    press(app, skip)
    following = next(b.key for b in app.button if (b.key or "").startswith("skip-verdict-0"))
    assert following != skip
    assert outcome(app) == "要確認", "not known is neither yes nor no"


def test_a_typed_reply_answers_the_question_that_was_put(app_environment):
    app = open_chat(CONSULTING)
    chips(app).set_value([]).run()
    press(app, "confirm-verdict-0")
    name = next(b.key for b in app.button if (b.key or "").startswith("skip-verdict-0")).removeprefix(
        "skip-verdict-0-"
    )
    assert name == "applicant", "who applies is asked before any promise"
    say(app, "市区町村")
    held = app.session_state["session"]
    assert len(held.turns) == 1 and held.turns[0].interview.facts[name] == "municipality"


def test_a_question_of_its_own_is_answered_as_one(app_environment):
    app = open_chat(CONSULTING)
    say(app, "地域おこし協力隊の任期は何年までですか")
    assert len(app.session_state["session"].turns) == 2
    assert answers(app) == {} or outcome(app), "the card stays where it was"


def test_a_fact_can_be_taken_back(app_environment):
    app = open_chat(CONSULTING)
    press(app, "confirm-verdict-0")
    assert COST_FOLD in folds(app)
    press(app, "forget-verdict-0-includes_proposal_consulting")
    assert COST_FOLD not in folds(app)


def test_the_clause_names_source_level_place_and_address(app_environment):
    app = open_chat(CONSULTING)
    press(app, "confirm-verdict-0")
    text = shown(app)
    assert "該当箇所:" in text and "確認日" in text
    assert any(level in text for level in ("公式]", "公式転記]", "自治体]", "第三者（要確認）]"))
    links = [link.url for link in app.get("link_button")]
    assert links and all(url.startswith(("https://", "http://")) for url in links)


def test_no_card_promises_adoption(app_environment):
    app = open_chat(CONSULTING)
    assert "採択を約束するものではありません" in shown(app)


def test_a_project_without_a_grant_may_be_held_against_all(app_environment):
    app = open_chat("島根県海士町です。デマンドバスを走らせたいのですが、使える交付金はありますか？")
    options = [o.replace("\\", "") for o in app.pills(key="verdict-0-grant").options]
    assert "地域公共交通確保維持改善事業" in options
    assert any("海士町" in label for label in chips(app).options)
    app.button(key="verdict-0-page").click().run()
    assert not app.exception
    assert "使えそうな制度を探す" in str(app.segmented_control(key="grants-view").options)
    assert any((p.key or "").startswith("chips-page") for p in app.pills), (
        "what was read comes along, unconfirmed"
    )


def test_the_page_goes_on_where_the_card_stood(app_environment):
    app = open_chat(CONSULTING)
    press(app, "confirm-verdict-0")
    press(app, "verdict-0-page")
    project = app.session_state["grants_project"]
    assert project.grant_id == "chiiki-mirai-suishin-r8"
    assert project.facts["includes_proposal_consulting"] is True
