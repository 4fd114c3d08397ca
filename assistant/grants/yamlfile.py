"""Reading a YAML file that people write by hand: no aliases, no doubled keys, bounded size and depth."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from assistant.grants.problems import Problem

_LARGEST_BYTES = 1_000_000
_DEEPEST = 40
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class YamlFile:
    """The plain data of a file, the line of each key, and what is wrong with it.

    ``data`` is None where the file cannot be used.
    """

    def __init__(self, path: Path, shown: str) -> None:
        self.shown = shown
        self.problems: list[Problem] = []
        self._lines: dict[str, int] = {}
        self.data: dict[str, Any] | None = None
        text = self._text(path)
        if text is not None and self._is_tame(text):
            self.data = self._load(text)
        if self.problems:
            self.data = None

    def line_of(self, key: str) -> int | None:
        """Line of a path such as ``rules[2].needs``, or of its nearest ancestor; None if unknown."""
        while key and key not in self._lines:
            key = key[: max(key.rfind("."), key.rfind("["), 0)]
        return self._lines.get(key)

    def problem(self, key: str, what: str, fix: str = "") -> Problem:
        """A problem at a key of this file."""
        return Problem(self.shown, self.line_of(key), key, what, fix)

    def _refuse(self, line: int | None, key: str, what: str, fix: str) -> None:
        self.problems.append(Problem(self.shown, line, key, what, fix))

    def _text(self, path: Path) -> str | None:
        try:
            raw = path.read_bytes()
        except OSError as error:
            self._refuse(
                None, "", f"読めません（{error.strerror}）", "ファイルの場所と権限を確かめてください"
            )
            return None
        if len(raw) > _LARGEST_BYTES:
            self._refuse(None, "", "大きすぎます（1MBまで）", "ファイルを分けてください")
            return None
        try:
            return raw.decode("utf-8-sig")
        except UnicodeDecodeError:
            self._refuse(None, "", "文字コードが UTF-8 ではありません", "UTF-8 で保存し直してください")
            return None

    def _is_tame(self, text: str) -> bool:
        """Look at the events before building anything: an alias can unfold to gigabytes."""
        depth = 0
        try:
            for event in yaml.parse(text, Loader=_Loader):
                mark = event.start_mark
                line = mark.line + 1 if mark else None
                if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
                    self._refuse(
                        line, "", "YAMLの別名（& と *）は使えません", "同じ内容でもその場に書いてください"
                    )
                    return False
                if isinstance(event, yaml.CollectionStartEvent):
                    depth += 1
                elif isinstance(event, yaml.CollectionEndEvent):
                    depth -= 1
                if depth > _DEEPEST:
                    self._refuse(line, "", "入れ子が深すぎます", f"{_DEEPEST}段までにしてください")
                    return False
        except yaml.YAMLError as error:
            self._refuse_syntax(error)
            return False
        return True

    def _load(self, text: str) -> dict[str, Any] | None:
        loader = _Loader(text)
        try:
            node = loader.get_single_node()
            if not isinstance(node, yaml.MappingNode):
                self._refuse(
                    1, "", "「名前: 値」の並びではありません", "docs/writing-rules.ja.md の形で書いてください"
                )
                return None
            self._remember(node, "")
            data: dict[str, Any] = loader.construct_document(node)
            return data
        except (yaml.YAMLError, ValueError) as error:
            self._refuse_syntax(error)
            return None
        finally:
            loader.dispose()

    def _remember(self, node: Any, path: str) -> None:
        self._lines.setdefault(path, node.start_mark.line + 1)
        if isinstance(node, yaml.MappingNode):
            seen = set()
            for key_node, value_node in node.value:
                key = str(key_node.value)
                below = f"{path}.{key}" if path else key
                line = key_node.start_mark.line + 1
                self._lines[below] = line
                if key in seen:
                    self._refuse(line, below, "同じ項目が2度書かれています", "片方を消してください")
                seen.add(key)
                self._remember(value_node, below)
        elif isinstance(node, yaml.SequenceNode):
            for position, child in enumerate(node.value):
                self._remember(child, f"{path}[{position}]")

    def _refuse_syntax(self, error: Exception) -> None:
        mark = getattr(error, "problem_mark", None)
        reason = getattr(error, "problem", None) or str(error).splitlines()[0]
        self._refuse(
            mark.line + 1 if mark else None,
            "",
            f"YAMLとして読めません（{reason}）",
            "字下げ（半角空白）、「: 」の後の空白、引用符の閉じ忘れを確かめてください",
        )
