"""Command lines as the shells of macOS, Linux and Windows read them."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence

_PLAIN = re.compile(r"[A-Za-z0-9_./:-]+")  # means itself in every shell
#: What PowerShell takes for a single quotation mark (about_Quoting_Rules).
_SINGLE_QUOTES = re.compile("['‘’‚‛]")


def posix(words: Sequence[str]) -> str:
    """For a POSIX shell."""
    return shlex.join(words)


def powershell(words: Sequence[str]) -> str:
    """For PowerShell, where single quotation marks keep all but themselves as it is.

    See :func:`needs_powershell_7_3`.
    """
    return " ".join(
        word
        if _PLAIN.fullmatch(word)
        else "'" + _SINGLE_QUOTES.sub(lambda mark: mark[0] * 2, word) + "'"
        for word in words
    )


def needs_powershell_7_3(words: Sequence[str]) -> bool:
    """True if older PowerShells would hand on other words than these.

    They put a word with spaces between double quotation marks and leave those inside it
    as they are, and the backslashes before the last one (see PowerShell's
    ``$PSNativeCommandArgumentPassing``, new in 7.3).
    """
    return any('"' in word or (" " in word and word.endswith("\\")) for word in words)


def cmd(words: Sequence[str]) -> str:
    """For Windows' Command Prompt; not for a batch file, which counts % otherwise."""
    return " ".join(map(_cmd_word, words))


def _cmd_word(word: str) -> str:
    if _PLAIN.fullmatch(word):
        return word
    # The program's own rules first (CommandLineToArgvW): a backslash counts as such
    # unless a quotation mark follows its row, so there they are doubled.
    inside = re.sub(r'(\\*)"', r'\1\1\\"', word)
    inside = re.sub(r"(\\+)\Z", r"\1\1", inside)
    quoted = f'"{inside}"'
    if "%" not in word and '"' not in word:
        return quoted  # between quotation marks all else is text to the shell
    # The shell's rules around them: with a caret before every mark nothing is quoted to
    # it, and nothing is special. One after each % as well, so that no variable's name
    # stands between two of them.
    return re.sub(r'[()%!^"<>&|]|(?<=%).', r"^\g<0>", quoted)
