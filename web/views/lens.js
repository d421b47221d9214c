// The lens: what the model thinks of the next token, and what temperature makes of it.

import { count, number, OPINION, percent, shown, temperatureText } from "../format.js";
import { floats } from "../packed.js";
import { entropy, shapeWritten, softmax } from "../rules.js";
import { PAD } from "../scale.js";
import { make } from "./elements.js";

export class Lens {
  constructor(root, emit) {
    this.emit = emit;
    this.lead = make("div", { class: "lens-lead", dir: "auto" });
    this.table = make("div", { class: "lens-table" });
    this.side = make("div", { class: "lens-side" });
    this.entropy = make("div", { class: "lens-entropy" });
    this.curve = make("div", { class: "lens-curve" });
    this.side.append(this.entropy, this.curve);
    root.append(this.lead, make("div", { class: "lens-body" }, this.table, this.side));
  }

  update(data, scale) {
    this.scale = scale;
    this.data = data.lens;
    this.noun = data.noun;
    if (this.source !== this.data.opinions) {
      this.opinions = Float64Array.from(floats(this.data.opinions));
      this.source = this.data.opinions;
    }
    this.rows = Math.min(data.projector ? 10 : 20, this.data.texts.length);
    this.left = [...this.data.rules, ...this.data.cuts];
    // A column for it only where a row can be out.
    this.limited = this.data.cuts.length > 0 || this.data.may.slice(0, this.rows).includes("0");
    this.drawLead();
    this.drawTable();
    this.drawCurve();
  }

  drawLead() {
    const prompt = this.data.prompt;
    this.lead.replaceChildren(
      make("span", { class: "given", lang: prompt ? this.data.lang : "" }, prompt || "(the beginning)"),
      make("span", { class: "caret" }, " ▍"),
      make("span", { class: "lens-note" }, prompt ? "what comes next?" : `how does ${this.noun.a} begin?`),
    );
  }

  /** At a temperature: what is kept, and the chances of all. */
  look(t) {
    const shaped = shapeWritten(this.opinions, this.data.may, t, this.data.limits);
    return { kept: (rank) => shaped[rank] > -Infinity, chances: softmax(shaped) };
  }

  drawTable() {
    const head = ["next piece", "opinion", "÷ T", ...(this.limited ? ["kept"] : []), "chance"];
    const tips = {
      "next piece": this.data.join ? "A word, or a piece of one: after · the word before goes on"
        : "Characters that are read as one, or a part of one",
      opinion: OPINION + (this.data.penalty === 1 ? "" : ", after the repetition penalty"),
      "÷ T": "The opinion divided by the temperature",
      kept: `Left in the choice by ${this.left.join(", ")}`,
      chance: this.data.cuts.length || this.data.may
        ? "Softmax of what was divided by T, over the pieces that are left"
        : `Softmax of the column before, over all ${this.opinions.length.toLocaleString("en")} pieces that may come next`,
    };
    this.table.classList.toggle("limited", this.limited);
    const header = make("div", { class: "lens-row lens-header" },
      ...head.map((name) => make("span", { title: tips[name] }, name)));
    this.lines = [];
    for (let i = 0; i < this.rows; i += 1) {
      const text = this.data.texts[i];
      const whole = this.data.whole[i];
      const parts = {
        divided: make("span", { class: "num" }),
        kept: make("span", { class: "mark" }),
        bar: make("span", { class: "bar" }),
        share: make("span", { class: "share" }),
      };
      const row = make(whole ? "button" : "div", {
        class: "lens-row",
        ...(whole ? { type: "button", title: "Add it to the prompt and look again" } : {}),
        onclick: whole ? () => this.emit("append", text) : null,
      },
        make("span", { class: "word", lang: this.data.lang }, shown(text, this.data.join)),
        make("span", { class: "num" }, number(this.opinions[i])),
        parts.divided,
        ...(this.limited ? [parts.kept] : []),
        make("span", { class: "track" }, parts.bar, parts.share));
      this.lines.push({ row, ...parts });
    }
    this.rest = {
      name: make("span", { class: "word others" }),
      bar: make("span", { class: "bar" }),
      share: make("span", { class: "share" }),
    };
    const rest = make("div", { class: "lens-row lens-rest" },
      this.rest.name,
      make("span", { class: "track" }, this.rest.bar, this.rest.share));
    this.table.replaceChildren(header, ...this.lines.map((line) => line.row), rest);
  }

  drawCurve() {
    const width = 320;
    const height = 190;
    const steps = 90;
    const points = [];
    const span = Math.log(this.scale.high / this.scale.low);
    this.x = (t) => PAD + (Math.log(t / this.scale.low) / span) * (width - 2 * PAD);
    for (let i = 0; i <= steps; i += 1) {
      const t = this.scale.low * (this.scale.high / this.scale.low) ** (i / steps);
      points.push([this.x(t), entropy(this.look(t).chances)]);
    }
    const most = Math.max(1, Math.log2(this.opinions.length));
    this.y = (bits) => 10 + (1 - bits / most) * (height - 36);
    const svg = make("svg", {
      viewBox: `0 0 ${width} ${height}`, role: "img",
      "aria-label": `Entropy over temperature: from ${points[0][1].toFixed(1)} bits at ${this.scale.low} to ${points[steps][1].toFixed(1)} bits at ${this.scale.high}`,
    });
    for (const choices of [1, 10, 100, 1000]) {
      if (choices > this.opinions.length) continue;
      const y = this.y(Math.log2(choices));
      svg.append(
        make("line", { class: "grid", x1: PAD, x2: width - PAD, y1: y, y2: y }),
        make("text", { class: "axis", x: PAD, y: y - 3 }, choices === 1 ? "1 choice" : choices.toLocaleString("en")));
    }
    for (const t of [this.scale.low, 0.3, 1, this.scale.high]) {
      svg.append(make("text", {
        class: "axis", x: this.x(t), y: height - 4,
        "text-anchor": t === this.scale.low ? "start" : t === this.scale.high ? "end" : "middle",
      }, t === 1 ? "T = 1" : String(t)));
    }
    svg.append(make("path", {
      class: "curve", d: "M" + points.map(([x, bits]) => `${x.toFixed(1)},${this.y(bits).toFixed(1)}`).join("L"),
    }));
    this.now = make("line", { class: "now", y1: 6, y2: height - 22 });
    this.dot = make("circle", { class: "dot", r: 5 });
    svg.append(this.now, this.dot);
    const rises = points[steps][1] - points[0][1] > 0.005;
    const falls = points.some(([, bits], i) => i > 0 && bits < points[i - 1][1] - 0.005);
    const title = rises ? `Hotter: ${falls ? "on the whole, " : ""}more choices count`
      : falls ? "Not more choices when hotter" : "As many choices at every temperature";
    this.curve.replaceChildren(make("div", { class: "lens-title" }, title), svg);
  }

  move(t) {
    const { chances, kept } = this.look(t);
    let rest = 0;
    let others = 0;
    let cut = 0;
    chances.forEach((chance, rank) => {
      if (!kept(rank)) cut += 1;
      else if (rank >= this.rows) {
        rest += chance;
        others += 1;
      }
    });
    const longest = Math.max(...chances.subarray(0, this.rows), rest, 0.2);
    const fill = (line, share) => {
      line.bar.style.width = `${(100 * share) / longest}%`;
      line.share.textContent = percent(share);
      line.share.dataset.p = share;
    };
    this.lines.forEach((line, i) => {
      fill(line, chances[i]);
      line.divided.textContent = number(this.opinions[i] / t);
      line.kept.textContent = kept(i) ? "✓" : "cut";
      line.row.classList.toggle("out", !kept(i));
    });
    fill(this.rest, rest);
    const pieces = (n, which) => `${n.toLocaleString("en")} ${which}piece${n === 1 ? "" : "s"}`;
    const left = [pieces(others, "other "), ...(cut ? [`${cut.toLocaleString("en")} cut off`] : [])];
    this.rest.name.textContent = left.join(" · ");
    const bits = entropy(chances);
    this.entropy.replaceChildren(
      make("div", { class: "big" }, count(2 ** bits)),
      make("div", {}, "effective choices: as unsure as if it had to pick among so many equally likely pieces"),
      make("div", { class: "quiet" }, `entropy ${number(bits)} bits`));
    const x = this.x(t);
    this.now.setAttribute("x1", x);
    this.now.setAttribute("x2", x);
    this.dot.setAttribute("cx", x);
    this.dot.setAttribute("cy", this.y(bits));
    this.table.setAttribute("role", "group");
    this.table.setAttribute("aria-label",
      `Chances of the next piece at temperature ${temperatureText(t)}: ` +
      this.data.texts.slice(0, 3).map((text, i) => `${shown(text, this.data.join)} ${percent(chances[i])}`).join(", ") +
      `, ${pieces(others, "other ")} ${percent(rest)}` + (cut ? `, ${pieces(cut, "")} cut off` : ""));
  }
}
