// The front page: a lead and stories, each what the model writes at the dial's
// temperature. While the dial moves, the texts change here, without the server.

import { listen, said, tell } from "../channel.js";
import { percent, temperatureText } from "../format.js";
import { partAt } from "../path.js";
import { Scale } from "../scale.js";
import { make } from "./elements.js";

const fronts = new WeakMap();
const TYPED = 45; // milliseconds from one word to the next while the lead is typed
const STILL = 1500; // milliseconds after which a dial that does not move is at rest

/** One headline's place on the page. */
class Story {
  constructor(lead, ask) {
    this.lead = lead;
    this.ask = ask;
    this.text = make(lead ? "h2" : "h3", { dir: "auto" });
    this.byline = make("div", { class: "byline" });
    this.element = make("article", { class: lead ? "lead" : "story" }, this.text, this.byline);
  }

  /**
   * @param item what to show.
   * @param how "typed" from its first word on, "marked" where words changed, or nothing.
   * @param dress the page's data: `steps` to show ranks by or null, `mark` for what was
   *   seen, `chance` to explain log p, and how the language joins and names its units.
   */
  set(item, how, dress) {
    const before = this.item?.words;
    this.item = item;
    if (dress.lang) this.text.lang = dress.lang;
    const children = item.words.map((word, i) => {
      const element = this.word(item, i, dress);
      if (how === "typed") {
        element.classList.add("typed");
        element.style.animationDelay = `${i * TYPED}ms`;
      } else if (how === "marked" && before && before[i] !== word) {
        element.classList.add("changed");
      }
      return element;
    });
    this.text.replaceChildren(
      ...children.flatMap((element, i) => (i ? [dress.join, element] : [element])),
      item.ended ? "" : make("span", { class: "faint" }, " …"));
    this.byline.replaceChildren(...joined(facts(item, dress)));
  }

  word(item, i, dress) {
    const word = item.words[i];
    const before = item.words.slice(0, i).reduce((sum, one) => sum + one.length + dress.join.length, 0);
    const given = Math.max(0, Math.min(item.given.length - before, word.length));
    const parts = given ? [make("span", { class: "given" }, word.slice(0, given)), word.slice(given)] : [word];
    const element = make(this.lead && given < word.length ? "button" : "span", { class: "set" }, ...parts);
    if (element.tagName === "BUTTON") {
      element.type = "button";
      element.title = "Why this word?";
      element.onclick = () => this.ask(i);
    }
    const { steps } = dress;
    if (steps) {
      const step = steps.findIndex(({ limit }) => limit === null || item.ranks[i] <= limit);
      element.classList.add("ranked", ...(dress.join ? ["roomy"] : []));
      element.style.setProperty("--tint", steps[step].colour);
      element.style.textDecorationLine = steps[step].line === "none" ? "none" : "underline";
      element.style.textDecorationStyle = steps[step].line === "none" ? "solid" : steps[step].line;
      element.title = `${percent(item.chances[i])} likely, rank ${item.ranks[i].toLocaleString("en")}`;
    }
    // One colour under a word: in a run its rank keeps its line.
    element.classList.toggle("seen", dress.mark && item.marked.includes(i));
    return element;
  }
}

/** What stands below a headline. */
function facts(item, dress) {
  const found = [];
  if (item.copied) found.push(make("span", { class: "badge copied" }, "copied"));
  else if (item.run !== null) {
    found.push(make("span", {
      class: "badge",
      title: `Not in the training set. Its longest run of ${dress.units} that is: ${item.run} of ${item.of}`,
    }, "new"));
  }
  const chance = item.log_p.toFixed(1).replace("-", "−");
  found.push(make("span", { title: dress.chance }, `log p ${chance}`));
  if (item.run !== null && !item.copied) {
    found.push(`longest run seen: ${item.run} ${item.run === 1 ? dress.unit : dress.units}`);
  }
  if (!item.ended) found.push("cut at the length limit");
  return found;
}

function joined(found) {
  return found.flatMap((one, i) => (i ? [" · ", one] : [one]));
}

class Front {
  constructor(root) {
    this.kicker = make("div", { class: "kicker" });
    this.stories = [];
    this.legend = make("div", { class: "byline" });
    this.rule = make("div", { class: "rule" });
    this.note = make("p", { class: "quiet" });
    this.leads = make("div");
    this.grid = make("div", { class: "stories" });
    root.append(this.kicker, this.leads, this.legend, this.rule, this.note, this.grid);
    const ends = [
      listen("t", (t) => this.show(t)),
      listen("paths", () => { this.take(); this.show(this.t); }),
    ];
    this.end = () => {
      clearTimeout(this.still);
      ends.forEach((end) => end());
    };
  }

  update({ data, setTriggerValue }) {
    const typed = said("typed") !== data.key;
    tell("typed", data.key);
    this.data = data;
    this.ask = (word) => setTriggerValue("why", { word, t: this.t });
    this.scale = new Scale(data.low, data.high, true);
    while (this.stories.length > data.count) this.stories.pop().element.remove();
    while (this.stories.length < data.count) {
      const lead = this.stories.length === 0;
      const story = new Story(lead, (word) => this.ask(word));
      this.stories.push(story);
      (lead ? this.leads : this.grid).append(story.element);
    }
    this.note.textContent = "At temperature 0 luck does not count: the model always takes its " +
      `favourite, so there is only one ${data.noun}, whatever the seed.`;
    this.drawLegend();
    this.take();
    // What stands there already stays as it is, with its marks still fading.
    const dress = JSON.stringify([data.steps, data.mark]);
    const again = dress !== this.dress;
    this.dress = dress;
    this.show(said("t") ?? data.t, typed ? "typed" : undefined, again);
  }

  /** Take the paths, if they are those of the settings that are shown. */
  take() {
    const paths = said("paths");
    this.paths = this.data && paths?.key === this.data.key ? paths.headlines : null;
  }

  /** What a headline is at a temperature; null while that is not known. */
  at(i, t) {
    if (t === this.data.t) return this.data.texts[Math.min(i, this.data.texts.length - 1)];
    // Between 0 and the coldest the path says nothing; the server will.
    if (!this.paths || (t > 0 && t < this.data.low)) return null;
    return this.paths[i][partAt(this.paths[i], t)];
  }

  /** While the dial moves nothing grows shorter, so that what is read stays in place. */
  hold() {
    const heights = this.stories.map(({ element }) => element.offsetHeight);
    this.stories.forEach(({ element }, i) => { element.style.minHeight = `${heights[i]}px`; });
    clearTimeout(this.still);
    this.still = setTimeout(() => {
      this.stories.forEach(({ element }) => { element.style.minHeight = ""; });
    }, STILL);
  }

  show(t, how = "marked", again = false) {
    if (!this.data) return;
    if (t !== this.t && this.t !== undefined) this.hold();
    this.t = t;
    this.stories.forEach((story, i) => {
      const item = this.at(i, t) ?? story.item ?? this.data.texts[i];
      const same = story.item && alike(story.item, item);
      if (same && !again) return;
      story.set(item, same ? undefined : how === "typed" && i > 0 ? undefined : how, this.data);
    });
    const one = t === 0;
    this.grid.hidden = one || this.data.count < 2;
    this.rule.hidden = this.grid.hidden;
    this.note.hidden = !one;
    this.drawKicker(t);
  }

  drawKicker(t) {
    const place = Math.max(-1, this.scale.place(t));
    const { colours } = this.data;
    this.kicker.style.borderColor = colours[Math.round(((place + 1) / 2) * (colours.length - 1))];
    const told = [this.data.category, `TEMPERATURE ${temperatureText(t)}`, `SEED ${this.data.seed}`];
    this.kicker.textContent = told.filter(Boolean).join("\u00a0\u00a0·\u00a0\u00a0");
  }

  drawLegend() {
    const { steps, unit } = this.data;
    this.legend.hidden = !steps;
    if (!steps) return;
    this.legend.replaceChildren(`Where each ${unit} stood in the model’s order: `,
      ...steps.flatMap(({ label, colour, line }) => {
        const element = make("span", { class: "ranked" }, label);
        element.style.setProperty("--tint", colour);
        element.style.textDecorationLine = line === "none" ? "none" : "underline";
        element.style.textDecorationStyle = line === "none" ? "solid" : line;
        return [element, " "];
      }), `Point at a ${unit} for its chance.`);
  }
}

function alike(ours, theirs) {
  return ours.ended === theirs.ended && ours.words.length === theirs.words.length &&
    ours.words.every((word, i) => word === theirs.words[i]);
}

export default function (component) {
  const { parentElement } = component;
  if (!fronts.has(parentElement)) {
    fronts.set(parentElement, new Front(parentElement.querySelector(".front")));
  }
  const front = fronts.get(parentElement);
  front.update({ ...component, data: JSON.parse(component.data.json) });
  return () => {
    front.end();
    fronts.delete(parentElement);
  };
}
