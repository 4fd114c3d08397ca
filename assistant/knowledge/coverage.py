"""What the corpus covers and where it is thin, as one noun for people, scripts and tests."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

import yaml

from assistant.domain import Document, Kind, Level, Noun, Source
from assistant.knowledge.corpus import Corpus, used_source_ids
from assistant.knowledge.sources import read_yaml

# Prefectures in the order of the first two digits of a municipality's code (01 = 北海道).
_NAMES = (
    "北海道 青森県 岩手県 宮城県 秋田県 山形県 福島県 茨城県 栃木県 群馬県 埼玉県 千葉県 東京都 神奈川県 "
    "新潟県 富山県 石川県 福井県 山梨県 長野県 岐阜県 静岡県 愛知県 三重県 滋賀県 京都府 大阪府 兵庫県 "
    "奈良県 和歌山県 鳥取県 島根県 岡山県 広島県 山口県 徳島県 香川県 愛媛県 高知県 福岡県 佐賀県 長崎県 "
    "熊本県 大分県 宮崎県 鹿児島県 沖縄県"
)
PREFECTURES = tuple(_NAMES.split())
_DATE = re.compile(r"^(\d{4})-(\d{2})-(\d{2})")
_YEAR = 365


class BareStatement(Noun):
    """A sentence that no source bears."""

    document_id: str
    text: str


class CoverageReport(Noun):
    """Counts and gaps of a corpus. Lists name what to mend; an empty list is good news."""

    documents: int
    documents_by_kind: dict[str, int]
    statements: int
    statements_without_source: tuple[BareStatement, ...]
    statements_by_level: dict[str, int]  # by the most trusted source of each statement
    statements_by_fiscal_year: dict[str, int]  # of the document; a document of two years counts in both
    sources: int
    sources_by_level: dict[str, int]
    sources_by_fiscal_year: dict[str, int]
    sources_unused: tuple[str, ...]
    sources_to_check_again: tuple[str, ...]  # last read more than a year ago
    sources_published_over_a_year_ago: tuple[str, ...]  # only those with a full date
    sources_undated: tuple[str, ...]
    sources_superseded: tuple[str, ...]
    grants: int
    grants_by_fiscal_year: dict[str, int]
    grants_without_exclusions: tuple[str, ...]
    grants_without_schedule: tuple[str, ...]
    grants_without_digest: tuple[str, ...]
    digests_without_grant: tuple[str, ...]
    unknowns_recorded: int  # gaps that grant files name themselves, with where to ask
    conflicts_recorded: int
    cases: int
    cases_without_results: tuple[str, ...]
    cases_by_pillar: dict[str, int]
    cases_by_prefecture: dict[str, int]
    cases_by_theme: dict[str, int]
    prefectures_without_case: tuple[str, ...]
    targets: int

    @property
    def complete(self) -> bool:
        """Whether every statement has a source; the other gaps are work to do, not faults."""
        return not self.statements_without_source


def _counted(values: Iterable[str], order: Iterable[str] = ()) -> dict[str, int]:
    counts = Counter(values)
    names = [name for name in order if name in counts]
    names += sorted(name for name in counts if name not in names)
    return {name: counts[name] for name in names}


def bare_sentences(document: Document) -> Iterator[str]:
    """Lines of a document that are neither a heading nor borne by a source."""
    for page in document.pages:
        headed = {start for start, _, _ in page.headings}
        at = 0
        for line in page.text.split("\n"):
            start, end = at, at + len(line)
            at = end + 1
            if not line.strip() or start in headed:
                continue
            covered = sum(
                max(0, min(end, s.end) - max(start, s.start)) for s in page.statements if s.source_ids
            )
            if covered < len(line.strip()):
                yield line.strip()


def _level(source_ids: Iterable[str], sources: Mapping[str, Source]) -> str:
    levels = [sources[i].level for i in source_ids if i in sources]
    return max(levels, key=lambda level: level.trust).value if levels else "出典なし"


def _grant_files(corpus: Corpus) -> dict[str, dict[str, Any]]:
    """The grant files as plain data; what their own loader finds wrong with them is its business."""
    grants: dict[str, dict[str, Any]] = {}
    for path in sorted((corpus.directory / "grants").glob("*.yaml")):
        try:
            data = read_yaml(path.read_text(encoding="utf-8"))
        except (OSError, yaml.YAMLError):
            continue
        if isinstance(data, dict):
            grants[path.stem] = data
    return grants


def _published(source: Source) -> date | None:
    match = _DATE.match(source.published or "")
    try:
        return date(*(int(part) for part in match.groups())) if match else None
    except ValueError:
        return None


def _prefectures(corpus: Corpus) -> Iterator[str]:
    for case in corpus.cases.values():
        numbers = {int(code[:2]) for code in case.municipality_codes if code[:2].isdigit()}
        yield from (PREFECTURES[n - 1] for n in sorted(numbers) if 1 <= n <= len(PREFECTURES))


def corpus_coverage(corpus: Corpus, *, today: date | None = None) -> CoverageReport:
    """Count what ``corpus`` covers. ``today`` decides which sources are older than a year."""
    today = today or date.today()
    documents = list(corpus.documents())
    sources = corpus.sources
    statements = [(d, s) for d in documents for page in d.pages for s in page.statements]
    used = used_source_ids(corpus)
    grants = _grant_files(corpus)
    digest_grants = {d.document.grant_id for d in corpus.digests.values() if d.document.grant_id}
    themes = _counted(theme for case in corpus.cases.values() for theme in case.themes)
    prefectures = _counted(_prefectures(corpus), PREFECTURES)
    levels = [level.value for level in Level]

    def old(day: date | None) -> bool:
        return day is not None and (today - day).days > _YEAR

    return CoverageReport(
        documents=len(documents),
        documents_by_kind=_counted((d.kind.value for d in documents), [kind.value for kind in Kind]),
        statements=len(statements),
        statements_without_source=tuple(
            BareStatement(document_id=d.id, text=text) for d in documents for text in bare_sentences(d)
        ),
        statements_by_level=_counted((_level(s.source_ids, sources) for _, s in statements), levels),
        statements_by_fiscal_year=_counted(
            str(year) if year else "年度なし" for d, _ in statements for year in d.fiscal_years or (0,)
        ),
        sources=len(sources),
        sources_by_level=_counted((s.level.value for s in sources.values()), levels),
        sources_by_fiscal_year=_counted(
            str(year) if year else "年度なし" for s in sources.values() for year in s.fiscal_years or (0,)
        ),
        sources_unused=tuple(i for i in sources if i not in used),
        sources_to_check_again=tuple(i for i, s in sources.items() if old(s.checked)),
        sources_published_over_a_year_ago=tuple(i for i, s in sources.items() if old(_published(s))),
        sources_undated=tuple(i for i, s in sources.items() if s.published is None),
        sources_superseded=tuple(i for i, s in sources.items() if s.superseded_by is not None),
        grants=len(grants),
        grants_by_fiscal_year=_counted(str(g.get("fiscal_year") or "年度なし") for g in grants.values()),
        grants_without_exclusions=tuple(
            i for i, g in grants.items() if not any(_is_exclusion(rule) for rule in g.get("rules") or ())
        ),
        grants_without_schedule=tuple(i for i, g in grants.items() if not g.get("schedule")),
        grants_without_digest=tuple(i for i in grants if i not in digest_grants),
        digests_without_grant=tuple(sorted(i for i in digest_grants if i not in grants)),
        unknowns_recorded=sum(len(g.get("unknowns") or ()) for g in grants.values()),
        conflicts_recorded=sum(len(g.get("conflicts") or ()) for g in grants.values()),
        cases=len(corpus.cases),
        cases_without_results=tuple(i for i, case in corpus.cases.items() if not case.results),
        cases_by_pillar=_counted(str(case.pillar) for case in corpus.cases.values()),
        cases_by_prefecture=prefectures,
        cases_by_theme=dict(sorted(themes.items(), key=lambda item: (-item[1], item[0]))),
        prefectures_without_case=tuple(name for name in PREFECTURES if name not in prefectures),
        targets=len(corpus.targets),
    )


def _is_exclusion(rule: object) -> bool:
    return isinstance(rule, dict) and rule.get("group") == "exclusion"


def _listed(ids: tuple[str, ...], most: int = 8) -> str:
    if not ids:
        return "なし"
    more = f" ほか{len(ids) - most}件" if len(ids) > most else ""
    return f"{len(ids)}件（{'、'.join(ids[:most])}{more}）"


def _shares(counts: Mapping[str, int], most: int = 12) -> str:
    shown = "、".join(f"{name} {count:,}" for name, count in list(counts.items())[:most])
    return shown + (f" ほか{len(counts) - most}" if len(counts) > most else "") or "なし"


_KIND_NAMES = {"policy": "政策", "grant": "制度", "case": "事例"}


def coverage_rows(report: CoverageReport) -> list[tuple[str, str]]:
    """The report as labelled lines of Japanese, in the order in which a person reads it."""
    kinds = {_KIND_NAMES.get(name, name): count for name, count in report.documents_by_kind.items()}
    bare = tuple(f"{b.document_id}「{b.text[:20]}」" for b in report.statements_without_source)
    return [
        ("文書", f"{report.documents:,}件（{_shares(kinds)}）"),
        ("文", f"{report.statements:,}（{_shares(report.statements_by_level)}）"),
        ("出典のない文", _listed(bare, 3)),
        ("出典", f"{report.sources:,}件（{_shares(report.sources_by_level)}）"),
        ("使われていない出典", _listed(report.sources_unused)),
        ("確認から1年を過ぎた出典", _listed(report.sources_to_check_again)),
        ("公表から1年を過ぎた出典", _listed(report.sources_published_over_a_year_ago)),
        ("新しい資料に置き換わった出典", _listed(report.sources_superseded)),
        ("制度", f"{report.grants:,}件（{_shares(report.grants_by_fiscal_year)}）"),
        ("対象外の規則がない制度", _listed(report.grants_without_exclusions)),
        ("日程がない制度", _listed(report.grants_without_schedule)),
        ("解説がない制度", _listed(report.grants_without_digest)),
        ("制度に記した未確認の事項", f"{report.unknowns_recorded:,}件"),
        ("制度に記した出典の食い違い", f"{report.conflicts_recorded:,}件"),
        ("事例", f"{report.cases:,}件（柱別: {_shares(report.cases_by_pillar)}）"),
        ("成果が確認できない事例", _listed(report.cases_without_results)),
        ("事例のない都道府県", _listed(report.prefectures_without_case, 47)),
        ("事例の多いテーマ", _shares(report.cases_by_theme)),
        ("国の目標", f"{report.targets:,}件"),
    ]
