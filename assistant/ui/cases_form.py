"""Add a case of one's own: a form or YAML, checked by the corpus's own loader."""

from __future__ import annotations

import hashlib
import re
from typing import Any

import streamlit as st

from assistant.cases.criteria import PILLARS
from assistant.cases.own import render_own_case
from assistant.errors import AssistantError, CorpusInvalid
from assistant.service import Assistant
from assistant.ui.safe import lines, plain

_SENTENCES = ("issue", "approach", "results", "lessons")


def draw_form(assistant: Assistant) -> None:
    """The form, folded away; what was added can be removed here."""
    with st.expander("自分の事例を追加する", icon=":material/add_circle:"):
        if saved := st.session_state.pop("own-saved", None):
            st.success(plain(f"「{saved}」を追加しました。すぐに検索できます。"), icon=":material/check:")
        st.caption(
            "追加した事例はこのパソコンの中だけに保存し、「追加した事例」と表示します。出典の内容は確認されません。"
        )
        by_form, by_yaml = st.tabs(["入力欄で追加", "YAMLで追加"])
        with by_form:
            _draw_fields(assistant)
        with by_yaml:
            text = st.text_area("YAML", key="own-yaml", height=240, max_chars=50_000, placeholder=_EXAMPLE)
            if st.button(
                "検査して追加", key="own-yaml-save", icon=":material/check:", disabled=not text.strip()
            ):
                _save(assistant, text)
        _draw_own(assistant)


_EXAMPLE = """id: own-shiratori-1
title: 廃校を活用した朝市
municipality_codes: ["325252"]
place: 海士町
prefecture: 島根県
pillar: 1
themes: [買物支援]
issue: 商店が1軒になりました。
approach: 月2回、廃校で朝市を開いています。
source_ids: [U1]
sources:
  U1: {title: 町広報10月号, publisher: 海士町, url: "https://example.jp/"}
"""


def _draw_fields(assistant: Assistant) -> None:
    book = assistant.cases.book
    names = [m.full_name for m in assistant.municipalities] if assistant.municipalities else []
    with st.form("own-case", border=False):
        title = st.text_input("事例の題名", key="own-title", max_chars=120)
        places = st.multiselect(
            "自治体", names, key="own-places", placeholder="自治体を選ぶ", max_selections=40
        )
        left, right = st.columns(2)
        pillar = left.selectbox(
            "柱", list(PILLARS), key="own-pillar", format_func=lambda n: f"{n} {PILLARS[n]}"
        )
        themes = right.multiselect(
            "テーマ", book.themes.names, key="own-themes", placeholder="選ぶ", max_selections=6
        )
        issue = st.text_area("課題", key="own-issue", height=80, max_chars=1000)
        approach = st.text_area("取組", key="own-approach", height=80, max_chars=2000)
        results = st.text_area("成果（分からなければ空欄）", key="own-results", height=80, max_chars=1000)
        lessons = st.text_area("留意点（任意）", key="own-lessons", height=80, max_chars=1000)
        scheme = left.text_input("財源・制度など（任意）", key="own-scheme", max_chars=200)
        year = right.text_input("開始年（任意・西暦）", key="own-year", max_chars=4)
        st.markdown("**出典**")
        source = st.text_input("出典の題名", key="own-source-title", max_chars=200)
        publisher = left.text_input("出典の発行元", key="own-source-publisher", max_chars=100)
        url = right.text_input("出典のURL", key="own-source-url", max_chars=500)
        if st.form_submit_button("検査して追加", icon=":material/check:"):
            missing = [name for name, value in (("題名", title), ("自治体", places), ("テーマ", themes), ("課題", issue),
                       ("取組", approach), ("出典の題名", source), ("出典の発行元", publisher), ("出典のURL", url)) if not value]  # fmt: skip
            if missing:
                st.error(f"次の欄を入力してください: {'、'.join(missing)}", icon=":material/error:")
                return
            if year and not re.fullmatch(r"\d{4}", year.strip()):
                st.error("開始年は西暦4桁で入力してください（例: 2024）。", icon=":material/error:")
                return
            told = {"issue": issue, "approach": approach, "results": results, "lessons": lessons}
            text = _as_yaml(
                assistant, title, places, pillar, themes, told, scheme, year, source, publisher, url
            )
            _save(assistant, text)


def _as_yaml(
    assistant: Assistant,
    title: str,
    places: list[str],
    pillar: int,
    themes: list[str],
    told: dict[str, str],
    scheme: str,
    year: str,
    source: str,
    publisher: str,
    url: str,
) -> str:
    found = [assistant.find_municipality(place) for place in places]
    mark = hashlib.sha256(f"{title}{places}".encode()).hexdigest()[:10]
    prefectures = list(dict.fromkeys(place.prefecture for place in found))
    case: dict[str, Any] = {
        "id": f"own-{mark}",
        "title": _line(title),
        "municipality_codes": [place.code for place in found],
        "place": "・".join(place.name for place in found),
        "prefecture": prefectures[0] if len(prefectures) == 1 else "・".join(prefectures),
        "pillar": pillar,
        "themes": themes,
    }
    case |= {name: _sentence(told[name]) for name in _SENTENCES if told[name].strip()}
    case |= {"scheme": _line(scheme)} if scheme.strip() else {}
    case |= {"start_year": int(year)} if year.strip() else {}
    number = f"U{mark}"
    case |= {"source_ids": [number], "confidence": "medium"}
    return render_own_case(
        case, {number: {"title": _line(source), "publisher": _line(publisher), "url": url.strip()}}
    )


def _line(text: str) -> str:
    return " ".join(text.split())


def _sentence(text: str) -> str:
    line = _line(text)
    return line if line.endswith("。") else line + "。"


def _save(assistant: Assistant, text: str) -> None:
    try:
        case = assistant.cases.save(text)
    except CorpusInvalid as error:
        st.error(
            lines("事例を追加できません。\n" + "\n".join(f"・{p}" for p in error.problems)),
            icon=":material/error:",
        )
        return
    except AssistantError as error:
        st.error(lines(str(error)), icon=":material/error:")
        return
    st.session_state["own-saved"] = case.title
    st.rerun()


def _draw_own(assistant: Assistant) -> None:
    own = [entry for entry in assistant.cases.book.entries if entry.is_own]
    if not own:
        return
    st.markdown(f"**追加した事例（{len(own)}件）**")
    for entry in own:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(plain(entry.case.title), width="stretch")
            st.button("削除", key=f"own-delete-{entry.case.id}", icon=":material/delete:", type="tertiary",
                      on_click=assistant.cases.delete, args=(entry.case.id,))  # fmt: skip
