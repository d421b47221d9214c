// The editor of the first page: the dial, some of its places by name, its exact value,
// and where the first headline changes next.

import { listen, said, tell } from "../channel.js";
import { number } from "../format.js";
import { partAt } from "../path.js";
import { Scale } from "../scale.js";
import { Dial } from "./dial.js";
import { make } from "./elements.js";

const editors = new WeakMap();

class Editor {
  constructor(root) {
    this.dial = new Dial(root.querySelector(".dial"), (t) => this.moved(t), (t) => this.state("t", t));
    this.exact = make("input", {
      type: "number", min: 0, step: "any", "aria-label": "Exact temperature", class: "exact",
    });
    this.exact.onchange = () => {
      const t = Number(this.exact.value);
      if (this.exact.value === "" || !this.exact.checkValidity()) return;
      this.dial.go(t);
    };
    this.presets = make("div", { class: "presets" });
    this.next = make("div", { class: "next quiet", role: "status" });
    // Where Streamlit puts columns below each other.
    this.narrow = matchMedia("(max-width: 640px)");
    this.narrow.onchange = () => this.sayWidth();
    root.append(this.presets, this.next);
    this.end = listen("paths", () => this.sayNext());
  }

  update({ data, setStateValue }) {
    this.state = setStateValue;
    this.data = data;
    this.exact.max = data.high;
    for (const [name, value] of Object.entries(data.ink)) this.dial.input.style.setProperty(`--${name}`, value);
    if (!this.buttons) {
      this.buttons = data.presets.map(([name, t]) => make("button", {
        type: "button", class: "plain", title: `Temperature ${t}`, onclick: () => this.dial.go(t),
      }, name));
      this.presets.append(...this.buttons, this.exact);
    }
    this.dial.update(data, new Scale(data.low, data.high, true));
    this.sayNext();
    this.sayWidth();
  }

  /** The server lays the desk out; it may have taken the window for another. */
  sayWidth() {
    if (this.data.narrow !== this.narrow.matches) this.state("narrow", this.narrow.matches);
  }

  moved(t) {
    tell("t", t);
    this.exact.value = t;
    this.data?.presets.forEach(([, value], i) => {
      this.buttons[i].setAttribute("aria-pressed", value === t);
    });
    this.sayNext();
  }

  /** Where the first headline changes next, colder and hotter. */
  sayNext() {
    if (this.data && !this.data.exact) {
      this.next.textContent = `With these rules the ${this.data.noun.many} change when the dial is let go`;
      return;
    }
    const paths = said("paths");
    if (!this.data || paths?.key !== this.data.key) {
      this.next.textContent = "\u00a0";
      return;
    }
    const parts = paths.headlines[0];
    const now = partAt(parts, this.dial.t);
    const ways = [];
    const { one } = this.data.noun;
    // The first part is T = 0 alone: the dial's way from it to the coldest has no text.
    if (now > 1) ways.push(`below ${number(parts[now].low)}`);
    if (now === 1) ways.push("at 0");
    if (now < parts.length - 1) ways.push(`above ${number(parts[now].high || parts[1].low)}`);
    this.next.textContent = ways.length
      ? `The first ${one} changes ${ways.join(" and ")}`
      : `The first ${one} is the same at every temperature`;
  }
}

export default function (component) {
  const { parentElement } = component;
  if (!editors.has(parentElement)) {
    editors.set(parentElement, new Editor(parentElement.querySelector(".lab")));
  }
  const editor = editors.get(parentElement);
  editor.update({ ...component, data: JSON.parse(component.data.json) });
  return () => {
    editor.end();
    editor.narrow.onchange = null;
    editors.delete(parentElement);
  };
}
