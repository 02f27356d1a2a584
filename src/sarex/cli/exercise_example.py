"""`sarex exercise example`: the files of the joint example, to make an exercise of one's own from."""

from pathlib import Path

from rich.console import Console

from sarex.errors import InputError, OutputError
from sarex.exercise.file.door import example_path


def copy_example(out: Path, console: Console) -> None:
    """The three files, byte for byte, into a new or empty folder.

    Raises:
        InputError: something lies there already, which is never written over.
        OutputError: the folder cannot be written.
    """
    example = example_path()
    files = sorted(example.parent.glob("*.toml"))
    try:
        if out.exists() and (not out.is_dir() or any(out.iterdir())):
            raise InputError(
                f"--out is {out}, where something lies already; the example goes only into a new or empty "
                "folder. Give another name."
            )
        out.mkdir(parents=True, exist_ok=True)
        for file in files:
            (out / file.name).write_bytes(file.read_bytes())
    except OSError as error:
        raise OutputError(
            f"the example cannot be written into {out}: {error.strerror or error}. Give a folder that can be."
        ) from error
    lines = (
        f"Written into {out}: {', '.join(file.name for file in files)}.",
        f"{example.name} is the exercise, with the truth: for exercise control only.",
        f"Edit it, then rehearse: sarex exercise start {out / example.name} --auto --log rehearsal.sqlite",
    )
    for line in lines:
        console.print(line, markup=False, highlight=False)
