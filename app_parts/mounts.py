"""The browser's side in the page: modules of ``web/``, joined into one text.

Streamlit takes a component's JavaScript as one text; only an installed package with a
manifest may serve it as files, and the app also runs from a checkout. In ``web/`` it
stands as ES modules, so that tests can import them one by one. What joins them knows
the two forms of import and export that are used there, and refuses every other.
"""

from __future__ import annotations

import re
from pathlib import Path

import streamlit as st

from textgen.storage import WEB

_IMPORT = re.compile(
    r'^import \{\s*([\w$]+(?:,\s*[\w$]+)*),?\s*\} from "(\.[\w./-]+\.js)";\n', re.M
)
_EXPORT = re.compile(
    r"^export (?=(?:const|class|(?:async )?function\*?) ([\w$]+))", re.M
)
_DEFAULT = re.compile(r"^export default (?=function )", re.M)
_OTHER = re.compile(r"^\s*(?:import|export)\b.*|\bimport\s*[(.].*", re.M)


def component(name: str, html: str, script: str, *styles: str):
    """Register a component of the page.

    Args:
        name: unique in the app.
        html: what it begins with.
        script: the module in ``web/`` whose default export draws it.
        *styles: its style sheets in ``web/``.

    Returns:
        What mounts it: a function of ``key``, ``data`` and callbacks.
    """
    return st.components.v2.component(
        name,
        # An empty line marks it as text, not the name of a file.
        html=f"{html}\n\n",
        css="\n".join((WEB / one).read_text(encoding="utf-8") for one in styles)
        or None,
        js=join(WEB / script, WEB),
    )


def join(entry: Path, root: Path) -> str:
    """Join a module with all that it imports.

    Every module keeps a scope of its own, so that a name means what it means in the
    file.

    Args:
        entry: the module whose default export is the outcome's.
        root: the folder that no import may leave.

    Returns:
        One module without imports.

    Raises:
        ValueError: a file has an import or export of another form, imports what the
            other does not export, or needs itself.
    """
    joined: dict[Path, str] = {}
    exports: dict[Path, set[str]] = {}
    opened: list[Path] = []
    root = root.resolve()

    def name(path: Path) -> str:
        return f'"{path.relative_to(root).as_posix()}"'

    def add(path: Path) -> None:
        if path in opened:
            raise ValueError(f"{path}: needs itself")
        if not path.is_relative_to(root):
            raise ValueError(f"{path}: lies outside {root}")
        opened.append(path)
        source = path.read_text(encoding="utf-8")

        def bind(found: re.Match) -> str:
            names = {*re.split(r",\s*", found[1])}
            needed = (path.parent / found[2]).resolve()
            if needed not in joined:
                add(needed)
            if missing := names - exports[needed]:
                raise ValueError(f"{path}: {needed.name} exports no {min(missing)}")
            return f"const {{ {found[1]} }} = modules[{name(needed)}];\n"

        source = _IMPORT.sub(bind, source)
        exports[path] = {*_EXPORT.findall(source)}
        source = _EXPORT.sub("", source)
        entered = path == opened[0]
        if entered and len(_DEFAULT.findall(source)) != 1:
            raise ValueError(f"{path}: has no one function as its default export")
        rest = _DEFAULT.sub("", source) if entered else source
        if other := _OTHER.search(rest):
            raise ValueError(f"{path}: cannot join {other[0].strip()!r}")
        if not entered:
            given = ", ".join(sorted(exports[path]))
            source = (
                f"modules[{name(path)}] = (() => {{\n{source}"
                f"return {{ {given} }};\n}})();\n"
            )
        joined[path] = source
        opened.remove(path)

    add(entry.resolve())
    return "const modules = {};\n" + "".join(joined.values())
