"""What can go wrong, in one tree.

AssistantError
├── InputError                 the person's words or file are off           (exit status 2)
│   ├── QuestionRejected       empty or far too long question
│   ├── UnknownName            grant, fact, municipality, source … not known; names near ones
│   ├── FactRejected           a fact's value cannot be read
│   └── FileUnreadable         broken, passworded, empty, too large, wrong kind
├── CorpusInvalid              our own data has mistakes; lists all of them   (exit status 1)
├── IndexUnusable              missing, damaged, stale or of another format
├── ModelFailed                the chat model could not be reached or spoke nonsense
├── DependencyMissing          an optional package is not installed
├── FetchFailed                a publisher's original could not be fetched
└── StorageFailed              disk full, no permission, database locked

Each error says what happened, why, and what to do, in Japanese; the faces show
``str(error)`` and nothing else.
"""

from __future__ import annotations

import errno
from collections.abc import Iterable
from pathlib import Path
from typing import Final

_CAUSES: Final = {
    errno.ENOENT: "ファイルまたはフォルダーがありません",
    errno.EACCES: "読み書きの権限がありません",
    errno.EPERM: "読み書きの権限がありません",
    errno.EROFS: "書き込みのできない場所です",
    errno.ENOSPC: "空き容量が足りません",
    errno.EDQUOT: "使える容量の上限に達しています",
    errno.EISDIR: "ファイルではなくフォルダーです",
    errno.ENOTDIR: "途中の名前がフォルダーではありません",
    errno.EEXIST: "同じ名前のものが既にあります",
    errno.ENAMETOOLONG: "名前が長すぎます",
}
_REMEDIES: Final = {
    errno.ENOENT: "フォルダーを作るか、ある場所の名前を指定してください。",
    errno.ENOTDIR: "フォルダーの名前を確かめてください。",
    errno.EISDIR: "ファイルの名前まで指定してください。",
    errno.EEXIST: "別の名前を指定してください。",
    errno.ENAMETOOLONG: "短い名前を指定してください。",
}


def say_cause(error: OSError) -> str:
    """Why the system refused, in Japanese; its own words stand at the end in brackets."""
    cause = _CAUSES.get(error.errno or 0, "読み書きができませんでした")
    name = str(error.filename or "")
    if error.errno == errno.ENOENT and name and not Path(name).parent.is_dir():
        cause = f"フォルダー「{Path(name).parent}」がありません"
    place = f"「{name}」: " if name else ""
    return f"{place}{cause}［{error.strerror or error}］"


def say_remedy(error: OSError) -> str:
    """What to do about it."""
    return _REMEDIES.get(error.errno or 0, "保存先の空き容量と書き込み権限をご確認ください。")


class AssistantError(Exception):
    """Base of all errors that a person may see."""

    exit_status = 1

    def __init__(self, what: str, *, why: str = "", remedy: str = "") -> None:
        self.what = what
        self.why = why
        self.remedy = remedy
        super().__init__(what)

    def __str__(self) -> str:
        parts = [self.what]
        if self.why:
            parts.append(f"原因: {self.why}")
        if self.remedy:
            parts.append(f"対処: {self.remedy}")
        return "\n".join(parts)


class InputError(AssistantError):
    """The person's words or file are off."""

    exit_status = 2


class QuestionRejected(InputError):
    """The question is empty or too long."""


class UnknownName(InputError):
    """A name that nothing here bears; ``near`` holds close ones."""

    def __init__(self, what: str, *, near: Iterable[str] = (), why: str = "", remedy: str = "") -> None:
        self.near = tuple(near)
        hint = f"もしかして: {'、'.join(self.near)}" if self.near else ""
        super().__init__(what, why=why, remedy=remedy or hint)


class FactRejected(InputError):
    """A fact's value cannot be read as its kind."""


class FileUnreadable(InputError):
    """A file that cannot be read; ``file`` is its display name."""

    def __init__(self, file: str, why: str, remedy: str = "別のファイルをお試しください。") -> None:
        self.file = file
        super().__init__(f"「{file}」を読み込めませんでした。", why=why, remedy=remedy)


class CorpusInvalid(AssistantError):
    """Our own data has mistakes; all of them are listed."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        shown = "\n".join(f"  ・{p}" for p in self.problems[:50])
        more = f"\n  …ほか{len(self.problems) - 50}件" if len(self.problems) > 50 else ""
        super().__init__(
            f"資料データに{len(self.problems)}件の誤りがあります。\n{shown}{more}",
            remedy="上記のファイルと項目を直してから、もう一度お試しください。",
        )


class IndexUnusable(AssistantError):
    """The index is missing, damaged, stale or of another format."""


class ModelFailed(AssistantError):
    """The chat model could not be reached or did not answer in the agreed form."""


class DependencyMissing(AssistantError):
    """An optional package is not installed; the remedy is the exact line to type."""


class FetchFailed(AssistantError):
    """A publisher's original could not be fetched."""


class StorageFailed(AssistantError):
    """Disk full, no permission, or the database is locked."""
