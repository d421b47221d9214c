// From opinions to chances: ÷ T, then the truncation rules in their documented order.
// An opinion is a logit less the favourite's. All functions here take opinions from the
// highest to the lowest, and return new arrays, in which what is out is -Infinity. They
// are the steps of Python's sampling, held to its numbers by tests/web.

const SMALLEST_TEMPERATURE = 2 ** -126; // below it, 0

/** Divide by the temperature; at 0 only the favourite is left. */
export function divide(opinions, temperature) {
  if (temperature >= SMALLEST_TEMPERATURE) return opinions.map((one) => one / temperature);
  return opinions.map((_, rank) => (rank === 0 ? 0 : -Infinity));
}

/** Keep the first so many, and what equals the last of them; 0 keeps all. */
export function keepTopK(x, k) {
  if (k === 0 || k >= x.length) return x;
  return x.map((one) => (one < x[k - 1] ? -Infinity : one));
}

/** Keep the fewest whose chances reach p: those before which less than p is held. */
export function keepTopP(x, p) {
  if (p >= 1) return x;
  let before = 0;
  const held = softmax(x).map((chance) => (before += chance) - chance);
  return x.map((one, rank) => (held[rank] < p ? one : -Infinity));
}

/** Keep what is at least so many times as probable as the favourite; 0 keeps all. */
export function keepMinP(x, least) {
  if (least === 0) return x;
  const lowest = highest(x) + Math.log(least);
  return x.map((one) => (one < lowest ? -Infinity : one));
}

/**
 * Keep the fewest whose surprise is nearest to what is to be expected, and which hold so
 * much together; what is equally near stays or goes together. 1 keeps all.
 */
export function keepTypical(x, mass) {
  if (mass >= 1) return x;
  const chances = softmax(x);
  const surprise = chances.map((p) => (p > 0 ? -Math.log(p) : 0));
  const expected = chances.reduce((sum, p, rank) => sum + p * surprise[rank], 0);
  const distance = surprise.map((one, rank) => (chances[rank] > 0 ? Math.abs(one - expected) : Infinity));
  const nearest = [...distance.keys()].filter((rank) => chances[rank] > 0)
    .sort((a, b) => distance[a] - distance[b]);
  let held = 0;
  const last = nearest.find((rank) => (held += chances[rank]) >= mass) ?? nearest.at(-1);
  return x.map((one, rank) => (distance[rank] <= distance[last] ? one : -Infinity));
}

/** The rules in their order, by the names that the options have in Python. */
export const RULES = [
  { option: "top_k", keep: keepTopK },
  { option: "top_p", keep: keepTopP },
  { option: "min_p", keep: keepMinP },
  { option: "typical_p", keep: keepTypical },
];

/**
 * All steps before luck.
 *
 * @param opinions Float64Array, highest first, the first 0.
 * @param temperature 0 or above.
 * @param limits what each rule's option is set to.
 * @returns Float64Array of the same length.
 */
export function shape(opinions, temperature, limits) {
  let x = divide(opinions, temperature);
  for (const { option, keep } of RULES) x = keep(x, limits[option]);
  return x;
}

/**
 * The same where some must not be written, at any temperature: they are out before all.
 *
 * @param may a text with a character for every opinion, "1" if it may be written; empty
 *     where all may.
 */
export function shapeWritten(opinions, may, temperature, limits) {
  if (!may) return shape(opinions, temperature, limits);
  const left = opinions.filter((_, rank) => may[rank] === "1");
  const shaped = shape(left.map((one) => one - left[0]), temperature, limits);
  let place = 0;
  return opinions.map((_, rank) => (may[rank] === "1" ? shaped[place++] : -Infinity));
}

function highest(x) {
  return x.find((one) => one > -Infinity);
}

/** Chances; the highest is subtracted first, so that nothing overflows. */
export function softmax(x) {
  const most = highest(x);
  const weights = x.map((one) => Math.exp(one - most));
  const total = weights.reduce((sum, one) => sum + one, 0);
  return weights.map((one) => one / total);
}

/** Shannon entropy in bits; 0 log 0 counts as 0. */
export function entropy(chances) {
  return -chances.reduce((sum, p) => sum + (p > 0 ? p * Math.log2(p) : 0), 0);
}
