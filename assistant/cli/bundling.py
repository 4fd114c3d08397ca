"""The kit for a PC without a network: the project, its wheels, its corpus and its index."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

from assistant.errors import InputError, StorageFailed, say_cause
from assistant.settings import ROOT, Settings

_FILES = ("pyproject.toml", "run.py", "README.md", "README.ja.md", "CHANGELOG.md", "streamlit_app.py")
_FOLDERS = ("assistant", "prompts", ".streamlit", "docs")
_LEFT_OUT = shutil.ignore_patterns("__pycache__", "*.pyc", ".DS_Store")


def make_bundle(settings: Settings, out: Path, *, say: Callable[[str], None]) -> Path:
    """Write the kit to the new folder ``out``; ``python3 run.py`` there installs with ``--no-index``.

    One kit serves the operating system and Python version it was made on, because wheels do.
    """
    if out.exists() and any(out.iterdir()):
        raise InputError(
            f"「{out.absolute()}」は空ではありません。",
            remedy="新しいフォルダー名を --out で指定してください。",
        )
    work = out.with_name(out.name + ".part")
    shutil.rmtree(work, ignore_errors=True)
    try:
        work.mkdir(parents=True)
        say(f"「{out.absolute()}」にキットを作ります。")
        say("プログラムと資料を写しています…")
        for name in _FILES:
            if (ROOT / name).is_file():
                shutil.copy2(ROOT / name, work / name)
        for name in _FOLDERS:
            if (ROOT / name).is_dir():
                shutil.copytree(ROOT / name, work / name, ignore=_LEFT_OUT)
        shutil.copytree(settings.corpus, work / "corpus", ignore=_LEFT_OUT)
        if settings.index.is_dir():
            shutil.copytree(settings.index, work / "index", ignore=_LEFT_OUT)
        say("部品（wheel）を集めています。数分かかります…")
        _collect_wheels(work / "wheels")
        if out.exists():
            out.rmdir()
        work.rename(out)
    except OSError as error:
        raise StorageFailed(
            "キットを作れませんでした。",
            why=say_cause(error),
            remedy="空き容量（約1.5GB）と書き込み権限をご確認ください。",
        ) from error
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return out


def _collect_wheels(folder: Path) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = [*project["project"]["dependencies"], *project["build-system"]["requires"], "editables"]
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "-q",
        "--disable-pip-version-check",
        "-w",
        str(folder),
        *wanted,
    ]
    done = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603 (our own interpreter and list)
    if done.returncode != 0:
        told = done.stderr.strip().splitlines()[-1:]
        raise StorageFailed(
            "部品（wheel）を集められませんでした。",
            why="pip が部品を取得できませんでした" + "".join(f"［{line}］" for line in told),
            remedy="ネットワークにつながる端末で実行してください。",
        )
