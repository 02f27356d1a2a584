"""docs/reference/cli.md, made from the program itself: `python tests/docs/cli_reference.py` writes it."""

import inspect
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints

from typer import Typer
from typer.models import ArgumentInfo, OptionInfo

from sarex.cli.app import app

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "cli.md"
HEAD = """# The command line

Written from the program by `python tests/docs/cli_reference.py`; a test keeps the two in step.
`sarex --version` prints the version, `sarex COMMAND --help` says what stands here.
"""
FOOT = """
## Exit status

| status | meaning | what is on disk |
|---|---|---|
| 0 | all is well | the whole new result folder |
| 1 | the result could not be written whole; `sarex check`: a rule is broken | what was there before |
| 2 | something given cannot be used: command line, case file, forcing file, plan | what was there before |
| 130 | interrupted (Ctrl-C) | what was there before |

While a plan is searched for, Ctrl-C ends that search with the best plan so far, and the status is 0. On
the first run that waits until its kernels are compiled.

With status 2 a sentence on standard error names the field, its value, the rule and the remedy.

## Environment variables

| name | meaning |
|---|---|
| `SAREX_CACHE_DIR` | where coasts and fetched forcing are kept; otherwise the user's cache folder |
| `SAREX_CORES` | threads side by side; otherwise one for every processor; the answer is the same |
| `NUMBA_CACHE_DIR` | where compiled kernels are kept; otherwise beside the installed package |
"""


def cli_reference() -> str:
    """The whole page."""
    commands = _commands(app, "")
    for group in app.registered_groups:
        if group.typer_instance is not None:
            commands += _commands(group.typer_instance, f"{group.name} ")
    return HEAD + "".join(_command(name, callback) for name, callback in commands) + FOOT


def _commands(of: Typer, before: str) -> list[tuple[str, Callable[..., Any]]]:
    """The commands of a program or of one of its groups, by the words that call them."""
    return [
        (before + (info.name or info.callback.__name__), info.callback)
        for info in of.registered_commands
        if info.callback is not None
    ]


def _command(name: str, callback: Callable[..., Any]) -> str:
    hints = get_type_hints(callback, include_extras=True)
    parameters = inspect.signature(callback).parameters.values()
    rows = [_row(parameter.name, hints[parameter.name], parameter.default) for parameter in parameters]
    usage = " ".join(["sarex", name, *(usage for usage, _ in rows)])
    table = "".join(row for _, row in rows)
    return (
        f"\n## sarex {name}\n\n{inspect.getdoc(callback)}\n\n    {usage}\n\n"
        f"| parameter | meaning | default |\n|---|---|---|\n{table}"
    )


def _row(name: str, hint: Any, default: Any) -> tuple[str, str]:
    """How a parameter stands in the usage line, and its row of the table."""
    annotated, info = get_args(hint)
    required = default is inspect.Parameter.empty
    shown = "required" if required else "" if default in (None, "", False) else f"`{default}`"
    if isinstance(info, ArgumentInfo):
        spelled = name.upper() + ("..." if get_origin(annotated) is list else "")
    elif isinstance(info, OptionInfo):
        # typer takes the first flag for a default until a command is called
        flags = (*(info.param_decls or ()), *([info.default] if isinstance(info.default, str) else ()))
        flag = next(iter(flags), "--" + name.replace("_", "-"))
        spelled = flag if annotated in (bool, bool | None) else f"{flag} {_values(annotated)}"
    else:
        raise TypeError(f"{name} is neither an argument nor an option of typer")
    in_table = spelled.replace("|", "\\|")
    return spelled if required else f"[{spelled}]", f"| `{in_table}` | {info.help} | {shown} |\n"


def _values(annotated: Any) -> str:
    kinds = [kind for kind in (get_args(annotated) or (annotated,)) if kind is not NoneType]
    (kind,) = kinds
    if get_origin(kind) is list:  # may be given several times
        return f"{_values(*get_args(kind))}..."
    if issubclass(kind, StrEnum):
        return "|".join(kind)
    return {Path: "PATH", int: "INTEGER", float: "NUMBER", str: "TEXT"}[kind]


if __name__ == "__main__":
    PAGE.write_text(cli_reference(), encoding="utf-8")
