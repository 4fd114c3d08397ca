"""The console script ``assistant``.

Only the module of the command that was called is imported: the app's web stack takes longer
to import than a question takes to answer.
"""

from __future__ import annotations

import importlib
import sys

import click
import typer

from assistant.errors import InputError

# command → (module in assistant.cli, name in it, whether it is a group of commands)
COMMANDS: dict[str, tuple[str, str, bool]] = {
    "index": ("indexing", "app", True),
    "ask": ("asking", "ask", False),
    "search": ("asking", "search", False),
    "grants": ("grants", "app", True),
    "judge": ("grants", "judge", False),
    "serve": ("serving", "serve", False),
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


def main() -> None:
    """Run the command line; usage errors are told in Japanese, with exit status 2."""
    arguments = sys.argv[1:] or ["serve", "--prepare"]  # without a command: the app
    try:
        status = make_app(arguments[0])(arguments, standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        sys.stdout.write(error.format_message() + "\n")
        raise SystemExit(2) from None
    except click.exceptions.ClickException as error:
        told = InputError(
            "コマンドの指定が正しくありません。",
            why=error.format_message(),
            remedy="`assistant --help` で使い方をご確認ください。",
        )
        sys.stderr.write(f"{told}\n")
        raise SystemExit(2) from None
    except (click.exceptions.Abort, KeyboardInterrupt):
        raise SystemExit(130) from None
    raise SystemExit(status if isinstance(status, int) else 0)
