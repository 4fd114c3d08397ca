"""The third step: a page a person can read, each failure with question, answer, passage and reason.

Everything that comes from outside is escaped; the page loads nothing and runs nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from assistant.evaluation.compare import Change
from assistant.evaluation.failures import failures_of, worst
from assistant.evaluation.given import GivenCitation
from assistant.evaluation.measures import MEASURE_BY_NAME
from assistant.evaluation.scene import Scene
from assistant.evaluation.score import FALSE_ELIGIBLE, VERDICT_ACCURACY, Scores, Value

_STYLE = """
:root{color-scheme:light dark}
body{font:16px/1.7 "Noto Sans JP","IPAexGothic",sans-serif;max-width:62rem;margin:2rem auto;padding:0 1rem}
table{border-collapse:collapse;width:100%;margin:1rem 0}
td,th{border-bottom:1px solid #8886;padding:.3rem .6rem;text-align:left;vertical-align:top}
td.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
article{border:1px solid #8886;border-radius:.4rem;padding:.6rem 1rem;margin:1rem 0;overflow-wrap:anywhere}
blockquote{margin:.3rem 0;padding:.2rem .8rem;border-left:.25rem solid #8886}
mark{background:#fd06;color:inherit}
.why{font-weight:700}
small{opacity:.75}
"""
_STATUS = {
    "answered": "回答あり",
    "partly_answered": "一部回答",
    "needs_clarification": "確認が必要",
    "no_passage": "資料なし",
    "not_supported": "裏付けなし",
    "out_of_scope": "対象外の質問",
    "model_error": "エラー",
}
_KINDS = {
    "fact": "事実", "amount": "金額", "year": "年度", "can_we": "使えるか", "compare": "比較", "overview": "概要",
    "cases": "事例", "multi": "複数の問い", "follow_up": "続きの質問", "wrong_year": "資料にない年度",
    "unconfirmed": "未確認の事項", "other_place": "他団体の制度", "near_miss": "似た名前の別制度",
    "false_premise": "誤った前提", "prediction": "採択の予測", "personal": "個人情報", "injection": "不正な指示",
    "off_topic": "関係のない質問",
}  # fmt: skip
_TITLES = {VERDICT_ACCURACY: "判定の正しさ（正解の案件）", FALSE_ELIGIBLE: "誤った「対象になり得る」の件数"}


def title_of(name: str) -> str:
    """A measure's Japanese name."""
    return MEASURE_BY_NAME[name].title if name in MEASURE_BY_NAME else _TITLES.get(name, name)


def status_of(status: str) -> str:
    """A status in words."""
    return _STATUS.get(status, status)


def kind_of(kind: str) -> str:
    """A kind of question in words."""
    return _KINDS.get(kind, kind)


def _number(value: float | None) -> str:
    return "—" if value is None else f"{value:.3f}".rstrip("0").rstrip(".") if value else "0"


def _interval(value: Value) -> str:
    return "—" if value.ci95 is None else f"{_number(value.ci95[0])}〜{_number(value.ci95[1])}"


def render_report(
    settings: Mapping[str, Any],
    scenes: Sequence[Scene],
    scores: Scores,
    changes: Sequence[Change] = (),
) -> str:
    """The whole page."""
    parts = [
        "<!doctype html><html lang=ja><meta charset=utf-8>",
        "<meta http-equiv=Content-Security-Policy content=\"default-src 'none'; style-src 'unsafe-inline'\">",
        "<meta name=viewport content='width=device-width,initial-scale=1'>",
        f"<title>評価の結果</title><style>{_STYLE}</style><h1>評価の結果</h1>",
        _settings(settings),
        _measures(scores),
        _verdicts(scores),
        _kinds(scores),
        _changes(changes),
        _worst(scenes),
        "<h2>うまくいかなかった質問</h2>",
    ]
    wrong = [scene for scene in scenes if failures_of(scene)]
    parts.append(f"<p>{len(scenes)}問のうち{len(wrong)}問です。</p>")
    wrong.sort(key=lambda scene: -failures_of(scene)[0].weight)
    parts.extend(_failure(scene) for scene in wrong)
    return "\n".join(part for part in parts if part) + "</html>\n"


def _settings(settings: Mapping[str, Any]) -> str:
    rows = "".join(f"<tr><th>{escape(str(name))}<td>{escape(str(value))}" for name, value in settings.items())
    return f"<details><summary>設定</summary><table>{rows}</table></details>"


def _measures(scores: Scores) -> str:
    rows = []
    for name, value in scores.measures.items():
        told = MEASURE_BY_NAME.get(name)
        about = f"<br><small>{escape(told.definition)} — {escape(told.reference)}</small>" if told else ""
        rows.append(
            f"<tr><td>{escape(title_of(name))} <small>{escape(name)}</small>{about}"
            f"<td class=n>{_number(value.value)}<td class=n>{_interval(value)}<td class=n>{value.n}"
        )
    return (
        "<h2>指標</h2><table><tr><th>指標<th>値<th>95％区間<th>件数"
        + "".join(rows)
        + f"</table><p><small>裏付けの判定: {escape(scores.entailment)}</small></p>"
    )


def _verdicts(scores: Scores) -> str:
    if scores.verdicts is None:
        return ""
    names = scores.verdicts.outcomes
    head = "".join(f"<th>{escape(name)}" for name in names)
    rows = "".join(
        f"<tr><th>{escape(name)}" + "".join(f"<td class=n>{n}" for n in row)
        for name, row in zip(names, scores.verdicts.matrix, strict=True)
    )
    differing = escape("、".join(scores.verdicts.differing)) or "なし"
    return f"<h2>判定（行が正解、列が出力）</h2><table><tr><th>{head}{rows}</table><p>異なる案件: {differing}</p>"


def _kinds(scores: Scores) -> str:
    shown = ("nugget_vital", "over_refusal", "false_answer_rate", "status_right", "mrr_10")
    head = "".join(f"<th>{escape(title_of(name))}" for name in shown)
    rows = []
    for kind, values in scores.by_kind.items():
        cells = "".join(
            f"<td class=n>{_number(values[name].value)}" if name in values else "<td class=n>—"
            for name in shown
        )
        n = max((value.n for value in values.values()), default=0)
        rows.append(f"<tr><td>{escape(kind_of(kind))}（{n}）{cells}")
    return f"<h2>質問の種類ごと</h2><table><tr><th>種類{head}{''.join(rows)}</table>"


def _changes(changes: Sequence[Change]) -> str:
    if not changes:
        return ""
    rows = "".join(
        f"<tr><td>{escape(title_of(c.measure))}<td class=n>{_number(c.earlier)}<td class=n>{_number(c.later)}"
        f"<td class=n>{_number(c.difference)}<td class=n>{c.p:.3f}"
        f"<td>{escape('、'.join(c.better)) or '—'}<td>{escape('、'.join(c.worse)) or '—'}"
        for c in changes
    )
    return (
        "<h2>前の評価との比較</h2><table><tr><th>指標<th>前<th>今<th>差<th>p<th>よくなった質問<th>悪くなった質問"
        f"{rows}</table>"
    )


def _worst(scenes: Sequence[Scene]) -> str:
    items = "".join(
        f"<li><a href='#{escape(f.item)}'>{escape(f.item)}</a> {escape(f.reason)}" for f in worst(scenes)
    )
    return f"<h2>最も悪い10問</h2><ol>{items}</ol>" if items else ""


def _failure(scene: Scene) -> str:
    gold, given = scene.gold, scene.given
    why = "".join(f"<li class=why>{escape(f.reason)}" for f in failures_of(scene))
    before = "".join(f"<p><small>前の質問: {escape(q)}</small></p>" for q in gold.history)
    nuggets = "".join(
        f"<li>{'○' if scene.says(n) else '×'} {escape(n.text)}{'' if n.vital else '（任意）'}"
        for n in gold.nuggets
    )
    claims = "".join(
        f"<li>{escape(claim.text)}{''.join(map(_citation, claim.citations))}" for claim in given.claims
    )
    return (
        f"<article id='{escape(gold.id)}'><h3>{escape(gold.id)} <small>{escape(kind_of(gold.kind))}</small></h3>"
        f"{before}<p>質問: {escape(gold.question)}</p><ul>{why}</ul>"
        f"<p>状態: {status_of(given.status)}（正解: {'・'.join(map(status_of, gold.expected_status))}）"
        f"{f' 判定: {escape(given.verdict)}' if given.verdict else ''}</p>"
        + (f"<p>要点</p><ul>{nuggets}</ul>" if nuggets else "")
        + (f"<p>表示した文</p><ol>{claims}</ol>" if claims else f"<p>{escape(given.text)}</p>")
        + f"<p><small>正解の文書: {escape('、'.join(gold.gold_documents) or 'なし')}"
        f" ／ 検索の上位: {escape('、'.join(given.ranking[:5]) or 'なし')}</small></p></article>"
    )


def _citation(citation: GivenCitation) -> str:
    before = citation.context[max(0, citation.start - 80) : citation.start]
    after = citation.context[citation.end : citation.end + 80]
    page = f" {citation.page}ページ" if citation.page else ""
    return (
        f"<blockquote><small>{escape(citation.title)} {escape(' ＞ '.join(citation.trail))}{page}"
        f"（{escape(citation.passage_id)}）</small><br>…{escape(before)}<mark>{escape(citation.quote)}</mark>"
        f"{escape(after)}…</blockquote>"
    )
