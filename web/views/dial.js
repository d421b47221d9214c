// The dial: one temperature for all that the lab shows, moved without the server.

import { temperatureText } from "../format.js";
import { make } from "./elements.js";

const TICKS = [0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 1, 1.5, 2, 3];
const STEPS = {
  ArrowRight: 0.01, ArrowUp: 0.01, ArrowLeft: -0.01, ArrowDown: -0.01, PageUp: 0.1, PageDown: -0.1,
};
const FEW = [0, 0.1, 0.2, 0.4, 0.7, 1, 1.5, 2, 3]; // where 0 takes room, in a column

export class Dial {
  constructor(root, onMove, onRelease) {
    this.onMove = onMove;
    this.onRelease = onRelease;
    this.input = make("input", {
      type: "range", max: 1, step: 0.001, "aria-label": "Temperature",
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
      this.release();
    };
    this.input.onkeydown = (event) => {
      const step = STEPS[event.key];
      if (!step || event.altKey || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      this.go(this.t + step);
    };
    this.told = []; // what the server was told and has not answered
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
      this.input.min = scale.first;
      for (const t of scale.zero ? FEW : TICKS) {
        this.ticks.append(make("button", {
          type: "button",
          class: t === 1 ? "tick middle" : "tick",
          style: `left:${scale.left(t)}`,
          "aria-label": `Temperature ${t}`,
          onclick: () => this.go(t),
        }, String(t)));
      }
    }
    // What the server says counts when it says something new, not when it repeats what
    // it was told while the dial has long moved on.
    if (data.t !== this.served) {
      const answered = this.told.lastIndexOf(data.t) + 1;
      this.told.splice(0, answered);
      if (!answered && !this.dragging) this.set(data.t);
    }
    this.served = data.t;
    this.mark(data.guess);
  }

  /** Move to a temperature and tell the server, as if the dial was dragged there. */
  go(t) {
    const whole = Math.round(t * 1000) / 1000;
    const least = this.scale.zero ? 0 : this.scale.low;
    this.set(Math.max(least, Math.min(this.scale.high, whole)));
    this.release();
  }

  release() {
    this.told.push(this.t);
    this.onRelease(this.t);
  }

  set(t) {
    this.input.value = this.scale.place(t);
    this.move(t);
  }

  move(t) {
    this.t = t;
    const place = Math.max(-1, this.scale.place(t));
    const colour = this.colours[Math.round(((place + 1) / 2) * (this.colours.length - 1))];
    this.value.textContent = temperatureText(t);
    this.value.dataset.t = t;
    this.value.style.color = colour;
    this.input.style.setProperty("--dial-colour", colour);
    this.input.setAttribute("aria-valuetext", temperatureText(t));
    this.hint.textContent = t === 1 ? "as learnt" : t === 0 ? "always the favourite"
      : t < 1 ? "colder: safer" : "hotter: wilder";
    this.onMove(t);
  }

  /** A second mark on the dial: what somebody guessed. */
  mark(guess) {
    this.guess?.remove();
    if (!guess) return;
    this.guess = make("div", {
      class: "dial-guess",
      style: `left:${this.scale.left(guess)}`,
    }, "your guess");
    this.ticks.append(this.guess);
  }
}
