"""How every page is rendered: escaped, and with no name left undefined."""

from jinja2 import Environment, PackageLoader, StrictUndefined


def page_templates() -> Environment:
    """The package's templates; each page adds the filters of its own."""
    return Environment(
        loader=PackageLoader("sarex.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
