"""回答の品質: how a run did, rating its sentences, and settling where raters differ."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import streamlit as st

from assistant.errors import InputError
from assistant.evaluation.bench import (
    Bench,
    Sentence,
    export_csv,
    export_jsonl,
    runs_in,
    sentences_of,
    weighted_support,
)
from assistant.evaluation.gold import load_gold
from assistant.evaluation.report import title_of
from assistant.evaluation.runs import default_gold, read_answers, read_run
from assistant.settings import JST, Settings
from assistant.ui.bench import draw_rating, draw_rulings
from assistant.ui.frame import open_records, told_in_japanese
from assistant.ui.safe import plain

_FIRST = {
    "citation_precision": "引用の適合率",
    "citation_recall": "引用の再現率",
    "nugget_vital": "要点を答えた割合",
    "over_refusal": "答えなさすぎ",
    "false_answer_rate": "根拠のない回答",
    "false_eligible": "誤った対象判定",
}


def draw() -> None:
    """The page."""
    st.title("回答の品質")
    st.caption(
        "正解データの質問に答えさせた結果を確かめ、表示された文が根拠に裏付けられているかを人の目で評価します。"
    )
    with told_in_japanese():
        runs = runs_in(Settings().home)
        if not runs:
            st.info("まだ評価の結果がありません。次のコマンドで評価を実行すると、ここに表示されます。")
            st.code("assistant evaluate --split dev", language=None)
            return
        folder = st.selectbox("評価の結果", runs, format_func=_name, key="quality_run")
        assert isinstance(folder, Path)
        shown, rated, settled = st.tabs(["指標", "文を評価する", "食い違いを決める"])
        bench = Bench(open_records(), folder.name)
        sentences = _sentences(folder)
        with shown:
            _draw_measures(folder)
            _draw_people(bench, sentences)
        with rated:
            draw_rating(bench, sentences)
        with settled:
            draw_rulings(bench, sentences)


def _name(folder: Path) -> str:
    try:
        made = datetime.strptime(folder.name, "%Y%m%d-%H%M%S").replace(tzinfo=JST)
    except ValueError:  # a folder that somebody named
        return folder.name
    return f"{made:%Y年%m月%d日 %H:%M}"


@st.cache_data(max_entries=4, show_spinner=False)
def _sentences(folder: Path) -> list[Sentence]:
    try:
        gold = load_gold(default_gold(Settings()))
    except InputError:  # a run over other questions can be rated all the same
        gold = []
    return sentences_of(read_answers(folder), gold)


def _draw_measures(folder: Path) -> None:
    run = read_run(folder)
    st.caption(
        plain(
            f"{run.settings.n}問　分割 {run.settings.split}　実行 {run.settings.started[:16].replace('T', ' ')}"
        )
    )
    with st.container(horizontal=True):
        for name, label in _FIRST.items():
            value = run.scores.measures.get(name)
            if value is None or value.value is None:
                continue
            count = name == "false_eligible"
            told = f"{value.value:.0f}件" if count else f"{value.value:.3f}"
            digits = 1 if count else 3
            interval = f"{value.ci95[0]:.{digits}f}〜{value.ci95[1]:.{digits}f}" if value.ci95 else None
            st.metric(
                label,
                told,
                interval,
                delta_color="off",
                delta_arrow="off",
                help=plain(f"{title_of(name)}。下は95％区間（{value.n}件）です。"),
                border=True,
                width=170,
            )
    with st.expander("すべての指標"):
        st.dataframe(
            [
                {
                    "指標": title_of(name),
                    "値": value.value,
                    "下限": value.ci95[0] if value.ci95 else None,
                    "上限": value.ci95[1] if value.ci95 else None,
                    "件数": value.n,
                }
                for name, value in run.scores.measures.items()
            ],
            hide_index=True,
            width="stretch",
            column_config={
                name: st.column_config.NumberColumn(format="%.3f") for name in ("値", "下限", "上限")
            },
        )
    report = folder / "report.html"
    if report.is_file():
        st.download_button(
            "報告（HTML）を保存する",
            report.read_bytes(),
            file_name=f"evaluation-{folder.name}.html",
            mime="text/html",
            icon=":material/download:",
        )


def _draw_people(bench: Bench, sentences: list[Sentence]) -> None:
    ratings = bench.ratings()
    if not ratings:
        return
    st.subheader("人による評価")
    told = bench.agreement()
    settled = bench.settled()
    known = {sentence.id for sentence in sentences}
    st.markdown(
        plain(
            f"評価 {len(ratings)}件　2人の評価がそろった文 {told.sentences}件　"
            f"確定した文 {len(settled.keys() & known)} / {len(sentences)}件"
        )
    )
    ours = [label for sentence, label in settled.items() if sentence in known]
    if ours:
        mean, (low, high) = weighted_support(ours)
        st.markdown(
            plain(
                f"人が見た裏付け {mean:.3f}（95％区間 {low:.3f}〜{high:.3f}。確定した文の平均で、"
                "全部の裏付けを1、一部を0.5、なしを0と数えます）"
            )
        )
    if told.alpha is not None and told.ci95 is not None:
        st.markdown(
            plain(
                f"一致度（Krippendorffのα） {told.alpha:.3f}（95％区間 {told.ci95[0]:.3f}〜{told.ci95[1]:.3f}）"
            )
        )
    with st.container(horizontal=True):
        st.download_button(
            "評価を保存する（CSV）",
            "\ufeff" + export_csv(ratings),
            file_name=f"ratings-{bench.run}.csv",
            mime="text/csv",
            icon=":material/download:",
        )
        st.download_button(
            "評価を保存する（JSONL）",
            export_jsonl(ratings, sentences),
            file_name=f"ratings-{bench.run}.jsonl",
            mime="application/x-ndjson",
            icon=":material/download:",
        )
