"""Measures as values: a name, what it says, where it comes from, and how one item counts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from assistant.evaluation.counting import (
    Parts,
    case_hit,
    citation_precision,
    citation_recall,
    citation_recall_all,
    citations_matched,
    false_answer_rate,
    false_eligible_answers,
    forbidden_shown,
    mrr_10,
    ndcg_10,
    nugget_all,
    nugget_vital,
    number_agreement,
    over_refusal,
    page_correct,
    quote_exact,
    recall_10,
    refusal_f1,
    refusal_precision,
    refusal_recall,
    right_year,
    source_suitability,
    status_right,
    support_precision,
    support_recall,
    unsupported_shown,
    verdict_right,
    year_agreement,
)
from assistant.evaluation.scene import Scene
from assistant.evaluation.statistics import Combine, f1, ratio, total


@dataclass(frozen=True)
class Measure:
    """A number over gold items: ``combine`` of the sums of what ``score`` gives for each.

    ``title`` and ``definition`` are for the report; the docstring of ``score`` has the worked example.
    """

    name: str
    title: str
    definition: str
    reference: str
    score: Callable[[Scene], Parts] = field(repr=False)
    combine: Combine = field(default=ratio, repr=False)
    higher_is_better: bool = True


_ALCE = "Gao et al. 2023, ALCE (arXiv:2305.14627)"
_TREC = "Thakur et al. 2025, TREC 2024 RAG support evaluation (arXiv:2504.15205)"
_NUGGET = "Pradeep et al. 2024, AutoNuggetizer (arXiv:2411.09607)"
_OURS = "this project"


def _measure(
    title: str,
    score: Callable[[Scene], Parts],
    reference: str,
    definition: str,
    *,
    combine: Combine = ratio,
    lower: bool = False,
) -> Measure:
    return Measure(score.__name__, title, definition, reference, score, combine, not lower)


_SQUAD = "Rajpurkar et al. 2018, SQuAD 2.0"

MEASURES: tuple[Measure, ...] = (
    _measure("引用の再現率", citation_recall, _ALCE, "表示した文のうち、引用が裏付けている文の割合です。"),
    _measure("引用の適合率", citation_precision, _ALCE, "引用のうち、文の裏付けに必要な引用の割合です。"),
    _measure(
        "引用の再現率（無回答を0とする）",
        citation_recall_all,
        _ALCE,
        "答えられる質問に答えなかったものを0とした、引用の再現率です。",
    ),
    _measure(
        "裏付けの重み付き再現率",
        support_recall,
        _TREC,
        "表示した文の裏付けを、すべて1、一部0.5、なし0として平均した値です。",
    ),
    _measure(
        "裏付けの重み付き適合率", support_precision, _TREC, "引用のある文だけについての、裏付けの平均です。"
    ),
    _measure(
        "正解文書と一致した引用の割合",
        citations_matched,
        _OURS,
        "引用のうち、正解の文書を指しているものの割合です。",
    ),
    _measure(
        "引用文が原文と一字一句同じ割合",
        quote_exact,
        _OURS,
        "引用文が、保存された原文に一字一句そのままある割合です。",
    ),
    _measure("ページの正しさ", page_correct, _OURS, "引用が、その箇所のあるページを示している割合です。"),
    _measure(
        "数値の一致",
        number_agreement,
        _OURS,
        "文のすべての数値と単位が引用にある割合です（千円と億円などは換算します）。",
    ),
    _measure("年度の一致", year_agreement, _OURS, "文のすべての年度が引用の年度と合っている割合です。"),
    _measure(
        "出典の適切さ",
        source_suitability,
        _OURS,
        "第三者の資料だけに基づく文が、そのことを示している割合です（事例を除きます）。",
    ),
    _measure(
        "正しい年度で答えた割合", right_year, _OURS, "年度の決まった質問に、その年度の資料で答えた割合です。"
    ),
    _measure(
        "必須の要点を答えた割合",
        nugget_vital,
        _NUGGET,
        "必須の要点のうち、表示した文にあるものの割合です。無回答は0とします。",
    ),
    _measure(
        "要点を答えた割合",
        nugget_all,
        _NUGGET,
        "すべての要点のうち、表示した文にあるものの割合です。無回答は0とします。",
    ),
    _measure(
        "事例が上位5件にある割合", case_hit, _OURS, "事例の質問で、正解の事例が上位5件に示された割合です。"
    ),
    _measure(
        "無回答の適合率",
        refusal_precision,
        _SQUAD,
        "答えなかった質問のうち、答えないことが正しい質問の割合です。",
    ),
    _measure(
        "無回答の再現率",
        refusal_recall,
        _SQUAD,
        "資料に答えのない質問のうち、答えないか前提の誤りを正した割合です。",
    ),
    _measure("無回答のF1", refusal_f1, _SQUAD, "無回答の適合率と再現率の調和平均です。", combine=f1),
    _measure(
        "答えられるのに答えなかった割合",
        over_refusal,
        _OURS,
        "資料に答えのある質問のうち、何も示さなかった割合です。",
        lower=True,
    ),
    _measure(
        "答えられないのに答えた割合",
        false_answer_rate,
        _OURS,
        "資料に答えのない質問のうち、答えがあるように示した割合です。",
        lower=True,
    ),
    _measure("状態の正しさ", status_right, _OURS, "回答の状態が、正解の状態のどれかと同じ割合です。"),
    _measure(
        "示してはならない文の件数",
        forbidden_shown,
        _OURS,
        "示してはならない内容の文を表示した質問の数です。",
        combine=total,
        lower=True,
    ),
    _measure(
        "裏付けのない文の件数",
        unsupported_shown,
        _OURS,
        "引用が裏付けていない文、引用と食い違う文の数です。",
        combine=total,
        lower=True,
    ),
    _measure(
        "判定の正しさ（回答の中）",
        verdict_right,
        _OURS,
        "回答に添えた判定のうち、正解のどれかと同じ割合です。",
    ),
    _measure(
        "誤った「対象になり得る」の件数（回答の中）",
        false_eligible_answers,
        _OURS,
        "対象にならないものを「対象になり得る」とした回答の数です。",
        combine=total,
        lower=True,
    ),
    _measure(
        "nDCG@10", ndcg_10, "Järvelin & Kekäläinen 2002", "検索の上位10件の、順位を考えた当たりの良さです。"
    ),
    _measure("MRR@10", mrr_10, "Voorhees 1999", "最初の正解文書の順位の逆数の平均です。"),
    _measure("再現率@10", recall_10, "Manning et al. 2008", "正解文書のうち、検索の上位10件にある割合です。"),
)

MEASURE_BY_NAME = {measure.name: measure for measure in MEASURES}
