// The lab: a dial and one view below it. Python sends data; the browser draws, and tells
// Python the temperature when the dial is let go.

import { Scale } from "../scale.js";
import { Dial } from "./dial.js";
import { Lens } from "./lens.js";
import { Path } from "./path.js";
import { Why } from "./why.js";

const VIEWS = { lens: Lens, why: Why, path: Path };
const labs = new WeakMap();

class Lab {
  constructor(root) {
    this.root = root;
    this.dial = new Dial(root.querySelector(".dial"), (t) => this.view?.move(t),
      (t) => this.emit("t", t));
    this.place = root.querySelector(".view");
  }

  emit(name, value) {
    if (name === "append") this.trigger(name, value);
    else this.state(name, value);
  }

  update({ data, setStateValue, setTriggerValue }) {
    this.state = setStateValue;
    this.trigger = setTriggerValue;
    const scale = new Scale(data.low, data.high);
    this.root.classList.toggle("projector", data.projector);
    for (const [name, value] of Object.entries(data.ink)) this.root.style.setProperty(`--${name}`, value);
    if (this.kind !== data.view) {
      this.place.replaceChildren();
      const View = VIEWS[data.view];
      this.view = null;
      this.kind = data.view;
      this.made = View === Path
        ? new Path(this.place, (t) => this.dial.go(t))
        : new View(this.place, (name, value) => this.emit(name, value));
    }
    this.made.update(data, scale);
    this.view = this.made;
    const before = this.dial.t;
    this.dial.update(data, scale);
    if (before !== undefined) this.view.move(this.dial.t);
  }
}

export default function (component) {
  const { parentElement } = component;
  if (!labs.has(parentElement)) {
    labs.set(parentElement, new Lab(parentElement.querySelector(".lab")));
  }
  labs.get(parentElement).update(component);
  return () => labs.delete(parentElement);
}
