// The dial's axis: logarithmic on both sides of T = 1, which is in the middle. Where the
// dial also takes 0, it stands a little to the left of the coldest temperature.

export const PAD = 12; // half the dial's thumb: where its axis begins and ends, in pixels
const ZERO = -1.07; // the place of T = 0
const NEAR_ZERO = -1.035; // from here to the left it is 0

export class Scale {
  /**
   * @param low the coldest temperature above 0.
   * @param high the hottest.
   * @param zero whether the dial also takes 0.
   */
  constructor(low, high, zero = false) {
    this.low = low;
    this.high = high;
    this.zero = zero;
    this.first = zero ? ZERO : -1; // the leftmost place; the rightmost is 1
  }

  /** From a place (-1 … 1) to a temperature. */
  temperature(place) {
    if (this.zero && place < NEAR_ZERO) return 0;
    return place < 0 ? this.low ** -Math.max(place, -1) : this.high ** place;
  }

  /** From a temperature to a place (-1 … 1). */
  place(temperature) {
    if (this.zero && temperature === 0) return ZERO;
    const t = Math.min(this.high, Math.max(this.low, temperature));
    return t < 1 ? -Math.log(t) / Math.log(this.low) : Math.log(t) / Math.log(this.high);
  }

  /** From a temperature to a share of the way from the left end to the right one. */
  share(temperature) {
    return (this.place(temperature) - this.first) / (1 - this.first);
  }

  /** From a temperature to pixels of a drawing that lies under the dial. */
  x(temperature, width) {
    return PAD + this.share(temperature) * (width - 2 * PAD);
  }

  /** The same for a style: a length. */
  left(temperature) {
    return `calc(${PAD}px + ${this.share(temperature)} * (100% - ${2 * PAD}px))`;
  }
}
