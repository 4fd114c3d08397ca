"""Choosing statements: cues, the learned weights that ship, and what they do on questions nobody tuned on."""

import json

import pytest

from assistant.ask.asked import BARS, read_question
from assistant.ask.cues import CUES, cues_of
from assistant.ask.premise import find_premise
from assistant.ask.selector import BUNDLED, bundled_selector, read_selector
from assistant.ask.understand import split_parts
from assistant.ask.units import cut_units
from assistant.ask.wanted import find_wish
from assistant.ask.words import find_terms
from assistant.domain import AnswerStatus, Hit, Intent, Kind, Passage, Understanding
from assistant.errors import CorpusInvalid


def hit(text, *, score=5.0, title="移住支援金", trail=(), grant_id=None):
    return Hit(
        passage=Passage(
            id="a#000", document_id="a", kind=Kind.GRANT, title=title, trail=trail, text=text, page=1,
            locator="", start=0, end=len(text), grant_id=grant_id,
        ),
        score=score,
        rank=1,
    )  # fmt: skip


def reading(question, **fields):
    return Understanding(
        question=question, resolved=question, intent=fields.pop("intent", Intent.FACT),
        terms=find_terms(question), **fields,
    )  # fmt: skip


def cues(question, text, **fields):
    hits = [hit(text)]
    asked = read_question(reading(question, **fields), hits, lambda lemma: 3.0)
    return dict(zip(CUES, cues_of(cut_units(hits)[0], asked), strict=True))


def test_every_weight_speaks_in_the_direction_of_its_cue():
    stored = json.loads(BUNDLED.read_text(encoding="utf-8"))
    assert list(stored["cues"]) == list(CUES)
    for name, sign in CUES.items():
        assert stored["cues"][name]["weight"] * sign >= 0, name


def test_weights_for_other_cues_are_refused(tmp_path):
    stored = json.loads(BUNDLED.read_text(encoding="utf-8"))
    del stored["cues"]["topic"]
    path = tmp_path / "selector.json"
    path.write_text(json.dumps(stored), encoding="utf-8")
    with pytest.raises(CorpusInvalid, match=r"selector\.json"):
        read_selector(path)


def test_the_score_is_the_weighed_cues_less_the_bar():
    selector = bundled_selector()
    hits = [hit("移住支援金は、単身の場合は最大60万円です。")]
    asked = read_question(reading("移住支援金は単身でいくらですか"), hits, lambda lemma: 3.0)
    units = cut_units(hits)
    row = cues_of(units[0], asked)
    by_hand = sum(
        (value - mean) / scale * weight
        for value, mean, scale, weight in zip(
            row, selector.mean, selector.scale, selector.weights, strict=True
        )
    ) - sum(b * v for b, v in zip(selector.bar, (1.0, *asked.bars()), strict=True))
    assert selector.score(units, asked) == pytest.approx([by_hand])
    assert len(asked.bars()) == len(BARS)


@pytest.mark.parametrize(
    ("question", "text", "cue", "value"),
    [
        ("移住支援金は単身でいくらですか", "移住支援金は国の制度です。", "figure_missing", 1.0),
        ("移住支援金は単身でいくらですか", "移住支援金は、単身で60万円です。", "figure_missing", 0.0),
        ("移住支援金の窓口はどこですか", "移住支援金の上限は100万円です。", "figure_unasked", 1.0),
        ("一番多い市はどこですか", "寄附額は全国で470億円です。", "first_missing", 1.0),
        ("一番多い市はどこですか", "最も多い市は札幌市です。", "first_missing", 0.0),
        ("組合の職員の平均年収は", "組合は職員を雇います。", "attribute_missing", 1.0),
        ("TYPE Zの補助率は", "TYPE Vの補助率は2/3です。", "code_missing", 1.0),
        ("第11回の会議で決まったこと", "第11回の会議は6月に開かれました。", "numbers", 1.0),
        ("第11回の会議で決まったこと", "第1回の会議は10月に開かれました。", "number_missing", 0.5),
        (
            "移住支援金は同じ家族で二度受け取れますか",
            "移住支援金は一世帯一回限りで対象外です。",
            "whether_told",
            1.0,
        ),
        ("移住支援金は同じ家族で二度受け取れますか", "移住支援金は国の制度です。", "whether_told", 0.0),
        ("移住支援金の窓口はどこですか", "移住支援金の対象外です。", "whether_told", 0.0),
        ("市税をスマートフォンで払えますか", "防災の備品は対象外です。", "whether_of_other", 1.0),
        ("貸している車は何台ですか", "会員は300人です。", "figure_of_other_unit", 1.0),
        ("貸している車は何台ですか", "車は12台です。", "figure_of_other_unit", 0.0),
    ],
)
def test_a_cue_tells_of_one_thing(question, text, cue, value):
    assert cues(question, text)[cue] == value


def test_a_word_said_otherwise_counts_nearly_as_much():
    plain = cues("締切を教えて", "募集は5月末までです。")["nouns"]
    expanded = cues("締切を教えて", "募集は5月末までです。", expansions=(("締切", "募集"),))["nouns"]
    assert plain == 0.0
    assert expanded == 0.85


@pytest.mark.parametrize(
    ("question", "sorts", "figure"),
    [
        ("自治体っていくつあるの", {"count"}, True),
        ("何割くらいですか", {"rate"}, True),
        ("いつ決まりましたか", {"date"}, True),
        ("申請はどこにすればよいですか", {"agent"}, False),
        ("選ばれた自治体名", {"place"}, False),
        ("市税を払うことはできますか", set(), False),
        ("関係人口とは", {"definition"}, False),
    ],
)
def test_what_a_question_wants(question, sorts, figure):
    wish = find_wish(question)
    assert {sort.name for sort in wish.sorts} == sorts
    assert wish.figure is figure


@pytest.mark.parametrize(
    ("question", "terms"),
    [
        ("国は何で手伝ってくれるの", ("国", "手伝う")),
        ("何本まで申請できますか", ("申請",)),
        ("R7の二地域居住の締切", ("地域", "居住", "締め切り")),
        ("スマートフォンで払う", ("スマートフォン",)),
    ],
)
def test_words_that_only_help_are_not_what_is_asked(question, terms):
    assert find_terms(question) == terms


def test_two_questions_in_one_sentence_are_two():
    assert split_parts("総合戦略はいつ閣議決定されて、計画期間は何年間ですか") == (
        "総合戦略はいつ閣議決定されて",
        "計画期間は何年間ですか",
    )
    assert len(split_parts("令和7年度に愛知県で、採択額はいくらですか")) == 1


def texts(answer):
    return [claim.text for claim in answer.claims]


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("路線バスの運行費を支える国の補助は何割補助ですか", "1/2"),
        ("光ファイバーの世帯カバー率の目標は何パーセントでしたか", "99.9"),
        ("アンコンシャスバイアスって何？", "無意識"),
        ("補助金と交付金って何が違うの", "違い"),
        ("交付金と補助金はどう違いますか", "違い"),
        ("協力隊の任期と、隊員1人の上限額(令和6年度)を教えて", "1年から3年"),
    ],
)
def test_the_first_sentence_or_the_one_for_its_part_answers(assistant, question, words):
    answer = assistant.ask(question)
    wanted = texts(answer) if "と、" in question else texts(answer)[:1]
    assert any(words in text for text in wanted), texts(answer)


@pytest.mark.parametrize(
    "question",
    [
        "辺地債の交付税算入率は何％",
        "地域未来交付金のTYPE Zの補助率",
        "持続化補助金はいくらまで出ますか",
        "図書館は何時まで開いていますか",
        "市税をスマートフォンで払うことはできますか。",
        "印鑑登録証明書を代理で取れますか",
    ],
)
def test_what_no_source_speaks_of_is_not_answered(assistant, question):
    answer = assistant.ask(question)
    assert answer.claims == ()
    assert answer.status in (AnswerStatus.NO_PASSAGE, AnswerStatus.OUT_OF_SCOPE)


def test_a_scheme_of_yearly_editions_is_answered_for_this_year_and_says_so(assistant):
    answer = assistant.ask("ローカル10,000プロジェクトの補助上限額は？")
    assert answer.status is not AnswerStatus.NEEDS_CLARIFICATION
    assert any("令和8年度" in caution for caution in answer.cautions)


def test_of_a_year_to_come_nothing_is_told_silently(assistant):
    answer = assistant.ask("令和9年度の移住支援金の上限はいくらですか")
    assert answer.status is not AnswerStatus.ANSWERED


def test_not_this_but_that(assistant):
    first = assistant.ask("平成28年度の地方創生推進交付金、先駆タイプの申請の要件は？")
    second = assistant.ask("先駆タイプじゃなくて横展開のほうは？", history=[first.trace.understanding])
    assert any("横展開" in text for text in texts(second)[:1]), texts(second)


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("磐梯町がCDOを置いたのは何年何月？", "2019年11月"),
        ("長島町のぶり奨学、大学生は月いくらまで借りられるの", "5万円"),
        ("姫島ITアイランドセンターの事務所の家賃は月いくら？", "10万円"),
    ],
)
def test_a_case_answers_what_is_asked_of_its_place_or_by_its_name(assistant, question, words):
    assert any(words in text for text in texts(assistant.ask(question)))


@pytest.mark.parametrize("question", ["札幌市の空き家改修補助の上限額は", "境町の図書館の蔵書数は"])
def test_a_place_alone_does_not_make_its_case_an_answer(assistant, question):
    assert assistant.ask(question).claims == ()


@pytest.mark.parametrize(
    "question",
    ["境港市のテレワーク移住者への補助金", "弘前市に引っ越すとき市から引っ越し代の補助は出る？"],
)
def test_what_a_place_itself_pays_is_not_told_by_a_national_scheme(assistant, question):
    assert assistant.ask(question).claims == ()


def test_a_third_party_of_years_gone_by_is_told_with_its_year(assistant):
    answer = assistant.ask("企業版ふるさと納税の税額控除は最大何割？")
    assert any("令和7年度" in caution and "報道や民間" in caution for caution in answer.cautions)


def test_a_less_sure_statement_is_told_only_where_it_adds_something(assistant):
    told = texts(assistant.ask("地域おこし協力隊の任期は何年までですか？"))
    assert "1年から3年" in told[0]
    assert not any("確認できて" in text for text in told[1:])
    assert len(told) <= 3


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (
            "令和5年度の区分: 実証運行事業／補助率: 2/3／上限: 1億円。",
            "令和5年度の区分「実証運行事業」は、補助率が2/3、上限が1億円です。",
        ),
        ("令和3年度補正の類型: TYPE2／補助率: 確認できていません。", None),
        ("転入地の区分: 区分9／転出地: 対象外。", None),
    ],
)
def test_a_row_is_told_as_a_sentence_and_quoted_as_it_stands(row, told):
    unit = cut_units([hit(row)])[0]
    assert unit.text == (told or row)
    assert unit.quote == row
    assert unit.is_row == (row.count("／") > 1)


def test_figures_of_several_years_are_told_newest_first_where_no_year_is_asked(assistant):
    told = texts(assistant.ask("企業版ふるさと納税の寄附額は全国でいくらですか"))
    years = [year for text in told for year in ("令和3年度", "令和5年度", "2024年度") if year in text]
    order = ["2024年度", "令和5年度", "令和3年度"]
    assert len(years) > 1
    assert years == [year for year in order if year in years]


@pytest.mark.parametrize(
    ("question", "premise"),
    [
        (
            "小さな拠点の補助率は3分の2だそうですが、どこへ申請するんですか",
            "小さな拠点の補助率は3分の2です。",
        ),
        ("重層事業は全市町村の義務だと聞いたので罰則を知りたい", "重層事業は全市町村の義務です。"),
        ("移住支援金は全国どこへ移っても200万円ですよね", "移住支援金は全国どこへ移っても200万円です。"),
        ("取り組む自治体を2027年度までに何団体にする目標でしたっけ", None),
        ("拠点税制が令和8年度に廃止された理由を教えて", "拠点税制が令和8年度に廃止されたです。"),
        ("拠点税制が創設された理由を教えて", None),
        ("新結合とはなんですか？議会で聞かれそうなので", None),
    ],
)
def test_what_a_question_takes_for_granted(question, premise):
    assert find_premise(question) == premise


def test_a_year_gone_by_that_no_statement_tells_is_told_to_be_unsure(assistant):
    answer = assistant.ask("地域運営組織の数、2024年度（令和6年度）は？")
    assert answer.status is not AnswerStatus.ANSWERED


def test_what_does_not_change_by_the_year_is_not_asked_back(assistant):
    answer = assistant.ask("地方創生の交付金、KPIを1つ以上達成した事業は何％")
    assert answer.status is not AnswerStatus.NEEDS_CLARIFICATION


def test_a_premise_that_the_evidence_hardly_speaks_of_is_not_borne_out(assistant):
    answer = assistant.ask("特定地域づくりの組合は町議会の議決で認定されるそうですが、議決に必要な賛成の数は")
    assert answer.status is not AnswerStatus.ANSWERED


def test_a_question_of_a_name_and_a_slot_is_answered_from_the_grants_own_section(assistant):
    answer = assistant.ask("小さな拠点の補助率")
    assert "専用の補助率や上限はなく" in answer.claims[0].text
    (first, *_) = assistant.ask("企業版ふるさと納税の窓口は？").claims
    assert first.text == "企業版ふるさと納税の所管は内閣府です。"


def test_a_row_of_another_type_does_not_answer_for_the_one_asked(assistant):
    texts = [claim.text for claim in assistant.ask("TYPE Aの補助率と上限は").claims]
    assert texts and "TYPE A" in texts[0]
    assert not any("TYPE V" in text and "TYPE A" not in text for text in texts)
