"""A question as the index sees it: terms of each field, expansions, and pooled idf."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.japanese.text import normalise
from assistant.japanese.tokens import content_lemmas
from assistant.search.lexical import BIGRAM, CHAR, CONTENT, HEAD, Lexicon, inverse_frequency
from assistant.search.terms import Codes, bigram_keys, codes_of, lemma_keys, word_table
from assistant.search.thesaurus import Thesaurus

EXPANSION_WEIGHT = 0.8  # of another name; chosen on questions in citizens' words, others hardly mind
_REPLACING_WEIGHT = np.float32(1.0)  # of another name where no passage holds the word that was asked with
_PRUNE_ABOVE = 200_000  # passages; above it, characters found in half of them are not scored
_LONGEST = 400  # characters of a question that count


@dataclass(frozen=True, slots=True)
class Expansion:
    """Another name for something in the question."""

    word: str  # as it stands in the question; empty for one that a caller gave
    other: str
    word_terms: tuple[int, ...]  # numbers of the question's lemmas that ``word`` is made of
    other_terms: tuple[int, ...]  # numbers among ``Query.lemmas`` that ``other`` is made of
    word_bigrams: tuple[int, ...]  # keys
    other_bigrams: tuple[int, ...]


@dataclass(frozen=True)
class Query:
    """Distinct terms by field. The first ``asked`` lemmas are the question's, in order of appearance."""

    text: str
    codes: Codes
    lemmas: tuple[str, ...]
    asked: int
    sequence: tuple[int, ...]  # the question's lemmas in order, as numbers
    lemma_keys: NDArray[np.uint64]
    lemma_counts: NDArray[np.float32]
    characters: NDArray[np.int64]
    character_counts: NDArray[np.float32]
    bigrams: NDArray[np.uint32]
    bigram_counts: NDArray[np.float32]
    asked_bigrams: int
    expansions: tuple[Expansion, ...]


def _bigrams_of(codes: Codes) -> NDArray[np.uint32]:
    keys, term = bigram_keys(codes)
    return keys[term]


def analyse_query(
    question: str, thesaurus: Thesaurus, expansions: Iterable[str] = (), *, weight: float = EXPANSION_WEIGHT
) -> Query:
    """Terms of ``question``; ``expansions`` and the thesaurus add others at low weight."""
    text = normalise(question)[:_LONGEST]
    codes = codes_of(text)
    sequence_lemmas = content_lemmas(text)
    numbers: dict[str, int] = {}
    counts: list[float] = []
    sequence = []
    for lemma in sequence_lemmas:
        if lemma not in numbers:
            numbers[lemma] = len(numbers)
            counts.append(0.0)
        counts[numbers[lemma]] += 1.0
        sequence.append(numbers[lemma])
    asked = len(numbers)
    pairs = _bigrams_of(codes)
    bigrams, bigram_counts = np.unique(pairs, return_counts=True)
    bigram_weights = dict(zip(bigrams.tolist(), bigram_counts.astype(float).tolist(), strict=True))
    asked_bigrams = len(bigram_weights)

    found = []
    wanted = [
        *thesaurus.expand(text),
        *thesaurus.expand_lemmas(sequence_lemmas),
        *(("", normalise(word)) for word in expansions),
    ]
    for word, other in dict.fromkeys(wanted):
        if not other or other in text:
            continue
        other_lemmas = list(dict.fromkeys(content_lemmas(other)))
        for lemma in other_lemmas:
            if lemma not in numbers:
                numbers[lemma] = len(numbers)
                counts.append(weight)
        other_bigrams = tuple(_bigrams_of(codes_of(other)).tolist())
        for key in other_bigrams:
            bigram_weights.setdefault(key, weight)
        word_terms = tuple(
            numbers[w] for w in dict.fromkeys(content_lemmas(word)) if numbers.get(w, asked) < asked
        )
        other_terms = tuple(numbers[lemma] for lemma in other_lemmas)
        word_bigrams = tuple(_bigrams_of(codes_of(word)).tolist()) if word in text else ()
        found.append(Expansion(word, other, word_terms, other_terms, word_bigrams, other_bigrams))

    characters, character_counts = np.unique(codes[word_table()[codes]], return_counts=True)
    return Query(
        text=text,
        codes=codes,
        lemmas=tuple(numbers),
        asked=asked,
        sequence=tuple(sequence),
        lemma_keys=lemma_keys(list(numbers)),
        lemma_counts=np.array(counts, dtype=np.float32),
        characters=characters.astype(np.int64),
        character_counts=character_counts.astype(np.float32),
        bigrams=np.array(list(bigram_weights), dtype=np.uint32),
        bigram_counts=np.array(list(bigram_weights.values()), dtype=np.float32),
        asked_bigrams=asked_bigrams,
        expansions=tuple(found),
    )


@dataclass(frozen=True)
class Weighed:
    """A query against one or more indexes: rows per index, and idf over all of them together."""

    query: Query
    rows: tuple[dict[str, NDArray[np.int64]], ...]  # field name → each term as that index numbers it
    idf: dict[str, NDArray[np.float32]]
    unknown: NDArray[np.bool_]  # lemmas that no passage holds
    lemma_counts: NDArray[np.float32]  # how often the question says it; a low weight for other names
    bigram_counts: NDArray[np.float32]
    documents: int  # passages of all indexes together

    def score_all(self, number: int, lexicon: Lexicon, weights: dict[str, float]) -> NDArray[np.float32]:
        """The weighted sum of the fields for every passage of one index."""
        scores = np.zeros(lexicon.documents, dtype=np.float32)
        for name, factors in self.factors(weights).items():
            rows = self.rows[number][name]
            if name == CHAR.name and self.documents > _PRUNE_ABOVE:
                rows = np.where(self.idf[name] < np.log(2.0), -1, rows)
            lexicon.fields[name].add_scores(scores, rows, factors)
        return scores

    def factors(self, weights: dict[str, float]) -> dict[str, NDArray[np.float32]]:
        """idf × how often the question says it × weight of the field."""
        query = self.query
        counts = {
            CONTENT.name: self.lemma_counts,
            CHAR.name: query.character_counts,
            BIGRAM.name: self.bigram_counts,
            HEAD.name: self.lemma_counts,
        }
        return {
            name: (self.idf[name] * counts[name] * np.float32(weight)).astype(np.float32)
            for name, weight in weights.items()
            if weight and len(counts[name])
        }


def _rows(query: Query, lexicon: Lexicon) -> dict[str, NDArray[np.int64]]:
    lemmas = lexicon.lemma_rows(query.lemma_keys)
    return {
        CONTENT.name: lemmas,
        HEAD.name: lemmas,
        CHAR.name: query.characters,
        BIGRAM.name: query.bigrams.astype(np.int64),
    }


def weigh(query: Query, lexicons: Sequence[Lexicon], dead: Sequence[Lexicon] = ()) -> Weighed:
    """Look the terms up in every index and pool their document frequencies.

    ``dead``: lists of passages that ``lexicons`` still hold although they are no longer there.
    """
    rows = [_rows(query, lexicon) for lexicon in lexicons]
    signed = [(1, lexicon, line) for lexicon, line in zip(lexicons, rows, strict=True)]
    signed += [(-1, lexicon, _rows(query, lexicon)) for lexicon in dead]
    documents = sum(sign * lexicon.documents for sign, lexicon, _ in signed)
    idf = {}
    unknown = {CONTENT.name: np.zeros(0, dtype=bool), BIGRAM.name: np.zeros(0, dtype=bool)}
    for name in (CONTENT.name, CHAR.name, BIGRAM.name, HEAD.name):
        frequency = sum(
            (sign * lexicon.fields[name].document_frequency(line[name]) for sign, lexicon, line in signed),
            start=np.zeros(len(rows[0][name]), dtype=np.int64),
        )
        idf[name] = inverse_frequency(frequency, documents)
        if name in unknown:
            unknown[name] = frequency == 0
    counts = _replace_unknown(query, unknown[CONTENT.name], unknown[BIGRAM.name])
    return Weighed(query, tuple(rows), idf, unknown[CONTENT.name], *counts, documents)


def _replace_unknown(
    query: Query, unknown_lemmas: NDArray[np.bool_], unknown_bigrams: NDArray[np.bool_]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Counts of lemmas and bigrams in which the other names of a word that no passage holds weigh more.

    Such a word finds nothing, so its other names take its place instead of standing beside it.
    """
    lemma_counts, bigram_counts = query.lemma_counts.copy(), query.bigram_counts.copy()
    place = {key: number for number, key in enumerate(query.bigrams.tolist())}
    for expansion in query.expansions:
        absent = any(unknown_lemmas[t] for t in expansion.word_terms) or any(
            unknown_bigrams[place[key]] for key in expansion.word_bigrams
        )
        if not expansion.word:
            absent = bool(unknown_lemmas[: query.asked].any())
        if absent:
            terms = [t for t in expansion.other_terms if t >= query.asked]
            pairs = [n for key in expansion.other_bigrams if (n := place[key]) >= query.asked_bigrams]
            lemma_counts[terms] = np.maximum(lemma_counts[terms], _REPLACING_WEIGHT)
            bigram_counts[pairs] = np.maximum(bigram_counts[pairs], _REPLACING_WEIGHT)
    return lemma_counts, bigram_counts
