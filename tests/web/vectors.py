"""Golden numbers that both sides must give: ``python -m tests.web.vectors``.

Writes ``web/vectors.json``: luck, every truncation rule, the dial's axis and one path,
as Python gives them. ``tests/web/*.test.mjs`` holds the browser's modules to them.
"""

import json
from itertools import groupby

import numpy as np

from app_parts import lab
from textgen import Generator, Options
from textgen.explain import lens, path
from textgen.storage import WEB
from textgen.writing import luck
from textgen.writing.chances import entropy

FILE = WEB / "vectors.json"
LUCK = ((0, 0, 0), (7, 0, 0), (7, 8, 3), (4_294_967_295, 99, 59), (62, 1, 20))
#: Each truncation rule alone, and all of them; also where tokens are equal.
LIMITS = (
    {},
    *({"top_k": k} for k in (1, 3, 4, 6, 39, 40, 1_000_000)),
    *({"top_p": p} for p in (0.001, 0.3, 0.8, 0.999)),
    *({"min_p": p} for p in (0.001, 0.05, 0.6, 1.0)),
    *({"typical_p": mass} for mass in (0.001, 0.2, 0.7, 0.95)),
    {"top_k": 12, "top_p": 0.9, "min_p": 0.02},
    {"top_k": 12, "top_p": 0.9, "min_p": 0.02, "typical_p": 0.8},
)
TEMPERATURES = (0.0, 0.05, 0.7, 1.0, 1.37, 3.0)
PATH = Options(prompt="Seven Owls Who", seed=4, max_words=8)
MODEL = "headlines-gru-small"
LOW, HIGH = 0.05, 2.0


def vectors() -> dict:
    """All that stands in the file."""
    return {
        "luck": [one_luck(*which) for which in LUCK],
        "gumbel": [
            [ticket, float(luck.gumbel(np.array([ticket], dtype=np.uint32))[0])]
            for ticket in (0, 1, 2**31, 2**32 - 2, 2**32 - 1)
        ],
        "rules": rules(),
        "scale": {
            "low": lab.COLDEST,
            "high": lab.HOTTEST,
            "places": [
                [place, lab.place_to_temperature(place)]
                for place in (-1.0, -0.81, -0.25, 0.0, 0.5, 1.0)
            ],
        },
        "path": one_path(Generator.load(MODEL)),
    }


def one_luck(seed: int, number: int, step: int) -> dict:
    size = 16
    tickets = luck.tickets(seed, [number], step, size)[0]
    return {
        "seed": seed,
        "number": number,
        "step": step,
        "tickets": tickets.tolist(),
        "gumbel": luck.gumbel(tickets).tolist(),
    }


def rules() -> dict:
    """What is kept of made-up opinions, and their chances."""
    x = np.sort(np.random.default_rng(5).normal(0.0, 2.0, 40).astype(np.float32))[::-1]
    x = x - x[0]
    x[3:6] = x[3]  # equal ones, where top-k must not choose between them
    every = np.ones(len(x), dtype=bool)
    # Not the favourite, nor one of those that are equal; and no pattern.
    some = np.random.default_rng(6).random(len(x)) < 0.6
    some[[0, 4]] = False
    return {
        "opinions": x.astype(float).tolist(),
        "cases": [*cases(x, every), *cases(x, some)],
    }


def cases(x: np.ndarray, may: np.ndarray) -> list[dict]:
    """What is kept at each temperature, of those that may be written."""
    seen = lens.Lens("", x, (), (), np.arange(len(x)), may, ())
    found = []
    for limits in LIMITS:
        for temperature in TEMPERATURES:
            options = Options(temperature=temperature, **limits)
            chances = lens.probabilities(seen, options)
            sent = lab.lens_data(seen, options)
            found.append(
                {
                    "temperature": temperature,
                    "limits": sent["limits"],
                    "may": sent["may"],
                    "kept": np.flatnonzero(chances).tolist(),
                    "chances": chances[chances > 0].tolist(),
                    "entropy": float(entropy(chances)),
                }
            )
    return found


def one_path(generator: Generator) -> dict:
    """A path as it is sent, what ``generate`` writes on it, and its tree."""
    sent = lab.path_data(path.path(generator, PATH, LOW, HIGH), PATH)
    inside = np.geomspace(LOW, HIGH, 23)[1:-1].round(4).tolist()
    borders = [part["high"] for part in sent["parts"]]
    assert all(abs(t - border) > 1e-6 for t in inside for border in borders)
    written = [generator.generate(PATH, temperature=t)[0] for t in inside]
    units = [tuple(part["units"]) for part in sent["parts"]]
    return {
        "join": sent["join"],
        "parts": sent["parts"],
        "texts": [[t, one.text] for t, one in zip(inside, written, strict=True)],
        "tree": [tree(units, depth) for depth in range(max(map(len, units)))],
    }


def tree(units: list[tuple[str, ...]], depth: int) -> list[list]:
    """``[first part, last part, unit]`` of every branch at a depth."""
    found = []
    for begins, group in groupby(range(len(units)), lambda i: units[i][: depth + 1]):
        if len(begins) > depth:
            inside = list(group)
            found.append([inside[0], inside[-1], begins[-1]])
    return found


def main() -> None:
    # One case a line, so that a change is seen where it is.
    lines = []
    for name, value in vectors().items():
        text = json.dumps(value, ensure_ascii=False)
        lines.append(
            f"{json.dumps(name)}: {text.replace('}, {', '},' + chr(10) + '{')}"
        )
    FILE.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
    print(f"{FILE}: {FILE.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
