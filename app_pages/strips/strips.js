// Gate strips: what every unit did at every token, as heat maps on canvas.
// A row is a token, a column a unit, or several where the page is narrow.

const strips = new WeakMap();
const LABEL = 128; // pixels for the tokens' names and means

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element[name] = value;
    else element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

function decode(text) {
  const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  return new Float32Array(bytes.buffer);
}

class Strips {
  constructor(root) {
    this.root = root;
    this.says = make("div", { class: "says", "aria-live": "off" });
    this.maps = make("div", { class: "maps" });
    root.append(this.says, this.maps);
    new ResizeObserver(() => this.data && this.draw()).observe(this.maps);
  }

  update({ data, setStateValue }) {
    this.emit = setStateValue;
    if (this.key === data.key && this.order === data.order.join()) {
      this.data = data;
      this.select(data.token, data.unit);
      return;
    }
    this.key = data.key;
    this.order = data.order.join();
    this.data = data;
    this.values = Object.fromEntries(data.strips.map((s) => [s.name, decode(s.values)]));
    this.root.classList.toggle("projector", data.projector);
    this.says.textContent = "Point at a square for its value; click one to see its equations.";
    this.drawn = 0;
    this.draw();
  }

  draw() {
    const width = Math.floor(this.maps.clientWidth);
    if (!width || width === this.drawn) return;
    this.drawn = width;
    const { strips: kinds, tokens, units, projector } = this.data;
    const across = kinds.length > 1 && width > 760 ? 2 : 1;
    const inner = Math.floor(width / across) - (across > 1 ? 12 : 0) - LABEL;
    const least = projector ? 6 : 3; // pixels per column
    this.each = Math.max(1, Math.ceil((units * least) / inner));
    this.columns = Math.ceil(units / this.each);
    const rowHeight = projector ? 30 : width < 500 ? 20 : 17;
    this.maps.style.gridTemplateColumns = `repeat(${across}, minmax(0, 1fr))`;
    this.panels = kinds.map((kind) => this.panel(kind, inner, rowHeight, tokens));
    this.maps.replaceChildren(...this.panels.map((panel) => panel.element));
    this.select(this.data.token, this.data.unit);
  }

  /** The mean over the units of one column. */
  value(name, token, column) {
    const { units, order } = this.data;
    const values = this.values[name];
    let sum = 0;
    const from = column * this.each;
    const to = Math.min(units, from + this.each);
    for (let i = from; i < to; i += 1) sum += values[token * units + order[i]];
    return sum / (to - from);
  }

  panel(kind, inner, rowHeight, tokens) {
    const ratio = window.devicePixelRatio || 1;
    const height = rowHeight * tokens.length;
    const canvas = make("canvas", {
      width: Math.round(inner * ratio), height: Math.round(height * ratio),
      style: `width:${inner}px;height:${height}px`, role: "img",
      "aria-label": `${kind.title}, ${tokens.length} tokens by ${this.data.units} units. ` + kind.alt,
    });
    const context = canvas.getContext("2d");
    const cell = (inner * ratio) / this.columns;
    const colour = kind.colour.match(/\w\w/g).map((h) => parseInt(h, 16));
    const ink = getComputedStyle(this.root).color.match(/\d+/g).map(Number);
    for (let t = 0; t < tokens.length; t += 1) {
      for (let c = 0; c < this.columns; c += 1) {
        const v = this.value(kind.name, t, c);
        // Positive in the gate's own hue, negative in the colour of the text.
        const [r, g, b] = v >= 0 ? colour : ink;
        context.fillStyle = `rgba(${r},${g},${b},${Math.min(1, Math.abs(v) ** 0.8)})`;
        context.fillRect(Math.floor(c * cell), Math.floor(t * rowHeight * ratio),
          Math.ceil(cell), Math.ceil(rowHeight * ratio) - ratio);
      }
    }
    const mark = make("div", { class: "mark" });
    const place = make("div", { class: "canvas" }, canvas, mark);
    const find = (event) => {
      const box = canvas.getBoundingClientRect();
      const column = Math.floor(((event.clientX - box.left) / box.width) * this.columns);
      const token = Math.floor(((event.clientY - box.top) / box.height) * tokens.length);
      return [Math.max(0, Math.min(tokens.length - 1, token)), Math.max(0, Math.min(this.columns - 1, column))];
    };
    canvas.onpointermove = (event) => this.tell(kind, ...find(event));
    canvas.onclick = (event) => {
      const [token, column] = find(event);
      this.emit("picked", { token, unit: this.data.order[column * this.each] });
    };
    const names = make("div", { class: "names", style: `width:${LABEL}px` },
      ...tokens.map((text, i) => make("div", { style: `height:${rowHeight}px;line-height:${rowHeight}px`, title: text },
        make("span", { class: "name" }, text), make("span", { class: "mean" }, kind.means[i]))));
    return {
      rowHeight, mark, inner,
      element: make("figure", {},
        make("figcaption", {},
          make("span", { class: "dot", style: `background:${kind.colour}` }),
          make("b", {}, kind.title), ` ${kind.gloss}`),
        make("div", { class: "strip" }, names, place)),
    };
  }

  tell(kind, token, column) {
    const from = column * this.each;
    const to = Math.min(this.data.units, from + this.each);
    const { order, tokens } = this.data;
    const who = to - from === 1
      ? `unit ${order[from]}`
      : `mean of ${to - from} units (${order.slice(from, to).slice(0, 4).join(", ")}${to - from > 4 ? " …" : ""})`;
    const value = this.value(kind.name, token, column).toFixed(3).replace("-", "−");
    this.says.textContent = `${kind.title} at “${tokens[token]}”, ${who}: ${value}`;
  }

  select(token, unit) {
    const column = Math.floor(this.data.order.indexOf(unit) / this.each);
    for (const panel of this.panels ?? []) {
      const cell = panel.inner / this.columns;
      panel.mark.style.cssText =
        `left:${column * cell - 2}px;top:${token * panel.rowHeight - 2}px;` +
        `width:${cell + 3}px;height:${panel.rowHeight + 3}px`;
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
