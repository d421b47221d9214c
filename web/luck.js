// Luck: one standard Gumbel number for every (seed, text, step, token), and no state.
// The same numbers as textgen/writing gives in Python, bit by bit up to the logarithm;
// see there for the sources.

const MASK = (1n << 64n) - 1n;
const GOLDEN = 0x9e3779b97f4a7c15n;

/** SplitMix64's finaliser: 64 bits in, 64 well-mixed bits out. */
function mix(value) {
  value = ((value ^ (value >> 30n)) * 0xbf58476d1ce4e5b9n) & MASK;
  value = ((value ^ (value >> 27n)) * 0x94d049bb133111ebn) & MASK;
  return value ^ (value >> 31n);
}

/** The 32 bits that all tokens of a step share. */
function stepKey(seed, number, step) {
  let key = mix((BigInt(seed) + GOLDEN) & MASK);
  key = mix((key ^ (BigInt(number + 1) * GOLDEN)) & MASK);
  key = mix((key ^ (BigInt(step + 1) * GOLDEN)) & MASK);
  return Number(key & 0xffffffffn);
}

/** A 32-bit integer hash (lowbias32). */
function scramble(x) {
  x ^= x >>> 16;
  x = Math.imul(x, 0x7feb352d);
  x ^= x >>> 15;
  x = Math.imul(x, 0x846ca68b);
  return (x ^ (x >>> 16)) >>> 0;
}

/**
 * One random 32-bit number for each token; small tickets are lucky.
 *
 * @param seed which luck.
 * @param number which text of the seed, from 0.
 * @param step how many tokens were generated before.
 * @param size ids in all.
 * @returns Uint32Array of that size.
 */
export function tickets(seed, number, step, size) {
  const key = stepKey(seed, number, step);
  const found = new Uint32Array(size);
  for (let id = 0; id < size; id += 1) {
    found[id] = scramble(scramble(Math.imul(id, 0x9e3779b9) + 1) ^ key);
  }
  return found;
}

/** Turn a ticket into a standard Gumbel number, between -3.1 and 22.9. */
export function gumbel(ticket) {
  return -Math.log(-Math.log1p(-(ticket + 0.5) / 2 ** 32));
}

/** The luck of each token as a Float64Array; see {@link tickets}. */
export function luck(seed, number, step, size) {
  return Float64Array.from(tickets(seed, number, step, size), gumbel);
}
