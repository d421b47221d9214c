"""What an address says, checked before a widget sees it; and one line for a failure.

Whatever an address may hold is a :class:`Setting`. A page says which it uses
(:func:`enter`, once, before its first widget) and finds each under its name in
``st.session_state``: from the address where that says something, else as it stands on
the pages before. What cannot be taken is left out, and the page says so. From then on
the address follows the settings.
"""

from __future__ import annotations

import dataclasses
import functools
import math
import re
import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from urllib.parse import urlencode

import streamlit as st
from streamlit.logger import get_logger
from streamlit.runtime.scriptrunner import get_script_run_ctx

from app_parts import address as browser
from textgen.views import typeset
from textgen.writing.rules import SMALLEST_TEMPERATURE

_LOG = get_logger("textgen")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)
_SWITCH = {
    **dict.fromkeys(("1", "true", "yes", "on"), True),
    **dict.fromkeys(("0", "false", "no", "off"), False),
}
#: Below the page: what has no size stands there, where it moves nothing.
_foot: ContextVar = ContextVar("foot", default=None)
#: Above the page: what was not taken from the address.
_head: ContextVar = ContextVar("head")


@dataclasses.dataclass(frozen=True)
class Setting:
    """One thing that an address may say.

    Attributes:
        name: in the address and in ``st.session_state``.
        kind: ``"whole"``, ``"number"``, ``"choice"``, ``"text"`` or ``"switch"``.
        default: what it is where nobody says otherwise, which no address holds; None
            for a number that the page works out (see :func:`fit`).
        low: the least of a number.
        high: the most of a number.
        choices: what may be chosen, or a function that says so, for choices that depend
            on the settings before.
        shown: choices by what the page calls them, in lower case.
        aliases: its names in older links.
    """

    name: str
    kind: str
    default: object = None
    low: float = 0
    high: float = 1_000_000
    choices: tuple[str, ...] | Callable[[], Iterable[str]] = ()
    shown: dict[str, str] = dataclasses.field(default_factory=dict)
    aliases: tuple[str, ...] = ()

    def options(self) -> tuple[str, ...]:
        """What may be chosen now."""
        return tuple(self.choices() if callable(self.choices) else self.choices)

    def read(self, text: str) -> object:
        """The value that an address gives.

        Raises:
            ValueError: it gives none; says what it is not, in plain words.
        """
        if self.kind == "text":
            return text
        text = text.strip()
        if self.kind in ("whole", "number"):
            return self._read_number(text)
        if self.kind == "switch":
            known = _SWITCH
        else:
            known = {name.casefold(): name for name in self.options()}
            known = self.shown | known
        if (value := known.get(text.casefold())) is None:
            kind = "true or false" if self.kind == "switch" else "one of the choices"
            raise ValueError(f"not {kind}")
        return value

    def _read_number(self, text: str) -> float:
        whole = self.kind == "whole"
        # NaN is in no range.
        value = float(text) if _NUMBER.fullmatch(text) else math.nan
        if not self.low <= value <= self.high or (whole and not value.is_integer()):
            raise ValueError(_not_in(self.low, self.high, whole=whole))
        if abs(value) < SMALLEST_TEMPERATURE:
            value = 0.0  # neither -0 nor what the model's arithmetic makes 0 of
        return int(value) if whole else value

    def write(self, value: object) -> str:
        """A value as an address says it."""
        if self.kind == "switch":
            return str(bool(value)).lower()
        return f"{value:.10g}" if self.kind == "number" else str(value)


def _not_in(low: float, high: float, *, whole: bool) -> str:
    kind = "a whole number" if whole else "a number"
    return f"not {kind} from {low:,.10g} to {high:,.10g}"


@dataclasses.dataclass
class _Here:
    """Where a session is.

    Attributes:
        page: the page's name.
        settings: those that it uses.
        defaults: of the settings whose default the page works out.
        came: settings that the address gave, and whose range the page has not looked at
            yet: it may come with a view that is not shown.
        notes: what was not taken from the address.
        said: the address, as it was last told to the browser.
        left: addresses of pages that were left before the browser was told, by page and
            by what it had been told.
        name: of the session.
        told: how often the browser was told.
    """

    page: str | None = None
    settings: tuple[Setting, ...] = ()
    defaults: dict[str, object] = dataclasses.field(default_factory=dict)
    came: set[str] = dataclasses.field(default_factory=set)
    notes: list[str] = dataclasses.field(default_factory=list)
    said: dict[str, str] = dataclasses.field(default_factory=dict)
    left: dict[tuple[str, str], dict[str, str]] = dataclasses.field(
        default_factory=dict
    )
    name: str = dataclasses.field(default_factory=lambda: secrets.token_hex(8))
    told: int = 0


def _here() -> _Here:
    return st.session_state.setdefault("guard", _Here())


def enter(page: str, settings: Iterable[Setting]) -> None:
    """Take what the address says; once per run, before any widget.

    Who comes by a link or by the menu finds what the address says, and all else as it
    was on the page before. Who comes with the browser's Back or Forward finds the page
    as it was left: what its address does not say is at its default. While somebody
    stays, the widgets count, and the address follows them.

    Args:
        page: its name, which ends its address; empty for the first page.
        settings: those that the page uses, each after those that its choices depend on.
    """
    here = _here()
    back = getattr(get_script_run_ctx(), "is_history_navigation", False)
    stays = here.page == page and not back
    if not stays:
        _leave(here)
    here.page, here.settings = page, tuple(settings)
    if not stays:
        here.came.clear()
        here.notes.clear()
        given = st.query_params.to_dict()
        if back:
            given = here.left.get((page, urlencode(given)), given)
        for setting in here.settings:
            _take(setting, given, here, reset=back)
    said = address()
    if stays and said != here.said:
        here.notes.clear()
        # address.js lets it replace the address that was there.
        st.query_params.from_dict(said)
    _show(said, "address")
    _head.set(st.empty())
    _say(here)


def _leave(here: _Here) -> None:
    """Keep what the page was left with, if its address has not followed.

    What was typed and not entered comes together with the wish for another page, so
    that the page itself never runs with it, and the browser's history has the entry
    without it.
    """
    if here.page is not None:
        entry, left = (here.page, urlencode(here.said)), address()
        here.left.pop(entry, None)
        if left != here.said:
            here.left[entry] = left


def _take(setting: Setting, given: dict[str, str], here: _Here, *, reset: bool) -> None:
    """Set what the address says of one setting; else what it was, or its default."""
    state = st.session_state
    names = (setting.name, *setting.aliases)
    name = next((name for name in names if name in given), None)
    text = "" if name is None else given[name]
    # Of the settings only a text can be empty on purpose.
    if text.strip() or (setting.kind == "text" and name is not None):
        try:
            state[setting.name] = setting.read(text)
        except ValueError as error:
            _note(here, name, text, str(error))
        else:
            here.came.add(setting.name)
            return
    # Set even if it stays: the widgets of another page do not hand their values over.
    value = setting.default if reset else state.get(setting.name, setting.default)
    state[setting.name] = value


def _note(here: _Here, name: str, text: str, why: str) -> None:
    visible = "".join(c if c.isprintable() else " " for c in text)
    short = visible if len(visible) <= 40 else f"{visible[:39]}…"
    here.notes.append(f"{name} = “{short}” ({why})")


def _say(here: _Here) -> None:
    """One quiet line with all that was not taken from the address."""
    if here.notes:
        line = f"Not taken from the address: {'; '.join(here.notes)}."
        _head.get().caption(typeset.plain_markdown(line))


def fit(name: str, low: int, high: int, default: int) -> int:
    """A whole number whose range the page knows only now; before its widget.

    Args:
        name: of a setting without a default.
        low: the least.
        high: the most.
        default: what it is unless somebody says otherwise; until then it follows.

    Returns:
        The number. One beyond the range is its end, or the default if the address asked
        for it, and then the page says so.
    """
    here, state = _here(), st.session_state
    value, before = state.get(name), here.defaults.get(name)
    here.defaults[name] = fitting = default
    asked = _asked_for(here, name)
    if value is not None and value != before:
        fitting = max(low, min(high, value))
        if fitting != value and asked:
            fitting = default
            _note(here, name, str(value), _not_in(low, high, whole=True))
            _say(here)
    if fitting != value:
        state[name] = fitting
    return fitting


def asked_for(name: str) -> bool:
    """True while nobody has looked whether what the address gave can be had."""
    return name in _here().came


def _asked_for(here: _Here, name: str) -> bool:
    """The same, and from now on somebody has."""
    asked = name in here.came
    here.came.discard(name)
    return asked


def settle(name: str, value: str, why: str | None) -> None:
    """Put a text right of which some cannot be used.

    Args:
        name: of the setting.
        value: what is left of it.
        why: what may stand there, for the page to say if the address had it; None where
            only the form changes.
    """
    here, state = _here(), st.session_state
    if _asked_for(here, name) and why and state[name] != value:
        part = "in part; " if value else ""
        _note(here, name, state[name], f"{part}it may hold {why}")
        _say(here)
    if state[name] != value:
        state[name] = value


def check(name: str, read: Callable[[str], object]) -> None:
    """Leave out a text that the address gave and that cannot be read; before its
    widget.

    What a person typed stays as it is, for them to mend.

    Args:
        name: of the setting.
        read: makes something of its value, or raises a ``ValueError`` that says what is
            wrong with it.
    """
    here, state = _here(), st.session_state
    asked = _asked_for(here, name)
    try:
        read(state[name])
    except ValueError as error:
        if asked:
            _note(here, name, state[name], str(error))
            _say(here)
            (usual,) = (one.default for one in here.settings if one.name == name)
            state[name] = usual


def field(name: str) -> dict:
    """What every widget of a setting is given: its value stays when it is not shown."""
    return {"key": name, "persist_state": "session"}


def address(settings: Iterable[Setting] | None = None) -> dict[str, str]:
    """What an address with the settings as they are should say.

    Args:
        settings: which; by default those of this page.
    """
    here, state = _here(), st.session_state
    said = {}
    for setting in here.settings if settings is None else settings:
        value = state.get(setting.name)
        default = here.defaults.get(setting.name, setting.default)
        if value is not None and value != default:
            said[setting.name] = setting.write(value)
    return said


def _show(said: dict[str, str], key: str) -> None:
    here = _here()
    here.said = said
    here.told += 1
    if (foot := _foot.get()) is not None:
        with foot:
            browser.show(
                here.page, urlencode(said), session=here.name, turn=here.told, key=key
            )


@contextmanager
def watch() -> Iterator[None]:
    """Run a page: no trace of an error is shown, only a number that the log has too."""
    body, foot = st.container(), st.container()
    token = _foot.set(foot)
    try:
        with body:
            if failed := st.session_state.pop("guard_failed", None):
                sorry(failed)
            yield
        if (said := address()) != _here().said:
            _show(said, "address_after")  # the page itself brought a number into range
    except Exception as error:
        with body:
            sorry(_log(error))
    finally:
        _foot.reset(token)


def callback(function: Callable[..., None]) -> Callable[..., None]:
    """:func:`watch` for what a widget calls, which happens before the page runs."""

    @functools.wraps(function)
    def watched(*args, **kwargs) -> None:
        try:
            function(*args, **kwargs)
        except Exception as error:
            st.session_state["guard_failed"] = _log(error)

    return watched


def _log(error: Exception) -> str:
    """Write an error to the log; returns its number."""
    number = secrets.token_hex(2)
    _LOG.error("Error %s on page %r", number, _here().page, exc_info=error)
    return number


def sorry(number: str) -> None:
    """Say that something failed."""
    st.error(
        f"Something went wrong here (number {number}). Please load the page again. If "
        "it happens again, tell whoever runs this app the number: the log has it too.",
        icon=":material/error:",
    )
