"""Trains the Unigram pieces of the bundled encoder."""

from __future__ import annotations

from collections.abc import Iterable

from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, trainers

# A word never crosses a change of script; what is no letter or digit is dropped.
SCRIPTS = (
    r"[\p{Han}々〇〆ヵヶ]+|[\p{Hiragana}ー]+|[\p{Katakana}ー]+|\p{Nd}+|\p{Latin}+|[\p{Greek}\p{Cyrillic}]+"
)
UNKNOWN = "[UNK]"


def train_tokenizer(texts: Iterable[str], vocabulary: int, max_piece: int = 8) -> Tokenizer:
    """Unigram pieces over NFKC-folded lower-case text, cut where the script changes."""
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex(SCRIPTS), behavior="removed", invert=True)
    tokenizer.train_from_iterator(
        texts,
        trainers.UnigramTrainer(
            vocab_size=vocabulary,
            special_tokens=[UNKNOWN],
            unk_token=UNKNOWN,
            max_piece_length=max_piece,
            show_progress=False,
        ),
    )
    return tokenizer
