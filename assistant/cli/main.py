"""The console script ``assistant``.

Only the module of the command that was called is imported: the app's web stack takes longer
to import than a question takes to answer.
"""

from __future__ import annotations

import importlib
import re
import sys

import typer

from assistant.errors import InputError

# command → (module in assistant.cli, name in it, whether it is a group of commands)
COMMANDS: dict[str, tuple[str, str, bool]] = {
    "index": ("indexing", "app", True),
    "ask": ("asking", "ask", False),
    "search": ("asking", "search", False),
    "grants": ("grants", "app", True),
    "judge": ("grants", "judge", False),
    "cases": ("cases", "cases", False),
    "review": ("reviewing", "review", False),
    "sync": ("syncing", "sync", False),
    "evaluate": ("evaluating", "evaluate", False),
    "serve": ("serving", "serve", False),
    "api": ("api", "api", False),
    "bundle": ("serving", "bundle", False),
}


def make_app(wanted: str | None) -> typer.Typer:
    """The command line; with the command of that name alone where there is one, else with all."""
    app = typer.Typer(
        name="assistant",
        help="地方創生の交付金・支援制度・事例に、出典つきで答えます。",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )

    @app.callback()
    def _all() -> None:
        """地方創生の交付金・支援制度・事例に、出典つきで答えます。"""

    names = [wanted] if wanted in COMMANDS else list(COMMANDS)
    for name in names:
        module, attribute, is_group = COMMANDS[name]
        target = getattr(importlib.import_module(f"assistant.cli.{module}"), attribute)
        if is_group:
            app.add_typer(target, name=name)
        else:
            app.command(name)(target)
    return app


# Typer carries a copy of click of its own, so its errors are found by way of the one it exports.
_UsageError: type[Exception] = typer.BadParameter.__bases__[0]
_ClickError: type[Exception] = _UsageError.__bases__[0]
_USAGE = (
    (re.compile(r"No such command '?([^'.]+)'?"), "「{0}」というコマンドはありません。"),
    (re.compile(r"No such option:? '?([^'. ]+)'?"), "「{0}」というオプションはありません。"),
    (re.compile(r"Missing (?:argument|parameter):? '?([^'. ]+)'?"), "「{0}」の指定がありません。"),
    (re.compile(r"Missing option '?([^'.]+)'?"), "オプション「{0}」の指定がありません。"),
    (re.compile(r"unexpected extra arguments?(?:\(s\))?:? \(?([^)]+)\)?"), "余分な指定「{0}」があります。"),
    (re.compile(r"Option '?([^' ]+)'? requires an argument"), "オプション「{0}」に値がありません。"),
    (re.compile(r"valid integer|not a valid int"), "整数で指定するところに、整数ではない値があります。"),
    (re.compile(r"greater than|less than|not in the range"), "指定できる範囲の外の値があります。"),
)


def usage_in_japanese(message: str) -> str:
    """Click's English usage error as a Japanese sentence."""
    for pattern, sentence in _USAGE:
        match = pattern.search(message)
        if match:
            return sentence.format(*match.groups())
    return "指定された言葉を解釈できませんでした。"


def main() -> None:
    """Run the command line; usage errors are told in Japanese, with exit status 2."""
    arguments = sys.argv[1:] or ["serve", "--prepare"]  # without a command: the app
    try:
        status = make_app(arguments[0])(arguments, standalone_mode=False)
    except _ClickError as error:
        if type(error).__name__ == "NoArgsIsHelpError":
            sys.stderr.write(f"{error}\n")
            raise SystemExit(2) from None
        what = "コマンドの指定が正しくありません。"
        parameter = getattr(getattr(error, "param", None), "opts", None) or [""]
        why = usage_in_japanese(str(getattr(error, "message", "")) or str(error)) + (
            f"（{parameter[-1]}）" if parameter[-1] else ""
        )
        told = InputError(what, why=why, remedy="`assistant --help` で使い方をご確認ください。")
        sys.stderr.write(f"{told}\n")
        raise SystemExit(2) from None
    except (typer.Abort, KeyboardInterrupt):
        raise SystemExit(130) from None
    raise SystemExit(status if isinstance(status, int) else 0)
