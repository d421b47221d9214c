// Numbers and tokens as a person reads them.

/** What an opinion is, wherever the word stands. */
export const OPINION =
  "How far behind the favourite: 0 for the favourite itself, −0.69 for half its chance, " +
  "−2.3 for a tenth (its logit less the favourite's)";

/** So many decimal places, with a true minus sign. */
export function fixed(value, places) {
  return value.toFixed(places).replace("-", "−");
}

/** At most three significant digits, with a true minus sign. */
export function number(value, digits = 3) {
  if (value === 0) return "0";
  const size = Math.floor(Math.log10(Math.abs(value))) + 1;
  const places = Math.max(0, Math.min(digits - 1, digits - size));
  return fixed(value, places);
}

/** A temperature with two places, everywhere the same. */
export function temperatureText(value) {
  return value.toFixed(2);
}

/** A share as a person reads it, never a false zero. */
export function percent(share) {
  const value = 100 * share;
  if (value === 0) return "0 %";
  if (value >= 10) return `${value.toFixed(0)} %`;
  if (value >= 0.1) return `${value.toFixed(1)} %`;
  if (value >= 0.001) return `${value.toFixed(3)} %`;
  return "< 0.001 %";
}

/** A count of choices as a person reads it. */
export function count(value) {
  return value < 9.95 ? value.toFixed(1) : Math.round(value).toLocaleString("en");
}

/**
 * A token's spelling as it is shown: the end of the headline has a sign of its own, and
 * so has a token that goes on with the word before, where `join` sets words apart.
 */
export function shown(text, join) {
  if (text === "") return "■ end";
  const word = text.trim();
  if (word === "") return "(space)";
  return text.startsWith(" ") || join === "" ? word : `·${word}`;
}
