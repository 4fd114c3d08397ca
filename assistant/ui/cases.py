"""事例を探す: search, filters, like ours, cards, compare, map, charts, export, add."""

from __future__ import annotations

from functools import partial
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from assistant.cases.compare import FEWEST, MOST
from assistant.cases.criteria import KINDS, PILLARS
from assistant.cases.find import CaseResults, Facet
from assistant.cases.regions import PREFECTURES
from assistant.cases.schemes import LABELS
from assistant.domain import CaseHit
from assistant.errors import AssistantError
from assistant.export.cases import cases_docx, cases_markdown, cases_xlsx
from assistant.service import Assistant
from assistant.ui.case_cards import draw_case_card
from assistant.ui.cases_charts import case_map, distribution, entries_of, map_legend, timeline
from assistant.ui.cases_compare import draw_comparison
from assistant.ui.cases_form import draw_form
from assistant.ui.cases_state import VIEWS, Wanted, current, drop, key, remember, restore
from assistant.ui.frame import open_assistant, pages, told_in_japanese
from assistant.ui.safe import lines, plain

_PAGE = 10
_EVERY = 10_000
_FILTER_OF = {
    "pillars": "pillar", "themes": "theme", "prefectures": "prefecture", "population": "population",
    "schemes": "scheme", "years": "year", "kinds": "kind", "words": "words", "all": "all",
}  # fmt: skip


def draw() -> None:
    """The page."""
    st.title("事例を探す", anchor=False)
    st.caption(
        "全国の取組事例を、言葉・条件・似た自治体から探せます。見つかった理由と出典を示し、確認できないことは「未確認」とします。"
    )
    assistant: Assistant | None = None
    with told_in_japanese():
        assistant = open_assistant()
        _ = assistant.cases.book
    if assistant is None:
        st.stop()
    restore()
    _keep_known(assistant)
    wanted = current()
    results: CaseResults | None = None
    problem = ""
    try:
        results = _search(assistant, wanted)
    except AssistantError as error:
        problem = str(error)
    _draw_search(assistant)
    _draw_filters(results)
    remember(wanted)
    if results is None:
        st.error(lines(problem), icon=":material/error:")
    else:
        _draw_results(assistant, wanted, results)
    draw_form(assistant)


def _keep_known(assistant: Assistant) -> None:
    """Values from an address that no list holds are dropped, and said."""
    book = assistant.cases.book
    lists: dict[str, tuple[str, ...]] = {
        "pillar": tuple(str(n) for n in PILLARS),
        "theme": book.themes.names,
        "prefecture": PREFECTURES,
        "kind": KINDS,
        "scheme": (*LABELS, "その他の制度"),
        "pick": tuple(book.by_id),
    }
    strange = []
    for name, known in lists.items():
        held = st.session_state.get(key(name)) or []
        strange += [value for value in held if value not in known]
        st.session_state[key(name)] = [value for value in held if value in known]
    like = st.session_state.get(key("like"))
    if like and assistant.municipalities is not None:  # an address may say 「海士町」 or a code
        st.session_state[key("like")] = ""
        with told_in_japanese():
            st.session_state[key("like")] = assistant.find_municipality(like).full_name
    if strange:
        st.warning(
            plain(f"リンクにあった条件「{'」「'.join(strange[:5])}」は見つからないため、外しました。"),
            icon=":material/link_off:",
        )


def _search(assistant: Assistant, wanted: Wanted) -> CaseResults:
    return assistant.find_cases(
        wanted.words,
        like=wanted.like or None,
        pillar=wanted.pillar,
        theme=wanted.theme,
        prefecture=wanted.prefecture,
        population=wanted.population or None,
        scheme=wanted.scheme,
        year=wanted.year or None,
        kind=wanted.kind,
        k=_EVERY,
    )


def _draw_search(assistant: Assistant) -> None:
    left, right = st.columns([3, 2])
    left.text_input(
        "探したいこと",
        key=key("words"),
        placeholder="例: 買い物に困る高齢者を支える取組",
        max_chars=300,
        icon=":material/search:",
    )
    names = [""]
    if assistant.municipalities is not None:
        names += [m.full_name for m in assistant.municipalities]
    right.selectbox(
        "似た自治体で探す",
        names,
        key=key("like"),
        placeholder="自治体名",
        format_func=lambda name: name or "指定しない",
        help="選んだ自治体と、人口・高齢化・産業・離島や過疎などが似た自治体の事例を上に並べ、似ている点と異なる点を示します。",
    )


def _draw_filters(results: CaseResults | None) -> None:
    facets = {facet.name: facet for facet in results.facets} if results else {}

    def counted(name: str, told: Any = str) -> Any:
        counts = {value.value: value.count for value in facets[name].values} if name in facets else {}
        return lambda value: f"{told(value)}（{counts.get(value, 0)}）"

    active = sum(
        bool(st.session_state.get(key(n)))
        for n in ("pillar", "theme", "prefecture", "scheme", "kind", "population", "year")
    )
    label = f"絞り込む（{active}件の条件）" if active else "絞り込む"
    with st.expander(label, icon=":material/tune:", expanded=bool(active)):
        st.multiselect(
            "柱", [str(n) for n in PILLARS], key=key("pillar"), placeholder="すべて",
            format_func=counted("pillars", lambda n: f"{n} {PILLARS[int(n)]}"),
        )  # fmt: skip
        first, second = st.columns(2)
        first.multiselect("テーマ", _themes(facets.get("themes")), key=key("theme"),
                          placeholder="すべて", format_func=counted("themes"))  # fmt: skip
        second.multiselect("都道府県", PREFECTURES, key=key("prefecture"), placeholder="すべて",
                           format_func=counted("prefectures"))  # fmt: skip
        first.multiselect("財源・制度", [*LABELS, "その他の制度"], key=key("scheme"), placeholder="すべて",
                          format_func=counted("schemes"))  # fmt: skip
        second.multiselect(
            "自治体の区分", KINDS, key=key("kind"), placeholder="すべて", format_func=counted("kinds")
        )
        first.text_input(
            "人口の範囲", key=key("population"), placeholder="例: 1000-5000、-3000、10万-", max_chars=40
        )
        second.text_input("開始年", key=key("year"), placeholder="例: 2020、2018-2022、2020-", max_chars=20)
        st.button(
            "条件をすべて外す",
            on_click=drop,
            args=("all",),
            icon=":material/filter_alt_off:",
            disabled=not active,
        )


def _themes(facet: Facet | None) -> list[str]:
    """Themes, those with the most cases first; one that was chosen stays in the list."""
    named = [value.value for value in facet.values] if facet else []
    return list(dict.fromkeys((*named, *open_assistant().cases.book.themes.names)))


def _draw_results(assistant: Assistant, wanted: Wanted, results: CaseResults) -> None:
    book = assistant.cases.book
    for problem in book.problems:
        st.warning(lines(f"追加した事例を読み込めませんでした。\n{problem}"), icon=":material/warning:")
    for note in results.notes:
        st.caption(f":material/info: {plain(note)}")
    if not results.hits:
        _draw_empty(results)
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"**{results.total}件**の事例", width="content")
        _draw_export(results)
        with st.popover("共有リンク", icon=":material/link:"):
            st.caption(
                "いまの条件は、このページのアドレスに入っています。アドレスをそのまま送ると、同じ条件の画面が開きます。"
            )
            st.code(_link(), language=None, wrap_lines=True)
    view = st.segmented_control(
        "表示", VIEWS, key=key("view"), label_visibility="collapsed",
        format_func=lambda v: f"{v}（{len(wanted.pick)}）" if v == VIEWS[1] else v,
    )  # fmt: skip
    if view == VIEWS[1]:
        _draw_compare(assistant, wanted, results)
    elif view == VIEWS[2]:
        _draw_map(assistant, results)
    elif view == VIEWS[3]:
        _draw_charts(assistant, results)
    else:
        _draw_list(wanted, results)


def _link() -> str:
    """The page's address with the search in it."""
    pairs = [(name, value) for name in st.query_params for value in st.query_params.get_all(name)]
    page = (st.context.url or "").partition("?")[0]
    return f"{page}?{urlencode(pairs)}" if pairs else page


def _draw_empty(results: CaseResults) -> None:
    st.info("条件に合う事例は見つかりませんでした。", icon=":material/search_off:")
    if results.loosen:
        st.markdown("次のように条件をゆるめると見つかります。")
        for offer in results.loosen:
            st.button(
                plain(f"「{offer.told}」を外す（{offer.count}件）"),
                key=f"loosen-{offer.name}",
                on_click=drop,
                args=(_FILTER_OF[offer.name],),
                icon=":material/filter_alt_off:",
            )
    else:
        st.markdown("別の言葉でお試しください。「相談する」のページでは、文章でもお尋ねいただけます。")


def _draw_export(results: CaseResults) -> None:
    with st.popover("持ち出す", icon=":material/download:"):
        st.caption(f"条件に合う{results.total}件を、出典つきで保存します。")
        for label, name, mime, icon, make in (
            ("Excel", "事例.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "table", cases_xlsx),
            ("Word（脚注つき）", "事例.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "description", cases_docx),
            ("Markdown（脚注つき）", "事例.md", "text/markdown", "markdown", _markdown),
        ):  # fmt: skip
            st.download_button(
                label,
                lambda make=make: make(results),  # type: ignore[misc]
                file_name=name,
                mime=mime,
                icon=f":material/{icon}:",
                key=f"export-{name}",
                on_click="ignore",
            )


def _markdown(results: CaseResults) -> bytes:
    return cases_markdown(results).encode()


def _draw_list(wanted: Wanted, results: CaseResults) -> None:
    search = (wanted.words, wanted.like, wanted.population, wanted.year, *(
        getattr(wanted, n) for n in ("pillar", "theme", "prefecture", "scheme", "kind")))  # fmt: skip
    if st.session_state.get("cases-shown-for") != search:
        st.session_state["cases-shown-for"] = search
        st.session_state["cases-shown"] = _PAGE
    shown = st.session_state["cases-shown"]
    for hit in results.hits[:shown]:
        draw_case_card(hit, key=hit.id, action=partial(_draw_actions, hit, wanted.pick))
    if shown < len(results.hits):
        st.button(
            f"もっと見る（あと{len(results.hits) - shown}件）", on_click=_more, icon=":material/expand_more:"
        )


def _draw_actions(hit: CaseHit, picked: tuple[str, ...]) -> None:
    chosen = hit.id in picked
    with st.container(horizontal=True, gap="small"):
        st.button(
            "比較から外す" if chosen else "比べる",
            key=f"pick-{hit.id}",
            icon=":material/remove:" if chosen else ":material/add:",
            on_click=_toggle,
            args=(hit.id,),
            disabled=not chosen and len(picked) >= MOST,
            help=f"{FEWEST}〜{MOST}件を選ぶと、「並べて比べる」で見比べられます。",
            type="primary" if chosen else "secondary",
        )
        if st.button(
            "使える交付金を尋ねる",
            key=f"grant-{hit.id}",
            icon=":material/forum:",
            help="「相談する」のページで、同じ種類の取組に使える交付金をお尋ねします。",
            type="tertiary",
        ):
            st.session_state["next_question"] = f"{hit.themes[0]}に使える交付金は？"
            st.switch_page(pages()[0])


def _toggle(case_id: str) -> None:
    picked = list(st.session_state.get(key("pick")) or [])
    st.session_state[key("pick")] = (
        [p for p in picked if p != case_id] if case_id in picked else [*picked, case_id]
    )


def _more() -> None:
    st.session_state["cases-shown"] += _PAGE


def _draw_compare(assistant: Assistant, wanted: Wanted, results: CaseResults) -> None:
    if len(wanted.pick) < FEWEST:
        st.info(
            f"「一覧」で「比べる」を押して、{FEWEST}〜{MOST}件を選んでください（いま{len(wanted.pick)}件）。",
            icon=":material/compare:",
        )
        return
    with told_in_japanese():
        draw_comparison(assistant.cases.book, wanted.pick[:MOST], results.like)


def _draw_map(assistant: Assistant, results: CaseResults) -> None:
    entries = entries_of(assistant.cases.book, [hit.id for hit in results.hits])
    chart, lost = case_map(entries, assistant.settings.corpus / "japan" / "outline.geojson", results.like)
    st.altair_chart(map_legend(), width="stretch", alt="柱ごとの点の色と形の凡例")
    st.altair_chart(
        chart, width="stretch", alt=f"日本地図に{len(entries) - lost}件の事例の場所を点で示した図"
    )
    said = "点は市役所・町村役場などの位置です（複数の自治体の事例は、それぞれの位置に示します）。色と形は柱を表します。"
    if results.like is not None:
        said += f"赤い輪は{results.like.full_name}です。"
    st.caption(
        said
        + (f"位置の分からない事例{lost}件は示していません。" if lost else "")
        + "（位置: localgovjp、海岸線: Natural Earth）"
    )


def _draw_charts(assistant: Assistant, results: CaseResults) -> None:
    entries = entries_of(assistant.cases.book, [hit.id for hit in results.hits])
    st.subheader("開始年", anchor=False)
    chart, unknown = timeline(entries)
    if unknown < len(entries):
        st.altair_chart(chart, width="stretch", alt="開始年ごとの事例の数の棒グラフ")
    st.caption(f"開始年を出典で確認できない事例が{unknown}件あり、図に含めていません。")
    st.subheader("テーマと柱", anchor=False)
    st.altair_chart(
        distribution(entries), width="stretch", alt="テーマごとの事例の数を柱で色分けした棒グラフ"
    )
    st.caption("収録した事例の内訳です。全国の取組の多さを表すものではありません。")
