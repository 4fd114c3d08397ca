"""What the ranker sees of each candidate: one row per passage, one column per feature.

All columns are array operations over the candidates laid side by side; the whole matrix for
some 45 candidates costs two to three milliseconds.
"""

from __future__ import annotations

import re
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from assistant.search.candidates import END, Candidates
from assistant.search.query import Query, Weighed
from assistant.search.terms import bigram_keys, hiragana_table, word_table

Column = NDArray[np.float32]

FEATURES = (
    "content",
    "char",
    "bigram",
    "head",
    "content/max",
    "char/max",
    "bigram/max",
    "sum/max",
    "sum-max",
    "vector",
    "vector-max",
    "vector*gap",
    "coverage",
    "coverage-sentence",
    "coverage-2-sentences",
    "coverage-first",
    "missing",
    "missing-count",
    "frequency",
    "neighbours",
    "near",
    "head-coverage",
    "head-precision",
    "run",
    "run/length",
    "run-weight",
    "runs-2",
    "runs-3",
    "runs-4",
    "bigram-coverage",
    "bigram-sentence",
    "bigram-2-sentences",
    "script-coverage",
    "length",
    "siblings",
    "when*date",
    "when*date-sentence",
    "how-many*digits",
    "how-many*digits-sentence",
    "where*place-sentence",
    "who*person-sentence",
    "best-sentence-length",
)

_WHEN = re.compile("いつ|何年|何月|何日|年月|時期|期限|締切|何世紀|何曜")
_MANY = re.compile(
    "いくつ|いくら|何[人円歳回個件名台本枚割%キメ千万億倍つ位]|どのくらい|どれくらい|どれだけ|金額|上限|補助率|何メートル"
)
_WHERE = re.compile("どこ|何[県市町村区国島駅]|場所|所在|窓口|出身")
_WHO = re.compile("誰|だれ|何者|人物|人は")
_NEAR = 6  # words
_OTHER_NAME = np.float32(0.9)  # how far another name counts as the word asked with
_DIGITS = "0123456789一二三四五六七八九十百千万億"


@lru_cache(maxsize=1)
def _tables() -> dict[str, NDArray[np.bool_]]:
    def table(characters: str) -> NDArray[np.bool_]:
        out = np.zeros(0x10000, dtype=bool)
        out[[ord(c) for c in characters]] = True
        return out

    return {
        "end": table("。！？!?\n"),
        "digit": table(_DIGITS),
        "date": table("年月日"),
        "place": table("県府都市町村区国州島駅課局室省庁"),
        "person": table("氏者人家王帝卿"),
    }


def _any_by(flags: NDArray[np.bool_], owner: NDArray[np.int64], count: int) -> Column:
    return (np.bincount(owner[flags], minlength=count) > 0).astype(np.float32)


def _share(weights: Column, present: NDArray[np.float32]) -> Column:
    """Weighted share of rows present, per column of ``present``."""
    total = float(weights.sum())
    if total == 0.0:
        return np.zeros(present.shape[1], dtype=np.float32)
    return (weights @ present / np.float32(total)).astype(np.float32)


def _best_two(
    weights: Column, present: NDArray[np.float32], owner: NDArray[np.int64], count: int
) -> tuple[Column, Column, NDArray[np.int64]]:
    """Coverage by the best sentence of each passage, by it and one more, and which sentence it is.

    ``present``: terms × sentences; ``owner``: the passage of each sentence, ascending.
    """
    best, two = np.zeros(count, dtype=np.float32), np.zeros(count, dtype=np.float32)
    which = np.full(count, -1, dtype=np.int64)
    if present.shape[1] == 0:
        return best, two, which
    shares = _share(weights, present)
    order = np.lexsort((np.arange(len(shares)), -shares, owner))
    first = np.flatnonzero(np.concatenate(([True], owner[order][1:] != owner[order][:-1])))
    which[owner[order][first]] = order[first]
    best[owner[order][first]] = shares[order[first]]
    both = _share(weights, np.maximum(present, present[:, which[owner]]))
    np.maximum.at(two, owner, both)
    return best, two, which


def _word_columns(weighed: Weighed, found: Candidates) -> dict[str, Column]:
    query, count = weighed.query, len(found)
    weights = weighed.idf["content"][: query.asked].astype(np.float32)
    lengths = np.diff(found.term_at)
    owner = np.repeat(np.arange(count), lengths)
    ends = found.terms == END
    sentence = np.cumsum(ends) - ends  # a mark belongs to the sentence that it ends
    sentences = int(ends.sum())
    sentence_owner = owner[ends]
    first_position = found.term_at[:-1]
    in_head = np.arange(len(found.terms)) - first_position[owner] < found.head_terms[owner]
    head_sentence = in_head[ends]

    asked = (found.terms >= 0) & (found.terms < len(query.lemmas))
    all_terms = np.zeros((len(query.lemmas), sentences), dtype=np.float32)
    all_terms[found.terms[asked], sentence[asked]] = 1.0
    present = all_terms[: query.asked]
    # Another name in a sentence stands for the word asked with; one that a caller gave without saying
    # for which word stands for the words that no passage holds.
    unknown = np.flatnonzero(weighed.unknown[: query.asked]).tolist()
    for expansion in query.expansions:
        rows = list(expansion.word_terms) if expansion.word else unknown
        if rows and expansion.other_terms:
            there = all_terms[list(expansion.other_terms)].min(axis=0) * _OTHER_NAME
            present[rows] = np.maximum(present[rows], there)

    whole = np.zeros((query.asked, count), dtype=np.float32)
    head = np.zeros_like(whole)
    if sentences and query.asked:
        first = np.flatnonzero(np.concatenate(([True], sentence_owner[1:] != sentence_owner[:-1])))
        owners = sentence_owner[first]
        whole[:, owners] = np.maximum.reduceat(present, first, axis=1)
        head[:, owners] = np.maximum.reduceat(present * head_sentence, first, axis=1)
    best, two, _ = _best_two(weights, present, sentence_owner, count)
    first_body = np.zeros(count, dtype=np.float32)
    body_sentences = np.flatnonzero(~head_sentence)
    if len(body_sentences) and query.asked:
        owners, opening = np.unique(sentence_owner[body_sentences], return_index=True)
        first_body[owners] = _share(weights, present[:, body_sentences[opening]])

    missing = (weights[:, None] * (1.0 - whole)).max(axis=0) if query.asked else np.zeros(count, np.float32)
    frequency = np.log1p(np.bincount(owner[asked], minlength=count)).astype(np.float32)
    adjacent, near = _proximity(query, weights, found, owner, count)
    head_words = np.bincount(owner[in_head & ~ends], minlength=count)
    head_asked = np.bincount(owner[in_head & asked], minlength=count)
    return {
        "coverage": _share(weights, whole),
        "coverage-sentence": best,
        "coverage-2-sentences": two,
        "coverage-first": first_body,
        "missing": missing.astype(np.float32),
        "missing-count": (whole < 0.5).sum(axis=0).astype(np.float32),
        "frequency": frequency,
        "neighbours": adjacent,
        "near": near,
        "head-coverage": _share(weights, head),
        "head-precision": (head_asked / np.maximum(head_words, 1)).astype(np.float32),
    }


def _proximity(
    query: Query, weights: Column, found: Candidates, owner: NDArray[np.int64], count: int
) -> tuple[Column, Column]:
    """idf share of the question's neighbouring word pairs that stand together / within six words."""
    pairs = [(a, b) for a, b in zip(query.sequence, query.sequence[1:], strict=False) if a != b]
    adjacent, near = np.zeros(count, np.float32), np.zeros(count, np.float32)
    if not pairs or len(found.terms) < 2:
        return adjacent, near
    total = 0.0
    place = np.arange(len(found.terms))
    for a, b in dict.fromkeys(pairs):
        weight = np.float32(weights[a] + weights[b])
        total += float(weight)
        at_a, at_b = place[found.terms == a], place[found.terms == b]
        if len(at_a) == 0 or len(at_b) == 0:
            continue
        after = np.searchsorted(at_b, at_a)
        is_near, touches = np.zeros(count, dtype=bool), np.zeros(count, dtype=bool)
        for neighbour in (np.minimum(after, len(at_b) - 1), np.maximum(after - 1, 0)):
            gap = at_b[neighbour] - at_a
            same = owner[at_a] == owner[at_b[neighbour]]
            is_near[owner[at_a[same & (np.abs(gap) <= _NEAR)]]] = True
            touches[owner[at_a[same & (gap == 1)]]] = True
        near += weight * is_near
        adjacent += weight * touches
    return adjacent / np.float32(total), near / np.float32(total)


def _runs(weighed: Weighed, found: Candidates) -> dict[str, Column]:
    """Longest common runs of characters, and how much of the question lies in such runs."""
    query, count = weighed.query, len(found)
    codes = query.codes
    length = len(codes)
    kana = hiragana_table()[codes]
    idf = np.zeros(0x10000, dtype=np.float32)
    idf[query.characters] = weighed.idf["char"]
    reached = np.zeros((length, count), dtype=np.int16)  # longest run that ends at a place of the question
    run = np.zeros(len(found.codes), dtype=np.int16)
    step = np.zeros_like(run)
    starts = found.code_at[:-1]
    for i, code in enumerate(codes):
        step[1:] = run[:-1]
        step[0] = 0
        step[starts] = 0  # a run does not go from one passage into the next
        step += 1
        step *= found.codes == code
        run, step = step, run
        reached[i] = np.maximum.reduceat(run, starts)
    weight = np.where(word_table()[codes], idf[codes], 0.0).astype(np.float32)
    total = float(weight.sum()) or 1.0
    sums = np.concatenate([np.zeros(1, np.float32), np.cumsum(weight)])
    at = np.arange(length)[:, None]
    run_weight = (sums[at + 1] - sums[np.maximum(at + 1 - reached, 0)]).max(axis=0)
    columns = {
        "run": reached.max(axis=0).astype(np.float32),
        "run/length": (reached.max(axis=0) / max(length, 1)).astype(np.float32),
        "run-weight": (run_weight / total).astype(np.float32),
    }
    for least in (2, 3, 4):
        covered = np.zeros((length, count), dtype=bool)
        left = np.zeros(count, dtype=np.int16)  # of the run that covers the place, seen from its end
        for i in range(length - 1, -1, -1):
            left = np.maximum(left - 1, np.where(reached[i] >= least, reached[i], 0))
            covered[i] = left > 0
        columns[f"runs-{least}"] = (weight @ covered / total).astype(np.float32)
    script = np.unique(codes[word_table()[codes] & ~kana])
    if len(script):
        owner = np.repeat(np.arange(count), np.diff(found.code_at))
        numbers = np.full(0x10000, -1, dtype=np.int64)
        numbers[script] = np.arange(len(script))
        hits = numbers[found.codes]
        held = np.zeros((len(script), count), dtype=np.float32)
        held[hits[hits >= 0], owner[hits >= 0]] = 1.0
        columns["script-coverage"] = _share(idf[script], held)
    else:
        columns["script-coverage"] = np.zeros(count, dtype=np.float32)
    return columns


def _pair_columns(weighed: Weighed, found: Candidates) -> dict[str, Column]:
    """Bigram coverage by sentence, and whether the best sentence holds the kind of thing asked for."""
    query, count = weighed.query, len(found)
    tables = _tables()
    codes = found.codes
    owner = np.repeat(np.arange(count), np.diff(found.code_at))
    ends = tables["end"][codes]
    ends[found.code_at[1:] - 1] = True
    sentence: NDArray[np.int64] = np.cumsum(ends) - ends
    sentences = int(ends.sum())
    sentence_owner = owner[ends]
    keys, _ = bigram_keys(codes)
    asked = query.bigrams[: query.asked_bigrams]
    order = np.argsort(asked)
    present = np.zeros((len(asked), sentences), dtype=np.float32)
    if len(asked):
        place = np.minimum(np.searchsorted(asked[order], keys), len(asked) - 1)
        hit = np.flatnonzero((asked[order][place] == keys) & ~ends[:-1])
        present[order[place[hit]], sentence[hit]] = 1.0
    weights = weighed.idf["bigram"][: query.asked_bigrams]
    best, two, which = _best_two(weights, present, sentence_owner, count)
    whole = np.zeros((len(asked), count), dtype=np.float32)
    if sentences and len(asked):
        first = np.flatnonzero(np.concatenate(([True], sentence_owner[1:] != sentence_owner[:-1])))
        whole[:, sentence_owner[first]] = np.maximum.reduceat(present, first, axis=1)

    in_body = np.arange(len(codes)) - found.code_at[owner] >= found.head_codes[owner]
    digit = tables["digit"][codes] & in_body
    dated = np.zeros(len(codes), dtype=bool)
    dated[1:] = digit[:-1] & tables["date"][codes[1:]]
    best_lengths = np.bincount(sentence, minlength=sentences)

    def in_best(flags: NDArray[np.bool_]) -> Column:
        held = np.zeros(sentences, dtype=bool)
        held[sentence[flags]] = True
        return np.where(which >= 0, held[which], False).astype(np.float32)

    def asks(pattern: re.Pattern[str]) -> np.float32:
        return np.float32(pattern.search(query.text) is not None)

    return {
        "bigram-coverage": _share(weights, whole),
        "bigram-sentence": best,
        "bigram-2-sentences": two,
        "when*date": asks(_WHEN) * _any_by(dated, owner, count),
        "when*date-sentence": asks(_WHEN) * in_best(dated),
        "how-many*digits": asks(_MANY) * _any_by(digit, owner, count),
        "how-many*digits-sentence": asks(_MANY) * in_best(digit),
        "where*place-sentence": asks(_WHERE) * in_best(tables["place"][codes] & in_body),
        "who*person-sentence": asks(_WHO) * in_best(tables["person"][codes] & in_body),
        "best-sentence-length": np.log1p(np.where(which >= 0, best_lengths[which], 0)).astype(np.float32),
    }


def _siblings(total: Column, title: NDArray[np.int64]) -> Column:
    """The best score among other candidates under the same title, as a share of the best of all."""
    top = float(total.max()) or 1.0
    out = np.zeros(len(total), dtype=np.float32)
    for name in np.unique(title):
        members = np.flatnonzero(title == name)
        if len(members) > 1:
            ranked = np.sort(total[members])
            out[members] = np.where(total[members] == ranked[-1], ranked[-2], ranked[-1]) / top
    return out


def compute_features(weighed: Weighed, found: Candidates, weights: dict[str, float]) -> NDArray[np.float32]:
    """The matrix (candidates × ``FEATURES``); ``weights``: of the fields in the sum."""
    content, char, bigram, head = found.fields
    total = (
        np.array([weights.get(n, 0.0) for n in ("content", "char", "bigram", "head")]) @ found.fields
    ).astype(np.float32)

    def by_best(column: Column) -> Column:
        return column / np.float32(float(column.max()) or 1.0)

    columns: dict[str, Column] = {
        "content": content,
        "char": char,
        "bigram": bigram,
        "head": head,
        "content/max": by_best(content),
        "char/max": by_best(char),
        "bigram/max": by_best(bigram),
        "sum/max": by_best(total),
        "sum-max": total - total.max(),
        "vector": found.cosine,
        "vector-max": found.cosine - found.cosine.max(),
        "length": np.log1p(np.diff(found.code_at)).astype(np.float32),
        "siblings": _siblings(total, found.title),
        **_word_columns(weighed, found),
        **_runs(weighed, found),
        **_pair_columns(weighed, found),
    }
    columns["vector*gap"] = (1.0 - columns["coverage"].max()) * found.cosine
    return np.stack([columns[name] for name in FEATURES], axis=1).astype(np.float32)
