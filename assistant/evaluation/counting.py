"""What one item adds to each measure: parts of a sum, or () where the measure says nothing of the item."""

from __future__ import annotations

from assistant.domain import SupportLabel, VerdictOutcome
from assistant.evaluation import ranking
from assistant.evaluation.given import GivenClaim
from assistant.evaluation.scene import Scene
from assistant.japanese.calendar import find_fiscal_years

Parts = tuple[float, ...]
_WEIGHT = {SupportLabel.SUPPORTED: 1.0, SupportLabel.PARTIAL: 0.5}


def _mean(value: float | None) -> Parts:
    return () if value is None else (value, 1.0)


def _of_answerable(scene: Scene, value: float) -> Parts:
    return (value, 1.0) if scene.gold.answerable else ()


def _is_verdict_alone(scene: Scene) -> bool:
    return not scene.claims and scene.given.verdict is not None


# ── citations ────────────────────────────────────────────────────────────────


def citation_recall(scene: Scene) -> Parts:
    """Share of shown sentences that their quotes together bear out.

    Worked example: three sentences, one of them without support: 2/3.
    An answer that claims to answer but shows no sentence counts 0 unless it is a verdict, whose clauses are
    its citations; a refusal is counted elsewhere.
    """
    if not scene.is_shown or _is_verdict_alone(scene):
        return ()
    return _mean(
        sum(c.support is SupportLabel.SUPPORTED for c in scene.claims) / len(scene.claims)
        if scene.claims
        else 0.0
    )


def citation_precision(scene: Scene) -> Parts:
    """Share of citations that their sentence needs or that bear it out alone.

    Worked example: one borne-out sentence with two quotes, one of which bears nothing: 1/2.
    """
    if not scene.is_shown or _is_verdict_alone(scene):
        return ()
    needed = [flag for claim in scene.claims for flag in claim.needed]
    return _mean(sum(needed) / len(needed) if needed else 0.0)


def citation_recall_all(scene: Scene) -> Parts:
    """Citation recall in which a refused answerable question counts 0 (the empty answer counts)."""
    if not scene.gold.answerable:
        return ()
    if _is_verdict_alone(scene):
        return ()
    return citation_recall(scene) or (0.0, 1.0)


def support_recall(scene: Scene) -> Parts:
    """Weighted support (full 1, partial ½, none 0) over all shown sentences.

    Worked example: a full and a partial one: 1.5 / 2.
    """
    return (
        _mean(sum(_WEIGHT.get(c.support, 0.0) for c in scene.claims) / len(scene.claims))
        if scene.claims
        else ()
    )


def support_precision(scene: Scene) -> Parts:
    """The same weights over the sentences that carry a citation.

    Worked example: a full, a partial and one without citation: 1.5 / 2.
    """
    cited = [c for c in scene.claims if c.claim.citations]
    return _mean(sum(_WEIGHT.get(c.support, 0.0) for c in cited) / len(cited)) if cited else ()


def citations_matched(scene: Scene) -> Parts:
    """Share of citations to documents that the gold names, over answered items with such documents.

    Worked example: four citations, three to gold documents: 3/4.
    """
    cited = [c.document_id for claim in scene.given.claims for c in claim.citations]
    if not (cited and scene.gold.answerable and scene.gold.gold_documents):
        return ()
    return _mean(sum(d in scene.gold.gold_documents for d in cited) / len(cited))


def quote_exact(scene: Scene) -> Parts:
    """Share of quotes that stand, character for character, in the stored passage they name."""
    flags = [flag for claim in scene.claims for flag in claim.exact]
    return (float(sum(flags)), float(len(flags))) if flags else ()


def page_correct(scene: Scene) -> Parts:
    """Share of citations that name the page on which their passage stands."""
    flags = [flag for claim in scene.claims for flag in claim.page_right]
    return (float(sum(flags)), float(len(flags))) if flags else ()


def number_agreement(scene: Scene) -> Parts:
    """Share of sentences all of whose quantities stand in their quotes, units converted."""
    return (
        (float(sum(c.numbers_hold for c in scene.claims)), float(len(scene.claims))) if scene.claims else ()
    )


def year_agreement(scene: Scene) -> Parts:
    """Share of sentences all of whose years are those of their quotes."""
    return (float(sum(c.years_hold for c in scene.claims)), float(len(scene.claims))) if scene.claims else ()


def source_suitability(scene: Scene) -> Parts:
    """Share of sentences that rest on more than third parties or say that they do not."""
    return (
        (float(sum(c.source_suits for c in scene.claims)), float(len(scene.claims))) if scene.claims else ()
    )


def right_year(scene: Scene) -> Parts:
    """Share of answered items with an expected fiscal year that show a sentence of that year.

    A sentence is of the year when it names it, or cites a document of it or of none.
    """
    year = scene.gold.expected_year
    if year is None or not scene.gold.answerable or not scene.given.claims:
        return ()
    return _mean(float(any(_is_of_year(claim, year) for claim in scene.given.claims)))


def _is_of_year(claim: GivenClaim, year: int) -> bool:
    if any(mention.year == year for mention in find_fiscal_years(claim.text)):
        return True
    return any(not c.fiscal_years or year in c.fiscal_years for c in claim.citations)


# ── what is said ─────────────────────────────────────────────────────────────


def nugget_vital(scene: Scene) -> Parts:
    """Share of the vital nuggets of an answerable item that a shown sentence says; a refusal counts 0."""
    vital = [n for n in scene.gold.nuggets if n.vital]
    if not (scene.gold.answerable and vital):
        return ()
    return _mean(sum(scene.says(n) for n in vital) / len(vital))


def nugget_all(scene: Scene) -> Parts:
    """Share of all nuggets of an answerable item that a shown sentence says; a refusal counts 0."""
    if not (scene.gold.answerable and scene.gold.nuggets):
        return ()
    return _mean(sum(scene.says(n) for n in scene.gold.nuggets) / len(scene.gold.nuggets))


def case_hit(scene: Scene) -> Parts:
    """Share of questions for cases of which a gold case is among the first five shown."""
    if not scene.gold.gold_cases:
        return ()
    return _mean(float(bool(set(scene.gold.gold_cases).intersection(scene.given.cases[:5]))))


# ── whether to answer ────────────────────────────────────────────────────────


def _refusal(scene: Scene) -> tuple[bool, bool]:
    return scene.is_refusal, not scene.gold.answerable


def refusal_precision(scene: Scene) -> Parts:
    """Of the refusals, the share that were right.

    Worked example: five refusals, four of them of unanswerable questions: 4/5.
    """
    refused, right = _refusal(scene)
    return (float(right), 1.0) if refused else ()


def refusal_recall(scene: Scene) -> Parts:
    """Of the questions that the sources do not answer, the share refused or honestly corrected."""
    refused, right = _refusal(scene)
    return (float(refused), 1.0) if right else ()


def refusal_f1(scene: Scene) -> Parts:
    """Harmonic mean of refusal precision and recall: parts (tp, fp, fn)."""
    refused, right = _refusal(scene)
    return (float(refused and right), float(refused and not right), float(right and not refused))


def over_refusal(scene: Scene) -> Parts:
    """Of the answerable questions, the share for which nothing was shown."""
    return _of_answerable(scene, float(not scene.is_shown))


def false_answer_rate(scene: Scene) -> Parts:
    """Of the unanswerable questions, the share answered as if the sources bore an answer."""
    return () if scene.gold.answerable else (float(not scene.is_honest), 1.0)


def status_right(scene: Scene) -> Parts:
    """Share of items whose status is among those that the gold takes as right."""
    return _mean(float(scene.given.status in scene.gold.expected_status))


def forbidden_shown(scene: Scene) -> Parts:
    """How many items show a sentence that the gold forbids."""
    return (float(bool(scene.forbidden)),) if scene.gold.forbidden else ()


def unsupported_shown(scene: Scene) -> Parts:
    """How many shown sentences their quotes do not bear out or contradict."""
    wrong = (SupportLabel.UNSUPPORTED, SupportLabel.CONTRADICTED)
    return (float(sum(c.support in wrong for c in scene.claims)),) if scene.claims else ()


# ── verdicts and ranking ─────────────────────────────────────────────────────


def verdict_right(scene: Scene) -> Parts:
    """Of the answers with a verdict on an item that has gold verdicts, the share that are right."""
    if not scene.gold.verdicts or scene.given.verdict is None:
        return ()
    return _mean(float(scene.given.verdict in scene.gold.verdicts))


def false_eligible_answers(scene: Scene) -> Parts:
    """How many answers say 対象になり得る of what the sources exclude: the costliest mistake."""
    if not scene.gold.verdicts or scene.given.verdict is None:
        return ()
    possible = VerdictOutcome.POSSIBLE
    return (float(scene.given.verdict is possible and possible not in scene.gold.verdicts),)


def ndcg_10(scene: Scene) -> Parts:
    """nDCG@10 of the documents found; every gold document has gain 1."""
    gold = scene.gold.gold_documents
    if not (gold and scene.gold.answerable):
        return ()
    return _mean(ranking.ndcg(scene.given.ranking, dict.fromkeys(gold, 1), 10))


def mrr_10(scene: Scene) -> Parts:
    """Reciprocal rank of the first gold document among ten."""
    gold = scene.gold.gold_documents
    if not (gold and scene.gold.answerable):
        return ()
    return _mean(ranking.reciprocal_rank(scene.given.ranking, gold, 10))


def recall_10(scene: Scene) -> Parts:
    """Share of the gold documents among the first ten found."""
    gold = scene.gold.gold_documents
    if not (gold and scene.gold.answerable):
        return ()
    return _mean(ranking.recall_at(scene.given.ranking, gold, 10))
