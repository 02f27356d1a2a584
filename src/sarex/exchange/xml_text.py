"""Text that XML 1.0 can hold."""

import re

_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_text(text: str) -> str:
    """The text with the characters that no XML 1.0 file may hold (section 2.2) shown as a question mark.

    The libraries escape the rest; a control character in a name would make the whole file unreadable.
    """
    return _NOT_IN_XML.sub("?", text)
