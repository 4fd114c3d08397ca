"""Start the assistant, or run its tests, on a machine that has Python 3.11 and nothing else of ours.

    python3 run.py            make .venv, install, build the index when needed, open the app
    python3 run.py test       the same environment with the test tools; runs every test
    python3 run.py -- ask …   any command of the console script

Standard library only.  A stamp (sha256 of the files that decide what is installed) makes the
second start go straight to the app.  Next to a folder ``wheels`` (see ``assistant bundle``)
everything is installed from there and nothing is fetched.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tomllib
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
WHEELS = ROOT / "wheels"
STAMP = VENV / "installed.sha256"
CPU_TORCH = "torch==2.13.0"  # a CPU build; a plain "torch" pulls gigabytes of CUDA on Linux
MINIMUM = (3, 11)


def venv_python() -> Path:
    """The interpreter inside the environment."""
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def fail(message: str) -> None:
    """End with one Japanese message."""
    sys.stderr.write(message + "\n")
    raise SystemExit(1)


def wanted_stamp(extras: str) -> str:
    """What decides the contents of the environment."""
    parts = [(ROOT / "pyproject.toml").read_bytes(), str(sys.version_info[:2]).encode(), extras.encode()]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def is_installed(extras: str) -> bool:
    """Whether the environment holds what is asked for; one with the test tools also serves the app."""
    if not STAMP.is_file() or not venv_python().is_file():
        return False
    stamps = STAMP.read_text(encoding="ascii").split()
    return wanted_stamp(extras) in stamps or (extras == "app" and wanted_stamp("test") in stamps)


def pip(*arguments: str) -> None:
    """Run pip in the environment; from the kit's wheels where there are any."""
    source = ["--no-index", "--find-links", str(WHEELS)] if WHEELS.is_dir() else []
    command = [
        str(venv_python()),
        "-m",
        "pip",
        "--disable-pip-version-check",
        *arguments[:1],
        *source,
        *arguments[1:],
    ]
    if subprocess.run(command, cwd=ROOT, check=False).returncode != 0:
        fail(
            "必要な部品を入れられませんでした。\n"
            "原因: 上の pip の表示をご覧ください。\n"
            "対処: ネットワークにつながる端末で実行するか、「assistant bundle」で作った持ち運び用キットをお使いください。"
        )


def install(extras: str) -> None:
    """Make the environment and install into it."""
    sys.stderr.write("初回の準備をしています（数分かかることがあります）…\n")
    if not venv_python().is_file():
        try:
            venv.EnvBuilder(with_pip=True, clear=VENV.exists()).create(VENV)
        except (subprocess.CalledProcessError, OSError) as error:
            fail(
                f"Python の仮想環境を作れませんでした。\n原因: {error}\n"
                "対処: Debian・Ubuntu では「sudo apt install python3-venv」を実行してください。"
            )
    if extras == "test":
        groups = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["dependency-groups"]
        pip("install", "-q", CPU_TORCH)
        pip("install", "-q", "-e", f"{ROOT}[embed]", *groups["dev"])
    elif WHEELS.is_dir():
        project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
        pip(
            "install",
            "-q",
            *project["project"]["dependencies"],
            *project["build-system"]["requires"],
            "editables",
        )
        pip("install", "-q", "--no-deps", "--no-build-isolation", "-e", str(ROOT))
    else:
        pip("install", "-q", "-e", str(ROOT))
    STAMP.write_text(wanted_stamp(extras), encoding="ascii")


def call(*arguments: str) -> int:
    """Run the environment's Python with UTF-8 everywhere."""
    environment = {**os.environ, "PYTHONUTF8": "1"}
    return subprocess.run([str(venv_python()), *arguments], cwd=ROOT, env=environment, check=False).returncode


def main(arguments: list[str]) -> int:
    """Install what is missing, then start the app, the tests, or a command."""
    if sys.version_info < MINIMUM:
        fail(
            f"Python {MINIMUM[0]}.{MINIMUM[1]} 以上が必要です（いまは {sys.version.split()[0]} です）。\n"
            "対処: https://www.python.org/ から新しい Python を入れて、もう一度実行してください。"
        )
    testing = bool(arguments) and arguments[0] == "test"
    extras = "test" if testing else "app"
    if not is_installed(extras):
        install(extras)
    if testing:
        return call("-m", "pytest", *arguments[1:])
    if arguments and arguments[0] == "--":
        return call("-m", "assistant", *arguments[1:])
    return call("-m", "assistant", "serve", "--prepare", *arguments)


if __name__ == "__main__":
    try:
        raise SystemExit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        raise SystemExit(130) from None
