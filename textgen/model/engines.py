"""Which engines there are, and how a bundle's network is opened on one of them."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING

from textgen.errors import SettingError
from textgen.model.engine import Engine

if TYPE_CHECKING:
    from textgen.model.bundle import Bundle


def _fast(bundle: Bundle) -> Engine:
    # Imported here: the reference needs no runtime.
    from textgen.model.bundle import STEP_GRAPH
    from textgen.model.onnx_engine import OnnxEngine

    threads = min(2, os.cpu_count() or 1)
    return OnnxEngine(bundle.path(STEP_GRAPH), bundle.config, threads)


def _reference(bundle: Bundle) -> Engine:
    from textgen.model.glass_box import GlassBox

    return GlassBox(bundle.config, bundle.weights)


#: By name, the default first: the int8 step graph, and the glass box in NumPy.
ENGINES: dict[str, Callable[[Bundle], Engine]] = {
    "fast": _fast,
    "reference": _reference,
}
FAST = "fast"


def open_engine(bundle: Bundle, name: str = FAST) -> Engine:
    """Make something that runs a bundle's network.

    Args:
        bundle: the model.
        name: one of :data:`ENGINES`.

    Raises:
        SettingError: there is no engine of that name.
        BundleError: a file that the engine needs is damaged.
    """
    if name not in ENGINES:
        raise SettingError(f"must be one of {', '.join(ENGINES)}", engine=name)
    return ENGINES[name](bundle)
