"""Turns texts into training pairs, drawn anew each epoch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from training.encoder_batches import Ids, Pair, Pieces, Source
from training.encoder_data import Questions, Text, windows_of
from training.encoder_negatives import lexical_negatives

LONGEST = 480  # pieces of a passage that training reads; longer ones are cut


@dataclass
class Material:
    """Everything there is to learn from (held-out texts are not in it)."""

    jaquad: Questions
    laws: list[tuple[str, str, Text]] = field(default_factory=list)
    bulletins: list[Text] = field(default_factory=list)
    city: list[Text] = field(default_factory=list)
    corpus: list[Text] = field(default_factory=list)
    thesaurus: list[tuple[str, ...]] = field(default_factory=list)
    plain: list[tuple[str, ...]] = field(default_factory=list)  # as people say it, as offices put it
    reworded: list[tuple[str, Text]] = field(default_factory=list)  # said with thesaurus words → text
    asked: list[tuple[str, Text]] = field(
        default_factory=list
    )  # what people say → text with the official word
    people: list[tuple[str, Text]] = field(default_factory=list)  # questions in people's words → article
    synonyms: list[tuple[str, ...]] = field(default_factory=list)  # words of one meaning

    @property
    def titled(self) -> list[Text]:
        """Texts under a heading of their own."""
        return [*self.bulletins, *self.city, *self.corpus]

    def strings(self) -> list[str]:
        """Every distinct string, sorted."""
        found = {question for question, _ in self.jaquad.questions}
        for text in [*self.jaquad.texts, *self.titled, *(text for _, _, text in self.laws)]:
            found.add(text.heading)
            found.update(text.sentences)
        for law, caption, _ in self.laws:
            found.update((law, caption))
        for words in [*self.thesaurus, *self.plain, *self.synonyms]:
            found.update(words)
        found.update(said for said, _ in [*self.reworded, *self.asked, *self.people])
        found.discard("")
        return sorted(found)


@dataclass(frozen=True)
class Shares:
    """How many pairs of each kind an epoch holds."""

    jaquad_questions: int = 30_000
    jaquad_sentences: int = 17_000
    law_sentences: int = 20_000
    law_captions: int = 20_000
    titles: int = 12_000
    title_sentences: int = 12_000
    thesaurus_copies: int = 4
    plain_copies: int = 8
    synonyms: int = 4_000
    reworded: int = 16_000
    asked: int = 12_000
    people_copies: int = 4
    dropped: float = 0.5  # of the pieces of a reworded sentence, at the most
    clustered: float = 0.8  # share of the statute pairs that meet others of their statute
    without_title: float = 0.1  # JaQuAD passages shown without their title
    keep_sentence: float = 0.1  # the drawn sentence stays in its passage


CONTINUED = Shares(  # for a model that has learnt from all of it before
    jaquad_questions=12_000,
    jaquad_sentences=5_000,
    law_sentences=4_000,
    law_captions=10_000,
    titles=4_000,
    title_sentences=8_000,
    reworded=10_000,
    asked=10_000,
    thesaurus_copies=2,
    plain_copies=3,
    synonyms=3_000,
)


class Sources:
    """Draws the pairs of an epoch."""

    def __init__(self, material: Material, pieces: Pieces, shares: Shares) -> None:
        self.material, self.pieces, self.shares = material, pieces, shares
        groups = [
            t.group for t in [*material.jaquad.texts, *(t for _, _, t in material.laws), *material.titled]
        ]
        self._cluster = {name: number for number, name in enumerate(dict.fromkeys(groups))}
        self._key: dict[tuple[str, ...], int] = {}
        self._captions = Counter(caption for _, caption, _ in material.laws)
        whole = [self._passage(t) for t in material.jaquad.texts]
        self._whole = whole
        self._asked = [pieces.of(question) for question, _ in material.jaquad.questions]
        self._hard = lexical_negatives(self._asked, whole, [gold for _, gold in material.jaquad.questions])
        self._titled_whole = [self._passage(t) for t in material.titled]
        place = {(t.heading, t.sentences): number for number, t in enumerate(material.titled)}
        self._people_hard = lexical_negatives(
            [pieces.of(question) for question, _ in material.people],
            self._titled_whole,
            [place.get((t.heading, t.sentences), -1) for _, t in material.people],
        )
        bodies = [pieces.of(*t.sentences)[:LONGEST] for _, _, t in material.laws]
        self._law_bodies = bodies

    def _passage(self, text: Text, *, heading: bool = True, without: int | None = None) -> Ids:
        sentences = [s for i, s in enumerate(text.sentences) if i != without]
        return self.pieces.of(*([text.heading] if heading else []), *sentences)[:LONGEST]

    def _key_of(self, text: Text) -> int:
        return self._key.setdefault(text.sentences, len(self._key))

    def epoch(self, rng: np.random.Generator) -> list[Source]:
        """The pairs of one epoch, one source per kind."""
        near = self.shares.clustered
        articles = [text for _, _, text in self.material.laws]
        return [
            Source(self._questions(rng)),
            Source(self._sentences(self.material.jaquad.texts, self.shares.jaquad_sentences, rng)),
            Source(self._sentences(articles, self.shares.law_sentences, rng), near),
            Source(self._captions_to_articles(rng), near),
            Source(self._titles(rng)),
            Source(self._sentences(self.material.titled, self.shares.title_sentences, rng)),
            Source(self._said(self.material.reworded, self.shares.reworded, rng, drop=True)),
            Source(self._said(self.material.asked, self.shares.asked, rng)),
            Source(self._people(rng)),
            Source([*self._words(rng), *self._plain(rng), *self._synonyms(rng)], apart=True),
        ]

    def _questions(self, rng: np.random.Generator) -> list[Pair]:
        pairs = []
        bare = rng.random(len(self._asked)) < self.shares.without_title
        drawn = rng.permutation(len(self._asked))[: self.shares.jaquad_questions].tolist()
        for number in drawn:
            gold = self.material.jaquad.questions[number][1]
            text = self.material.jaquad.texts[gold]
            passage = self._passage(text, heading=False) if bare[number] else self._whole[gold]
            hard = tuple(self._whole[i] for i in self._hard[number])
            pairs.append(
                Pair(self._asked[number], passage, self._key_of(text), self._cluster[text.group], hard)
            )
        return pairs

    def _sentences(self, texts: Sequence[Text], wanted: int, rng: np.random.Generator) -> list[Pair]:
        """Inverse cloze: a sentence → the rest of its passage."""
        usable = [t for t in texts if len(t.sentences) > 1]
        if not usable or not wanted:
            return []
        wanted = min(wanted, 3 * len(usable))
        pairs = []
        for number in self._spread(len(usable), wanted, rng):
            text = usable[number]
            place = int(rng.integers(len(text.sentences)))
            query = self.pieces.of(text.sentences[place])
            keep = rng.random() < self.shares.keep_sentence
            passage = self._passage(text, without=None if keep else place)
            if len(query) > 3 and len(passage) > 3:
                pairs.append(Pair(query[:80], passage, self._key_of(text), self._cluster[text.group]))
        return pairs

    def _captions_to_articles(self, rng: np.random.Generator) -> list[Pair]:
        laws = self.material.laws
        wanted = min(self.shares.law_captions, len(laws))
        pairs = []
        for number in self._spread(len(laws), wanted, rng):
            law, caption, text = laws[number]
            body = self._law_bodies[number]
            if rng.random() < 0.25 and self._captions[caption] <= 3:
                query, body = self.pieces.of(caption), np.concatenate([self.pieces.of(law), body])
            else:
                query = self.pieces.of(law, caption)
            if len(body) > 3:
                pairs.append(Pair(query, body, self._key_of(text), self._cluster[text.group]))
        return pairs

    def _titles(self, rng: np.random.Generator) -> list[Pair]:
        texts = self.material.titled
        pairs = []
        for number in self._spread(len(texts), min(self.shares.titles, 3 * len(texts)), rng):
            text = texts[number]
            pairs.append(
                Pair(
                    self.pieces.of(text.heading),
                    self._passage(text, heading=False),
                    self._key_of(text),
                    self._cluster[text.group],
                )
            )
        return [p for p in pairs if len(p.query) and len(p.passage) > 3]

    def _said(
        self, said: Sequence[tuple[str, Text]], wanted: int, rng: np.random.Generator, *, drop: bool = False
    ) -> list[Pair]:
        """What is said in other words → its text; ``drop``: some of its pieces are left out."""
        pairs = []
        for number in self._spread(len(said), min(wanted, len(said)), rng):
            words, text = said[number]
            query = self.pieces.of(words)[:80]
            if drop and len(query) > 3:
                query = query[rng.random(len(query)) >= rng.random() * self.shares.dropped]
            pairs.append(Pair(query, self._passage(text), self._key_of(text), self._cluster[text.group]))
        return [p for p in pairs if len(p.query) and len(p.passage) > 3]

    def _people(self, rng: np.random.Generator) -> list[Pair]:
        """Questions in people's words → the article, with what BM25 takes for it as negatives."""
        pairs = []
        for (question, text), hard in zip(self.material.people, self._people_hard, strict=True):
            query, key = self.pieces.of(question), self._key_of(text)
            others = tuple(self._titled_whole[i] for i in hard)
            windows = windows_of([text])
            known = [len(set(query.tolist()) & set(self._passage(w).tolist())) for w in windows]
            best = windows[int(np.argmax(known))]
            for passage in (self._passage(text), self._passage(best)):
                copies = self.shares.people_copies // 2
                pairs += [Pair(query, passage, key, self._cluster[text.group], others)] * copies
        return pairs

    def _words(self, rng: np.random.Generator) -> list[Pair]:
        groups = self.material.thesaurus
        return self._same_meaning(groups, list(range(len(groups))) * self.shares.thesaurus_copies, -1, rng)

    def _plain(self, rng: np.random.Generator) -> list[Pair]:
        groups = self.material.plain
        drawn = list(range(len(groups))) * self.shares.plain_copies
        return self._same_meaning(groups, drawn, -500_000, rng)

    def _synonyms(self, rng: np.random.Generator) -> list[Pair]:
        groups = self.material.synonyms
        drawn = rng.permutation(len(groups))[: self.shares.synonyms].tolist()
        return self._same_meaning(groups, drawn, -1_000_000, rng)

    def _same_meaning(
        self, groups: Sequence[tuple[str, ...]], drawn: Sequence[int], key: int, rng: np.random.Generator
    ) -> list[Pair]:
        """Two words of each drawn group; ``key - number`` names the group."""
        pairs = []
        for number in drawn:
            left, right = rng.choice(len(groups[number]), 2, replace=False).tolist()
            words = groups[number][left], groups[number][right]
            pairs.append(Pair(self.pieces.of(words[0]), self.pieces.of(words[1]), key - number, -1))
        return [p for p in pairs if len(p.query) and len(p.passage)]

    @staticmethod
    def _spread(count: int, wanted: int, rng: np.random.Generator) -> list[int]:
        """``wanted`` numbers below ``count``, each drawn about equally often."""
        rounds = [rng.permutation(count) for _ in range(-(-wanted // max(1, count)))]
        return np.concatenate(rounds)[:wanted].tolist() if rounds else []
