// The temperature path: all that one headline of a seed can become, as a tree over T.

import { number } from "../format.js";
import { branches, partAt } from "../path.js";
import { make } from "./elements.js";

const ROW = 24;
/** Characters as wide as high: those of China and Japan. */
const WIDE = /[\u2e80-\ud7ff\uf900-\ufaff\uff00-\uff60]/;

export class Path {
  constructor(root, step) {
    this.text = make("h2", { class: "path-headline", dir: "auto" });
    this.facts = make("div", { class: "quiet path-facts" });
    this.tree = make("div", { class: "path-tree" });
    const arrow = (label, by) => make("button", {
      type: "button", class: "plain", "aria-label": label, onclick: () => step(this.neighbour(by)),
    }, label);
    this.steps = make("div", { class: "path-steps" });
    this.arrows = ({ one }) => [arrow(`◂ colder ${one}`, -1), arrow(`hotter ${one} ▸`, 1)];
    root.append(this.tree,
      this.steps,
      this.text);
    this.resize = new ResizeObserver(() => this.parts && this.draw());
    this.resize.observe(this.tree);
  }

  update(data, scale) {
    this.scale = scale;
    this.colours = data.colours;
    if (this.key === data.path.key && this.projector === data.projector) return;
    this.key = data.path.key;
    if (!this.steps.children.length) this.steps.append(...this.arrows(data.noun), this.facts);
    this.projector = data.projector;
    this.parts = data.path.parts;
    this.given = data.path.given;
    this.join = data.path.join;
    this.text.lang = data.path.lang;
    this.drawn = 0;
    this.draw();
  }

  /** The temperature in the middle (on the dial) of the part that lies `by` further. */
  neighbour(by) {
    const i = Math.max(0, Math.min(this.parts.length - 1, this.now + by));
    const { low, high } = this.parts[i];
    const place = (this.scale.place(low) + this.scale.place(high)) / 2;
    return this.scale.temperature(place);
  }

  draw() {
    const width = this.tree.clientWidth;
    if (!width || width === this.drawn) return;
    this.drawn = width;
    const deepest = Math.max(...this.parts.map(({ units }) => units.length));
    const row = this.projector ? ROW * 1.3 : ROW;
    const height = (deepest - this.given) * row + 4;
    const svg = make("svg", {
      width, height, viewBox: `0 0 ${width} ${height}`, role: "img",
      "aria-label": `A tree of ${new Set(this.parts.map(({ units }) => units.join(this.join))).size} texts over temperature; it branches where the text changes`,
    });
    this.rects = [];
    for (let depth = this.given; depth < deepest; depth += 1) {
      for (const cell of branches(this.parts, depth)) {
        const left = this.scale.x(this.parts[cell.from].low, width);
        const right = this.scale.x(this.parts[cell.to].high, width);
        const middle = (this.scale.place(this.parts[cell.from].low) + this.scale.place(this.parts[cell.to].high)) / 2;
        const colour = this.colours[Math.round(((middle + 1) / 2) * (this.colours.length - 1))];
        const rect = make("rect", {
          class: "cell", x: left + 0.5, y: (depth - this.given) * row + 1,
          width: Math.max(right - left - 1, 0.6), height: row - 2, fill: colour, rx: 2,
        });
        svg.append(rect);
        const entry = { rect, from: cell.from, to: cell.to };
        const size = this.projector ? 17 : 13;
        const fits = Math.floor((right - left - 8) / (size * (WIDE.test(cell.unit) ? 1 : 0.56)));
        if (fits >= Math.min(cell.unit.length, 3)) {
          const word = cell.unit.length <= fits ? cell.unit : `${cell.unit.slice(0, fits - 1)}…`;
          entry.label = make("text", {
            class: "cell-word", x: (left + right) / 2, y: (depth - this.given + 0.5) * row + size * 0.35,
            "text-anchor": "middle", "font-size": size,
          }, word);
          svg.append(entry.label);
        }
        this.rects.push(entry);
      }
    }
    this.line = make("line", { class: "now", y1: 0, y2: height });
    svg.append(this.line);
    this.tree.replaceChildren(svg);
    if (this.t) this.move(this.t);
  }

  move(t) {
    this.t = t;
    this.now = partAt(this.parts, t);
    const part = this.parts[this.now];
    const given = part.units.slice(0, this.given).join(this.join);
    const rest = part.units.slice(this.given).join(this.join);
    this.text.replaceChildren(
      make("span", { class: "given" }, given), given ? this.join : "", rest,
      make("span", { class: "quiet" }, part.ended ? "" : " …"));
    this.facts.textContent = `${this.now + 1} of ${this.parts.length} from cold to hot: T from ${number(part.low)} to ${number(part.high)}`;
    for (const { rect, label, from, to } of this.rects ?? []) {
      const on = from <= this.now && this.now <= to;
      rect.classList.toggle("on", on);
      label?.classList.toggle("on", on);
    }
    if (this.line) {
      const x = this.scale.x(t, this.drawn);
      this.line.setAttribute("x1", x);
      this.line.setAttribute("x2", x);
    }
  }
}
