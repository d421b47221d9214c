// The dial: one temperature for all that the lab shows, moved without the server.

import { temperatureText } from "../format.js";
import { PAD } from "../scale.js";
import { make } from "./elements.js";

const TICKS = [0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 1, 1.5, 2, 3];

export class Dial {
  constructor(root, onMove, onRelease) {
    this.onMove = onMove;
    this.onRelease = onRelease;
    this.input = make("input", {
      type: "range", min: -1, max: 1, step: 0.001, "aria-label": "Temperature",
    });
    this.value = make("output", { class: "dial-value" });
    this.hint = make("span", { class: "dial-hint" });
    this.ticks = make("div", { class: "dial-ticks" });
    root.append(
      make("div", { class: "dial-head" },
        make("span", { class: "dial-name" }, "Temperature"), this.value, this.hint),
      this.input,
      this.ticks,
    );
    this.input.oninput = () => {
      this.dragging = true;
      this.move(this.read());
    };
    this.input.onchange = () => {
      this.dragging = false;
      this.onRelease(this.t);
    };
  }

  read() {
    const place = Number(this.input.value);
    // The middle holds a little, so that exactly 1 can be hit.
    const t = Math.abs(place) < 0.012 ? 1 : this.scale.temperature(place);
    return Math.round(t * 1000) / 1000;
  }

  update(data, scale) {
    this.scale = scale;
    this.colours = data.colours;
    if (!this.ticks.children.length) {
      for (const t of TICKS) {
        const at = (scale.place(t) + 1) / 2;
        this.ticks.append(make("button", {
          type: "button",
          class: t === 1 ? "tick middle" : "tick",
          style: `left:calc(${PAD}px + ${at} * (100% - ${2 * PAD}px))`,
          "aria-label": `Temperature ${t}`,
          onclick: () => {
            this.set(t);
            this.onRelease(t);
          },
        }, String(t)));
      }
    }
    // What the server says counts when it says something new, not when it repeats what
    // it was told while the dial has long moved on.
    if (data.t !== this.served && !this.dragging) this.set(data.t);
    this.served = data.t;
    this.mark(data.guess);
  }

  set(t) {
    this.input.value = this.scale.place(t);
    this.move(t);
  }

  move(t) {
    this.t = t;
    const place = this.scale.place(t);
    const colour = this.colours[Math.round(((place + 1) / 2) * (this.colours.length - 1))];
    this.value.textContent = temperatureText(t);
    this.value.dataset.t = t;
    this.value.style.color = colour;
    this.input.style.setProperty("--dial-colour", colour);
    this.input.setAttribute("aria-valuetext", temperatureText(t));
    this.hint.textContent = t === 1 ? "as learnt" : t < 1 ? "colder: safer" : "hotter: wilder";
    this.onMove(t);
  }

  /** A second mark on the dial: what somebody guessed. */
  mark(guess) {
    this.guess?.remove();
    if (!guess) return;
    const at = (this.scale.place(guess) + 1) / 2;
    this.guess = make("div", {
      class: "dial-guess",
      style: `left:calc(${PAD}px + ${at} * (100% - ${2 * PAD}px))`,
    }, "your guess");
    this.ticks.append(this.guess);
  }
}
