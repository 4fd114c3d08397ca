"""A figure that is asked for and not given is told to be missing."""

import pytest

from assistant.ask.figures import missing_figures
from assistant.domain import AnswerStatus


@pytest.mark.parametrize(
    ("question", "shown", "missing"),
    [
        ("貸している車は何台？", "関係者は豊田市と寄附企業4社です。", ("何台",)),
        ("貸している車は何台？", "小型の車を１２台貸し出しています。", ()),
        ("一晩何円ですか", "延べ約3,600組の親子を受け入れました。", ("何円",)),
        ("一晩何円ですか", "1泊3,000円です。", ()),
        ("転出した人の割合は", "3年以上5年以内の転出で半額の返還を求めます。", ("割合は",)),
        ("転出した人の割合は", "隊員の約7割が定住しています。", ()),
        ("1社あたりの平均の寄附額", "令和5年度の寄附額は470億円です。", ("平均の",)),
        ("何人来ましたか", "延べ1万2,000人が訪れました。", ()),
        ("カートの年間利用者数を知りたい", "7人乗りのカートを運行しています。", ()),
        ("カートの年間利用者数を知りたい", "電動カートを運行しています。", ("者数",)),
        ("廃止された理由は", "東京23区からの移転が対象です。", ("理由",)),
        ("審査員は誰ですか", "有識者による審査が必須です。", ("審査員は誰",)),
        ("寄附が一番多い市は", "寄附を受けるのは市町村です。", ("一番多",)),
        ("寄附が一番多い市は", "最も多いのは札幌市です。", ()),
        ("採択された事業の一覧", "採択は公募で行います。", ("一覧",)),
        ("採択された事業の一覧", "採択されたのは配送、防災・観光などの事業です。", ()),
        ("窓口の電話番号", "窓口は企画課です。", ("電話番号",)),
        ("廃止された理由は", "令和5年度に廃止されました。", ("理由",)),
        ("時給はいくら", "無料で運行しています。", ("時給",)),
        ("制度の名前は", "地域未来交付金です。", ()),
    ],
)
def test_the_words_that_ask_for_a_missing_figure(question, shown, missing):
    assert missing_figures(question, [shown]) == missing


def test_an_answer_without_the_figure_says_so(assistant):
    answer = assistant.ask("企業版ふるさと納税で寄附した企業1社あたりの平均の寄附額（令和5年度）は？")
    assert answer.status is not AnswerStatus.ANSWERED
    if answer.claims:
        assert any("「平均の」に当たる内容" in caution for caution in answer.cautions)
