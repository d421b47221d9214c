"""Texts that are quoted in other texts: what would give a held-out one away."""

from __future__ import annotations

from collections.abc import Iterable


class Quotations:
    """Finds short texts inside longer ones, by their first words.

    Args:
        texts: the short ones; case does not matter.
    """

    LEAD = 3  # words

    def __init__(self, texts: Iterable[str]) -> None:
        self._by_lead: dict[tuple[str, ...], list[list[str]]] = {}
        for line in texts:
            parts = line.lower().split()
            self._by_lead.setdefault(tuple(parts[: self.LEAD]), []).append(parts)

    def quoted(self, text: str) -> bool:
        """True if a longer text holds one of them, whole."""
        parts = text.lower().split()
        for start in range(len(parts)):
            for length in range(1, self.LEAD + 1):
                lead = tuple(parts[start : start + length])
                for line in self._by_lead.get(lead, ()):
                    # One or two words are a quotation only when they are all there is.
                    whole = parts == line
                    inside = parts[start : start + len(line)] == line
                    if whole or (inside and len(line) >= self.LEAD):
                        return True
        return False
