"""The theme's colours can be read: contrast computed as WCAG defines it."""

import itertools
import re
import tomllib

import pytest
from conftest import ROOT

from app_parts import front
from textgen.storage import WEB
from textgen.views import figures
from textgen.views.palette import temperature_colour

THEME = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())["theme"]
CAPTION = 0.6  # the share of a colour that is left in Streamlit's captions
LEAST, LEAST_LARGE = 4.5, 3.0  # WCAG 2.2, success criterion 1.4.3


def channels(colour):
    return [int(colour[i : i + 2], 16) for i in (1, 3, 5)]


def mixed(colour, below, share):
    """A colour that covers only a share of what is below it."""
    return [share * c + (1 - share) * b for c, b in zip(colour, below, strict=True)]


def luminance(colour):
    parts = [value / 255 for value in colour]
    linear = [
        v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in parts
    ]
    return sum(w * v for w, v in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one, other):
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("shade", ["light", "dark"])
@pytest.mark.parametrize("behind", ["backgroundColor", "secondaryBackgroundColor"])
def test_text_links_and_captions_stand_out(shade, behind):
    theme = THEME[shade]
    paper = channels(theme[behind])
    for name in ("textColor", "linkColor", "primaryColor"):
        assert contrast(channels(theme[name]), paper) >= LEAST, name
    faded = mixed(channels(theme["textColor"]), paper, CAPTION)
    assert contrast(faded, paper) >= LEAST


@pytest.mark.parametrize("shade", ["light", "dark"])
def test_a_chosen_option_can_be_read_on_its_tint(shade):
    theme = THEME[shade]
    paper, primary = (channels(theme[c]) for c in ("backgroundColor", "primaryColor"))
    for tint in (0.1, 0.2):  # chosen, and pointed at
        assert contrast(primary, mixed(primary, paper, tint)) >= LEAST


@pytest.mark.parametrize("shade", ["light", "dark"])
def test_the_names_of_lines_can_be_read(shade):
    theme = THEME[shade]
    paper = channels(theme["backgroundColor"])
    for colour in theme["chartCategoricalColors"]:
        assert contrast(channels(colour), paper) >= LEAST, colour
    for a, b in itertools.combinations(theme["chartCategoricalColors"], 2):
        assert a != b


@pytest.mark.parametrize("shade", ["light", "dark"])
def test_the_large_temperature_can_be_read_in_its_colour(shade):
    paper = channels(THEME[shade]["backgroundColor"])
    for hundredths in range(5, 301):
        colour = channels(temperature_colour(hundredths / 100))
        assert contrast(colour, paper) >= LEAST_LARGE, hundredths / 100


def test_figures_have_the_colours_of_the_light_page():
    theme = THEME["light"]
    assert theme["textColor"] == figures.INK
    shown = [figures.ACCENT, figures.SECOND, figures.THIRD]
    assert theme["chartCategoricalColors"][:3] == shown
    assert theme["primaryColor"] == figures.ACCENT


def test_no_button_is_filled_with_the_primary_colour():
    for path in ROOT.glob("app_p*/**/*.py"):
        assert 'type="primary"' not in path.read_text(encoding="utf-8"), path.name


@pytest.mark.parametrize("shade", ["light", "dark"])
def test_a_word_can_be_read_on_its_rank_and_on_the_marker(shade):
    sheet = (WEB / "views" / "front.css").read_text(encoding="utf-8")
    # One band lies under a word: the marker's takes the place of its rank's.
    (band,) = re.findall(r"([^\n{}]+) \{ background-image: [^;]*var\(--tint\)", sheet)
    assert band == ".ranked, .seen"
    (marker,) = re.findall(r"\.seen \{ --tint: (rgba\([^)]+\)) !important", sheet)
    tints = [tint for _, _, tint, _ in front.RANK_STEPS]
    assert len({*tints, marker}) == 5
    ink, paper = (channels(THEME[shade][c]) for c in ("textColor", "backgroundColor"))
    for colour in (*tints, marker):
        *tint, share = map(float, re.findall(r"[\d.]+", colour))
        assert contrast(ink, mixed(tint, paper, share)) >= LEAST, colour
