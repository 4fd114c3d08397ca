"""Rating sentence by sentence, by keyboard alone, and ruling where two raters differ."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from assistant.errors import AssistantError
from assistant.evaluation.bench import Bench, Edit, Fit, Rating, Sentence, Support, assigned, read_ratings
from assistant.ui.frame import told_in_japanese
from assistant.ui.safe import lines, plain

_SUPPORTS = {
    Support.FULL: ("すべて裏付けられている", "1"),
    Support.PART: ("一部だけ裏付けられている", "2"),
    Support.NONE: ("裏付けられていない", "3"),
}
_FITS = {
    Fit.GOOD: ("適切", "4"),
    Fit.WEAK: ("弱い", "5"),
    Fit.WRONG: ("別の箇所を引用すべき", "6"),
}
_EDITS = {
    Edit.MISLEADING: ("削除: 誤解を招く", "7"),
    Edit.REDUNDANT: ("削除: 重複", "8"),
    Edit.EVIDENCE: ("追加: 根拠が足りない", "9"),
}
_SURROUNDINGS = 240


def draw_rating(bench: Bench, sentences: Sequence[Sentence]) -> None:
    """The next unrated sentence of one rater, the passage beside it."""
    raters = _raters(bench)
    if not raters:
        return
    rater = st.selectbox("あなたの名前", raters, index=None, placeholder="選んでください", key="bench_rater")
    if rater is None:
        st.info(
            "名前を選ぶと、あなたの担当の文を1つずつ表示します。ほかの人の評価や機械の判定は表示しません。"
        )
        return
    mine = assigned(sentences, rater, raters)
    done = {r.sentence for r in bench.ratings() if r.rater == rater and not r.adjudicates}
    waiting = [s for s in mine if s.id not in done]
    skipped: list[str] = st.session_state.setdefault("bench_skipped", [])
    waiting.sort(key=lambda s: skipped.index(s.id) if s.id in skipped else -1)
    st.progress(
        (len(mine) - len(waiting)) / len(mine) if mine else 1.0,
        text=plain(f"{len(mine) - len(waiting)} / {len(mine)} 文を評価しました"),
    )
    if not waiting:
        st.success("担当の文はすべて評価しました。ありがとうございます。", icon=":material/check_circle:")
        return
    sentence = waiting[0]
    left, right = st.columns(2, gap="medium")
    with right:
        _draw_passages(sentence)
    with left:
        _draw_sentence(sentence)
        made = _form(sentence, rater)
        later = st.button("後にする", shortcut="0", key=f"skip-{sentence.id}", icon=":material/skip_next:")
    if made is not None:
        with told_in_japanese():
            bench.rate(made)
            st.session_state.pop(_key(sentence), None)
            st.rerun()
    if later:
        skipped[:] = [*(i for i in skipped if i != sentence.id), sentence.id]
        st.rerun()


def _raters(bench: Bench) -> tuple[str, ...]:
    raters = bench.raters
    with st.expander("評価者", expanded=not raters, icon=":material/group:"):
        st.caption("1つの文を2人が別々に評価します。担当は自動で割り当てます。")
        with st.form("bench-raters", border=False):
            names = st.text_area("評価者の名前（1行に1人）", "\n".join(raters), key=f"raters-{bench.run}")
            if st.form_submit_button("決める"):
                with told_in_japanese():
                    bench.name_raters(names.splitlines())
                    st.rerun()
        file = st.file_uploader("ほかの端末の評価を取り込む（CSV・JSONL）", type=["csv", "jsonl"])
        if file is not None and st.button("取り込む", icon=":material/upload:"):
            _take_in(bench, file.getvalue())
    return raters


def _take_in(bench: Bench, content: bytes) -> None:
    try:
        ratings = read_ratings(content.decode("utf-8-sig"))
        for rating in ratings:
            bench.rate(rating)
    except UnicodeDecodeError:
        st.error("ファイルの文字コードがUTF-8ではありません。")
    except AssistantError as error:
        st.error(plain(str(error)))
    else:
        st.success(plain(f"{len(ratings)}件の評価を取り込みました。"))


def _draw_sentence(sentence: Sentence) -> None:
    st.caption(plain(f"質問: {sentence.question or sentence.item}"))
    with st.container(border=True):
        st.markdown(f"**{lines(sentence.text)}**")


def _draw_passages(sentence: Sentence) -> None:
    if not sentence.citations:
        st.caption("この文には引用がありません。")
    for number, citation in enumerate(sentence.citations, start=1):
        page = f" {citation.page}ページ" if citation.page else ""
        st.caption(plain(f"[{number}] {citation.title}{page}"))
        before = citation.context[max(0, citation.start - _SURROUNDINGS) : citation.start].strip()
        after = citation.context[citation.end : citation.end + _SURROUNDINGS].strip()
        with st.container(border=True):
            if before:
                st.caption(lines(before))
            st.markdown(f":yellow-background[{lines(citation.quote)}]")
            if after:
                st.caption(lines(after))


def _key(sentence: Sentence) -> str:
    return f"bench-draft-{sentence.id}"


def _form(sentence: Sentence, rater: str) -> Rating | None:
    """What was chosen so far; the finished rating once it is saved."""
    draft = st.session_state.setdefault(_key(sentence), {"support": None, "fit": None, "edits": []})
    st.markdown("**この文は、引用した箇所に裏付けられていますか**")
    with st.container(horizontal=True):
        for support, (label, key) in _SUPPORTS.items():
            if _choice(f"{label}（{support}）", key, draft["support"] is support, f"{sentence.id}-{support}"):
                draft["support"] = support
                st.rerun()
    st.markdown("**引用そのものは適切ですか**")
    with st.container(horizontal=True):
        for fit, (label, key) in _FITS.items():
            if _choice(label, key, draft["fit"] is fit, f"{sentence.id}-{fit}"):
                draft["fit"] = None if draft["fit"] is fit else fit
                st.rerun()
    st.markdown("**直すとしたら**（当てはまるものだけ）")
    with st.container(horizontal=True):
        for edit, (label, key) in _EDITS.items():
            if _choice(label, key, edit in draft["edits"], f"{sentence.id}-{edit}"):
                draft["edits"] = [e for e in _EDITS if (e in draft["edits"]) != (e is edit)]
                st.rerun()
    saved = st.button(
        "保存して次へ",
        type="primary",
        shortcut="Enter",
        disabled=draft["support"] is None,
        key=f"save-{sentence.id}",
        icon=":material/arrow_forward:",
    )
    if not saved or draft["support"] is None:
        return None
    return Rating(
        sentence=sentence.id,
        rater=rater,
        support=draft["support"],
        fit=draft["fit"],
        edits=tuple(draft["edits"]),
    )


def _choice(label: str, key: str, chosen: bool, name: str) -> bool:
    return st.button(
        label,
        shortcut=key,
        key=name,
        type="primary" if chosen else "secondary",
        icon=":material/check:" if chosen else None,
    )


def draw_rulings(bench: Bench, sentences: Sequence[Sentence]) -> None:
    """Sentences on which two raters differ, one after another."""
    by_id = {sentence.id: sentence for sentence in sentences}
    open_ids = [i for i in bench.disputed() if i in by_id]
    if not open_ids:
        st.info("評価が食い違っている文はありません。")
        return
    st.caption(plain(f"評価が食い違っている文が{len(open_ids)}件あります。"))
    sentence = by_id[open_ids[0]]
    _draw_sentence(sentence)
    _draw_passages(sentence)
    given = [r for r in bench.ratings() if r.sentence == sentence.id and not r.adjudicates]
    for rating in given:
        st.markdown(plain(f"{rating.rater}: {_SUPPORTS[rating.support][0]}（{rating.support}）"))
    judge = st.text_input("決める人の名前", key="bench_judge")
    with st.container(horizontal=True):
        for support, (label, _) in _SUPPORTS.items():
            pressed = st.button(
                f"{label}（{support}）", key=f"rule-{sentence.id}-{support}", disabled=not judge.strip()
            )
            if pressed:
                with told_in_japanese():
                    bench.rate(
                        Rating(sentence=sentence.id, rater=judge.strip(), support=support, adjudicates=True)
                    )
                    st.rerun()
