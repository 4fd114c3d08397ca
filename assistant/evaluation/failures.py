"""Items that went wrong, with the reason a person can follow."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.domain import Noun, SupportLabel, VerdictOutcome
from assistant.evaluation.scene import Scene


class Failure(Noun):
    """One thing wrong with one item; ``weight`` orders failures, the gravest first."""

    item: str
    kind: str
    weight: int
    reason: str


def failures_of(scene: Scene) -> list[Failure]:
    """All that is wrong with an answer; empty where nothing is."""
    gold, given = scene.gold, scene.given
    found: list[tuple[int, str]] = []
    if given.error:
        found.append((100, f"エラーで答えられませんでした（{given.error}）。"))
    wrongly_possible = (
        bool(gold.verdicts)
        and given.verdict is VerdictOutcome.POSSIBLE
        and VerdictOutcome.POSSIBLE not in gold.verdicts
    )
    if wrongly_possible:
        found.append((95, "対象にならないものを「対象になり得る」と判定しました。"))
    elif gold.verdicts and given.verdict is not None and given.verdict not in gold.verdicts:
        found.append((60, f"判定が{given.verdict}ですが、正解は{'・'.join(gold.verdicts)}です。"))
    for pattern in scene.forbidden:
        found.append((90, f"示してはならない内容が表示されています（パターン: {pattern}）。"))
    for claim in scene.claims:
        text = claim.claim.text[:60]
        if claim.support in (SupportLabel.UNSUPPORTED, SupportLabel.CONTRADICTED):
            found.append((85, f"引用が裏付けていない文があります: {text}"))
        if not all(claim.exact):
            found.append((85, f"引用文が原文にありません: {text}"))
        if not all(claim.page_right):
            found.append((50, f"ページが違います: {text}"))
        if not claim.numbers_hold:
            found.append((70, f"数値が引用にありません: {text}"))
        if not claim.years_hold:
            found.append((70, f"年度が引用と違います: {text}"))
        if not claim.source_suits:
            found.append((20, f"第三者の資料だけに基づくことを示していません: {text}"))
    if not gold.answerable and not scene.is_honest and not scene.forbidden:
        found.append((80, "資料に答えのない質問に答えました。"))
    if gold.answerable:
        if not scene.is_shown:
            found.append((40, "資料に答えがあるのに答えませんでした。"))
        else:
            missing = [n.text for n in gold.nuggets if n.vital and not scene.says(n)]
            if missing:
                found.append((45, f"必須の要点がありません: {'、'.join(missing)}"))
    return [
        Failure(item=gold.id, kind=gold.kind, weight=weight, reason=reason)
        for weight, reason in sorted(found, reverse=True)
    ]


def worst(scenes: Sequence[Scene], k: int = 10) -> list[Failure]:
    """The gravest failure of each of the ``k`` worst items."""
    gravest = [found[0] for scene in scenes if (found := failures_of(scene))]
    return sorted(gravest, key=lambda failure: (-failure.weight, failure.item))[:k]
