// The dial's axis: logarithmic on both sides of T = 1, which is in the middle.

export const PAD = 12; // half the dial's thumb: where its axis begins and ends, in pixels

export class Scale {
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
