// What every view of the lab uses. The files of this folder are joined into one module
// in the order that lab.py names, so they share their names and import nothing.
// Text that a person typed or the model wrote is only ever set as textContent.

const SVG = "http://www.w3.org/2000/svg";
const PAD = 12; // half the dial's thumb: where its axis begins and ends, in pixels

/** Make an element; `children` are elements or text. */
function make(tag, attributes = {}, ...children) {
  const element = ["svg", "path", "line", "rect", "text", "g", "circle"].includes(tag)
    ? document.createElementNS(SVG, tag)
    : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element[name] = value;
    else if (value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

/** The dial's axis: logarithmic on both sides of T = 1, which is in the middle. */
class Scale {
  constructor(low, high) {
    this.low = low;
    this.high = high;
  }

  /** From a place (-1 … 1) to a temperature. */
  temperature(place) {
    return place < 0 ? this.low ** -place : this.high ** place;
  }

  /** From a temperature to a place (-1 … 1). */
  place(temperature) {
    const t = Math.min(this.high, Math.max(this.low, temperature));
    return t < 1 ? -Math.log(t) / Math.log(this.low) : Math.log(t) / Math.log(this.high);
  }

  /** From a temperature to pixels of a drawing that lies under the dial. */
  x(temperature, width) {
    return PAD + ((this.place(temperature) + 1) / 2) * (width - 2 * PAD);
  }
}

/** What an opinion is, wherever the word stands. */
const OPINION =
  "How far behind the favourite: 0 for the favourite itself, −0.69 for half its chance, " +
  "−2.3 for a tenth (its logit less the favourite's)";

/** So many decimal places, with a true minus sign. */
function fixed(value, places) {
  return value.toFixed(places).replace("-", "−");
}

/** At most three significant digits, with a true minus sign. */
function number(value, digits = 3) {
  if (value === 0) return "0";
  const size = Math.floor(Math.log10(Math.abs(value))) + 1;
  const places = Math.max(0, Math.min(digits - 1, digits - size));
  return fixed(value, places);
}

/** A temperature with two places, everywhere the same. */
function temperatureText(value) {
  return value.toFixed(2);
}

/** A share as a person reads it, never a false zero. */
function percent(share) {
  const value = 100 * share;
  if (value === 0) return "0 %";
  if (value >= 10) return `${value.toFixed(0)} %`;
  if (value >= 0.1) return `${value.toFixed(1)} %`;
  if (value >= 0.001) return `${value.toFixed(3)} %`;
  return "< 0.001 %";
}

/** A count of choices as a person reads it. */
function count(value) {
  return value < 9.95 ? value.toFixed(1) : Math.round(value).toLocaleString("en");
}

/** A token's spelling as it is shown: the end of the headline has a sign of its own. */
function shown(text) {
  if (text === "") return "■ end";
  const word = text.trim();
  if (word === "") return "(space)";
  return text.startsWith(" ") ? word : `·${word}`;
}
