"""The page about the command line says what the program does."""

from cli_reference import PAGE, cli_reference


def test_the_page_is_what_the_program_says() -> None:
    assert PAGE.read_text(encoding="utf-8") == cli_reference(), "run: python tests/docs/cli_reference.py"
