// Why this word? Each candidate a bar, opinion ÷ T plus luck; the longest wins.

import { fixed, number, OPINION, percent, shown, temperatureText } from "../format.js";
import { PAD } from "../scale.js";
import { make } from "./elements.js";

export class Why {
  constructor(root, emit) {
    this.emit = emit;
    this.headline = make("h2", { class: "why-headline", dir: "auto" });
    this.strip = make("div", { class: "strip" });
    this.stripTitle = make("div", { class: "quiet" });
    this.bars = make("div", { class: "why-bars" });
    this.says = make("p", { class: "why-says" });
    this.again = make("button", { type: "button", class: "plain" });
    this.key = make("div", { class: "why-key" },
      make("span", { class: "swatch opinion" }), make("span", { title: OPINION }, "opinion ÷ T"),
      make("span", { class: "swatch luck" }), "luck",
      make("span", { class: "quiet" },
        "Only differences count: opinions are drawn from the weakest shown, luck from the least."));
    root.append(this.stripTitle, this.strip, this.headline, this.again, this.says, this.key, this.bars);
  }

  update(data, scale) {
    this.scale = scale;
    this.fresh = data.why;
    this.noun = data.noun;
    // While the dial moves, the words before stay: another temperature might have
    // written others, and then nothing could be compared. A new prompt starts anew.
    if (!this.held || this.held.key !== this.fresh.key) this.hold();
  }

  hold() {
    this.held = this.fresh;
    this.bars.lang = this.strip.lang = this.headline.lang = this.held.lang;
    this.choose(Math.min(this.held.word, this.held.steps.length - 1), false);
  }

  choose(index, tell = true) {
    this.index = index;
    this.step = this.held.steps[index];
    if (tell) this.emit("word", index);
    const opinions = this.step.candidates.map((c) => c.opinion);
    const luck = this.step.candidates.map((c) => c.luck);
    this.weakest = Math.min(...opinions);
    this.least = Math.min(...luck);
    this.drawBars();
    this.drawStrip();
    if (this.t) this.move(this.t);
  }

  shown({ text }) {
    return shown(text, this.held.join);
  }

  drawStrip() {
    const cells = this.step.turns.map(([low, high, winner]) => {
      const [left, right] = [low, high].map((t) => this.scale.share(t));
      const cell = make("div", {
        class: "strip-cell",
        style: `left:calc(${PAD}px + ${left} * (100% - ${2 * PAD}px));width:calc(${right - left} * (100% - ${2 * PAD}px))`,
        title: `${this.shown(this.step.candidates[winner])}: T from ${number(low)} to ${number(high)}`,
      }, this.shown(this.step.candidates[winner]));
      return cell;
    });
    this.cells = cells;
    this.pointer = make("div", { class: "strip-now" });
    this.strip.replaceChildren(...cells, this.pointer);
    // A word may win in two stretches: where another was cut off in between.
    const words = new Set(this.step.turns.map(([, , winner]) => winner)).size;
    this.stripTitle.textContent = words > 1
      ? `With this luck, ${words} different ${this.held.piece}s win this place as T rises:`
      : `With this luck, the same ${this.held.piece} wins this place at every temperature:`;
  }

  drawBars() {
    this.lines = this.step.candidates.map((candidate) => {
      const line = {
        opinion: make("span", { class: "part opinion" }),
        luck: make("span", { class: "part luck" }),
        sum: make("span", { class: "sum" }),
      };
      line.row = make("div", { class: "why-row" },
        make("span", { class: "word", title: `rank ${candidate.rank}, the model's own chance ${percent(candidate.probability)}` },
          this.shown(candidate)),
        make("span", { class: "stack" }, line.opinion, line.luck),
        line.sum);
      return line;
    });
    this.bars.replaceChildren(...this.lines.map((line) => line.row));
  }

  drawHeadline(winner) {
    const words = [];
    if (this.held.prompt) words.push(make("span", { class: "given" }, this.held.prompt));
    this.held.steps.forEach((step, i) => {
      const now = i === this.index;
      const text = now ? winner.text : step.text;
      const opens = words.length && (text.startsWith(" ") || text === "");
      words.push(opens ? " " : "", make("button", {
        type: "button",
        class: "token" + (now ? " now" : "") + (i > this.index && winner.text !== this.step.text ? " gone" : ""),
        title: "Why this one?",
        onclick: () => this.choose(i),
      }, text === "" ? "■" : text.trim() || "(space)"));
    });
    this.headline.replaceChildren(...words);
  }

  move(t) {
    this.t = t;
    const { candidates } = this.step;
    const bars = candidates.map((c) => c.opinion / t + c.luck);
    const kept = candidates.map((c) => t >= c.coldest);
    let best = kept.indexOf(true);
    let longest = 0;
    bars.forEach((bar, i) => {
      if (kept[i] && bar > bars[best]) best = i;
      if (bar > bars[longest]) longest = i;
    });
    const { figures, level } = this.printed(t, best, longest, kept);
    // Luck keeps its length on the screen as long as all fits; in the cold the opinions
    // outgrow the page, and everything is drawn smaller.
    const length = (c, at) => (c.opinion - this.weakest) / at + (c.luck - this.least);
    const room = Math.max(...candidates.map((c) => length(c, Math.min(t, 0.6))));
    candidates.forEach((c, i) => {
      const line = this.lines[i];
      const { opinion, luck, sum } = figures[i];
      line.opinion.style.width = `${(100 * (c.opinion - this.weakest)) / t / room}%`;
      line.luck.style.width = `${(100 * (c.luck - this.least)) / room}%`;
      line.sum.textContent = kept[i]
        ? `${opinion} ${luck.startsWith("−") ? "−" : "+"} ${luck.replace("−", "")} = ${sum}`
        : `cut off (would be ${sum})`;
      line.row.classList.toggle("wins", i === best);
      line.row.classList.toggle("out", !kept[i]);
    });
    this.pointer.style.left = `${this.scale.x(t, this.strip.clientWidth || 600)}px`;
    const turn = this.step.turns.findIndex(([, high]) => t <= high);
    this.cells.forEach((cell, i) => cell.classList.toggle("now", i === (turn < 0 ? this.cells.length - 1 : turn)));
    const winner = candidates[best];
    this.drawHeadline(winner);
    this.explain(figures, level, best, longest);
    const differs = this.fresh !== this.held && this.fresh.text !== this.held.text;
    this.again.hidden = !differs;
    this.again.textContent = `Write the whole ${this.noun.one} at T = ${temperatureText(this.fresh.t)}`;
    this.again.onclick = () => { this.hold(); };
  }

  /**
   * Every bar in figures: parts that add up to the sum as they are printed. Two places,
   * and more only where the winner would not be seen to win.
   */
  printed(t, best, longest, kept) {
    const { candidates } = this.step;
    for (let places = 2; ; places += 1) {
      const scale = 10 ** places;
      const rounded = candidates.map((c) => {
        const [opinion, luck] = [c.opinion / t, c.luck].map((part) => Math.round(part * scale));
        return { opinion, luck, sum: opinion + luck };
      });
      const less = (a, b) => rounded[a].sum < rounded[b].sum;
      const level = candidates.some((_, i) => kept[i] && i !== best && !less(i, best)) ||
        (longest !== best && !less(best, longest));
      if (level && places < 6) continue;
      const text = (whole) => fixed((whole + 0) / scale, places); // never −0
      const figures = rounded.map(({ opinion, luck, sum }) => ({
        opinion: text(opinion),
        luck: text(luck),
        sum: text(sum),
        // Against the favourite, whose opinion is 0.
        behind: text(-opinion),
        luckier: text(luck - rounded[0].luck),
      }));
      return { figures, level };
    }
  }

  explain(figures, level, best, longest) {
    const name = (c) => (c.text === "" ? "the end" : `“${this.shown(c)}”`);
    const { candidates } = this.step;
    const [favourite, winner] = [candidates[0], candidates[best]];
    const { rules, cuts, penalty } = this.held;
    const before = penalty === 1 ? "" : ", before the repetition penalty";
    // Ranks are the model's own; the first here is the first of those that may follow.
    const follow = `the favourite of those that may follow${rules.length ? ` (${rules.join(", ")})` : ""}`;
    const called = favourite.rank === 1 ? "the model's favourite"
      : penalty === 1 ? follow
        : rules.length ? `${follow}, once repetition is penalised`
          : "the favourite once repetition is penalised";
    let text;
    if (best === 0) {
      text = `${name(winner)} is ${called} (${percent(winner.probability)} at T = 1${before}), and at this temperature no other ${this.held.piece}${cuts.length ? " that is left" : ""} has luck enough to make up for that.`;
    } else {
      text = `${name(favourite)} is ${called} (${percent(favourite.probability)} against ${percent(winner.probability)} at T = 1${before}): ` +
        `its opinion is ahead by ${figures[best].behind} after dividing by T. But ${name(winner)} is luckier by ${figures[best].luckier}, and so it wins.`;
    }
    if (longest !== best) {
      text += ` ${name(candidates[longest])} has the longest bar (${figures[longest].sum} against ${figures[best].sum}), but ${cuts.join(" or ")} cut it off.`;
    }
    if (level) text += " Two bars are level in all the places shown.";
    const cold = this.step.turns[0];
    if (this.step.turns.length > 1 && this.step.candidates[cold[2]] !== winner) {
      text += ` Below T = ${number(cold[1])}, ${name(this.step.candidates[cold[2]])} wins.`;
    }
    this.says.textContent = text;
  }
}
