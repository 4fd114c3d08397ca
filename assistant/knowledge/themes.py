"""The closed list of themes under which cases stand, and the words people use for them."""

from __future__ import annotations

from pathlib import Path

from assistant.errors import CorpusInvalid, UnknownName
from assistant.japanese.text import normalise
from assistant.knowledge.nearness import nearest
from assistant.knowledge.sources import read_yaml


class Themes:
    """Themes by name and by any of the words for them."""

    def __init__(self, synonyms_by_theme: dict[str, tuple[str, ...]]) -> None:
        """Raises ``CorpusInvalid`` where a word is given to two themes."""
        self.names = tuple(synonyms_by_theme)
        self._synonyms = synonyms_by_theme
        self._theme_by_word: dict[str, str] = {}
        problems = []
        for theme, words in synonyms_by_theme.items():
            for word in (theme, *words):
                taken = self._theme_by_word.setdefault(normalise(word), theme)
                if taken != theme:
                    problems.append(f"themes.yaml: 「{word}」が「{taken}」と「{theme}」の両方にあります。")
        if problems:
            raise CorpusInvalid(problems)

    def of(self, word: str) -> str:
        """The theme that a word means; ``UnknownName`` with near themes where it means none."""
        theme = self._theme_by_word.get(normalise(word.strip()))
        if theme is None:
            near = nearest(normalise(word.strip()), self._theme_by_word)
            themes = tuple(dict.fromkeys(self._theme_by_word[hit] for hit in near))
            raise UnknownName(f"「{word}」というテーマはありません。", near=themes)
        return theme

    def synonyms(self, theme: str) -> tuple[str, ...]:
        """The other words for a theme, in the order of the file."""
        return self._synonyms[self.of(theme)]

    def named_in(self, text: str) -> tuple[str, ...]:
        """Themes that a text names by any of their words of two characters or more, in the list's order."""
        plain = normalise(text)
        named = {theme for word, theme in self._theme_by_word.items() if len(word) > 1 and word in plain}
        return tuple(theme for theme in self.names if theme in named)


def load_themes(path: Path) -> Themes:
    """Read ``themes.yaml``: theme → list of the words for it."""
    try:
        raw = read_yaml(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CorpusInvalid([f"{path.name}: 読み込めません（{error}）。"]) from error
    if not isinstance(raw, dict) or not all(
        isinstance(words, list) and all(isinstance(word, str) for word in words) for words in raw.values()
    ):
        raise CorpusInvalid([f"{path.name}: テーマごとに語のリストを書いてください。"])
    return Themes({str(theme): tuple(words) for theme, words in raw.items()})
