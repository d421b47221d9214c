// Gate strips: what single units did at every token, as heat maps on canvas.
// A row is a token, a column one unit: the number under the pointer is the unit's own.

import { floats } from "../packed.js";
import { make } from "./elements.js";

const strips = new WeakMap();
const LABEL = 128; // pixels for the tokens' names and means
const HEAD = 17; // pixels above the squares, for what the ends of the order are
const LEAST = { page: 4, projector: 7, all: 3 }; // pixels per column
const WIDEST = 8192; // pixels of a canvas: browsers refuse much wider ones

/** A value as the equations below the strips print it. */
function printed(value) {
  const text = value.toFixed(3);
  return text === "-0.000" ? "0.000" : text.replace("-", "−");
}

function ordinal(n) {
  const teens = n % 100 > 10 && n % 100 < 14;
  return `${n}${(!teens && ["th", "st", "nd", "rd"][n % 10]) || "th"}`;
}

class Strips {
  constructor(root) {
    this.root = root;
    this.says = make("div", { class: "says", "aria-live": "off" });
    this.which = make("div", { class: "which" });
    this.maps = make("div", { class: "maps" });
    root.append(make("div", { class: "line" }, this.says, this.which), this.maps);
    new ResizeObserver(() => this.data && this.draw()).observe(this.maps);
  }

  update({ data, setTriggerValue }) {
    // A trigger, not a state: the same square may be picked again after the fields
    // below were used.
    this.pick = (token, unit) => setTriggerValue("picked", { token, unit });
    const known = this.key === data.key;
    this.key = data.key;
    this.data = data;
    if (known) {
      this.select(data.token, data.unit);
      return;
    }
    this.values = Object.fromEntries(data.strips.map((s) => [s.name, floats(s.values)]));
    this.root.classList.toggle("projector", data.projector);
    this.says.textContent = "Point at a square for its value; click one to see its equations.";
    this.drawn = 0;
    this.draw();
  }

  draw() {
    const width = Math.floor(this.maps.clientWidth);
    if (!width || width === this.drawn) return;
    this.drawn = width;
    const { strips: kinds, units, projector, all } = this.data;
    const across = kinds.length > 1 && width > 760 ? 2 : 1;
    const inner = Math.floor(width / across) - (across > 1 ? 12 : 0) - LABEL;
    const least = all ? LEAST.all : projector ? LEAST.projector : LEAST.page;
    // Where not all fit, every so-many-th of the order stands for its neighbours.
    this.every = all ? 1 : Math.max(1, Math.ceil((units * least) / inner));
    this.columns = Math.ceil(units / this.every);
    this.width = Math.max(inner, all ? units * least : 0);
    const paper = getComputedStyle(this.root).getPropertyValue("--st-secondary-background-color");
    this.root.style.setProperty("--squares", paper);
    this.rowHeight = projector ? 30 : width < 500 ? 20 : 17;
    this.root.classList.toggle("stacked", projector || width < 760);
    this.maps.style.gridTemplateColumns = `repeat(${across}, minmax(0, 1fr))`;
    this.shown = [];
    this.panels = kinds.map((kind) => this.panel(kind));
    this.maps.replaceChildren(...this.panels.map((panel) => panel.element));
    this.select(this.data.token, this.data.unit);
  }

  panel(kind) {
    const { tokens, units, ends } = this.data;
    const height = this.rowHeight * tokens.length;
    const ratio = Math.min(window.devicePixelRatio || 1, WIDEST / this.width);
    const canvas = make("canvas", {
      width: Math.round(this.width * ratio), height: Math.round(height * ratio),
      style: `width:${this.width}px;height:${height}px`, role: "img",
      "aria-label": `${kind.title}, ${tokens.length} tokens by ${this.columns} of ${units} units. ${kind.alt}`,
    });
    const find = (event) => {
      const box = canvas.getBoundingClientRect();
      // A click comes in whole pixels, a move in fractions: both must mean one square.
      const place = (at, from, size, count) =>
        Math.max(0, Math.min(count - 1, Math.floor(((Math.floor(at) - from) / size) * count)));
      return [
        place(event.clientY, box.top, box.height, tokens.length),
        this.shown[place(event.clientX, box.left, box.width, this.columns)],
      ];
    };
    canvas.onpointermove = (event) => this.tell(kind, ...find(event));
    canvas.onclick = (event) => {
      const [token, unit] = find(event);
      this.tell(kind, token, unit);
      this.select(token, unit);
      this.pick(token, unit);
    };
    const row = `height:${this.rowHeight}px;line-height:${this.rowHeight}px`;
    const head = `height:${HEAD}px;line-height:${HEAD}px`;
    const names = make("div", { class: "names", style: `width:${LABEL}px` },
      make("div", { class: "head", style: head }, kind.means_of),
      ...tokens.map((text, i) => make("div", { style: row, title: text },
        make("span", { class: "name" }, text), make("span", { class: "mean" }, kind.means[i]))));
    const mark = make("div", { class: "mark" });
    // What scrolls can be reached by keyboard.
    const scrolls = this.data.all ? { tabindex: "0", role: "group", "aria-label": kind.title } : {};
    const view = make("div", { class: this.data.all ? "view wide" : "view", ...scrolls },
      make("div", { style: `width:${this.width}px` },
        make("div", { class: "head", style: head }, make("span", {}, ends[0]), make("span", {}, ends[1])),
        make("div", { class: "canvas" }, canvas, mark)));
    view.onscroll = () => {
      for (const panel of this.panels) panel.view.scrollLeft = view.scrollLeft;
    };
    return {
      kind, canvas, ratio, mark, view,
      element: make("figure", {},
        make("figcaption", {},
          make("span", { class: "dot", style: `background:${kind.colour}` }),
          make("b", {}, kind.title), ` ${kind.gloss}`),
        make("div", { class: "strip" }, names, view)),
    };
  }

  paint({ kind, canvas, ratio }) {
    const { tokens, units } = this.data;
    const values = this.values[kind.name];
    const context = canvas.getContext("2d");
    const across = Array.from({ length: this.columns + 1 }, (_, c) => Math.round((c * canvas.width) / this.columns));
    const down = Array.from({ length: tokens.length + 1 }, (_, t) => Math.round(t * this.rowHeight * ratio));
    const colour = kind.colour.match(/\w\w/g).map((h) => parseInt(h, 16));
    const ink = getComputedStyle(this.root).color.match(/\d+/g).map(Number);
    context.clearRect(0, 0, canvas.width, canvas.height);
    for (let t = 0; t < tokens.length; t += 1) {
      for (let c = 0; c < this.columns; c += 1) {
        const v = values[t * units + this.shown[c]];
        // Positive in the gate's own hue, negative in the colour of the text.
        const [r, g, b] = v >= 0 ? colour : ink;
        context.fillStyle = `rgba(${r},${g},${b},${Math.min(1, Math.abs(v) ** 0.8)})`;
        context.fillRect(across[c], down[t], across[c + 1] - across[c], down[t + 1] - down[t] - ratio);
      }
    }
  }

  tell(kind, token, unit) {
    const value = this.values[kind.name][token * this.data.units + unit];
    this.says.textContent = `${kind.title}, unit ${unit}: ${printed(value)} at “${this.data.tokens[token]}”`;
  }

  /** Mark a square. Its unit is always among those that are drawn. */
  select(token, unit) {
    if (!this.panels) return;
    const { order, units } = this.data;
    const column = Math.floor(order.indexOf(unit) / this.every);
    const shown = order.filter((_, rank) => rank % this.every === 0);
    const instead = shown[column];
    shown[column] = unit;
    if (shown.join() !== this.shown.join()) {
      this.shown = shown;
      for (const panel of this.panels) this.paint(panel);
      const chosen = instead === unit ? "" : `; the chosen unit ${unit} in place of ${instead}`;
      this.which.textContent = this.every === 1
        ? `All ${units} units, one a column${this.data.all ? ": scroll sideways" : ""}`
        : `${this.columns} of ${units} units, one a column: every ${ordinal(this.every)} in this order${chosen}`;
    }
    const cell = this.width / this.columns;
    for (const { mark, view } of this.panels) {
      mark.style.cssText =
        `left:${column * cell - 2}px;top:${token * this.rowHeight - 2}px;` +
        `width:${cell + 4}px;height:${this.rowHeight + 3}px`;
      const [left, right] = [column * cell, (column + 1) * cell];
      if (left < view.scrollLeft || right > view.scrollLeft + view.clientWidth) {
        view.scrollLeft = (left + right - view.clientWidth) / 2;
      }
    }
  }
}

export default function (component) {
  const { parentElement } = component;
  if (!strips.has(parentElement)) {
    strips.set(parentElement, new Strips(parentElement.querySelector(".strips")));
  }
  strips.get(parentElement).update(component);
  return () => strips.delete(parentElement);
}
