// Why this word? Each candidate a bar, opinion ÷ T plus luck; the longest wins.

class Why {
  constructor(root, emit) {
    this.emit = emit;
    this.headline = make("h2", { class: "why-headline" });
    this.strip = make("div", { class: "strip" });
    this.stripTitle = make("div", { class: "quiet" });
    this.bars = make("div", { class: "why-bars" });
    this.says = make("p", { class: "why-says" });
    this.again = make("button", { type: "button", class: "plain" });
    this.key = make("div", { class: "why-key" },
      make("span", { class: "swatch opinion" }), "opinion ÷ T",
      make("span", { class: "swatch luck" }), "luck",
      make("span", { class: "quiet" },
        "Only differences count: opinions are drawn from the weakest shown, luck from the least."));
    root.append(this.stripTitle, this.strip, this.headline, this.again, this.says, this.key, this.bars);
  }

  update(data, scale) {
    this.scale = scale;
    this.fresh = data.why;
    // While the dial moves, the words before stay: another temperature might have
    // written others, and then nothing could be compared. A new prompt starts anew.
    if (!this.held || this.held.key !== this.fresh.key) this.hold();
  }

  hold() {
    this.held = this.fresh;
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

  drawStrip() {
    const cells = this.step.turns.map(([low, high, winner]) => {
      const [left, right] = [low, high].map((t) => (this.scale.place(t) + 1) / 2);
      const cell = make("div", {
        class: "strip-cell",
        style: `left:calc(${PAD}px + ${left} * (100% - ${2 * PAD}px));width:calc(${right - left} * (100% - ${2 * PAD}px))`,
        title: `${shown(this.step.candidates[winner].text)}: T from ${number(low)} to ${number(high)}`,
      }, shown(this.step.candidates[winner].text));
      return cell;
    });
    this.cells = cells;
    this.pointer = make("div", { class: "strip-now" });
    this.strip.replaceChildren(...cells, this.pointer);
    this.stripTitle.textContent = cells.length > 1
      ? `With this luck, ${cells.length} different words win this place as T rises:`
      : "With this luck, the same word wins this place at every temperature:";
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
          shown(candidate.text)),
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
    const sums = candidates.map((c) => (t >= c.coldest ? c.opinion / t + c.luck : -Infinity));
    let best = 0;
    sums.forEach((sum, i) => { if (sum > sums[best]) best = i; });
    // Luck keeps its length on the screen as long as all fits; in the cold the opinions
    // outgrow the page, and everything is drawn smaller.
    const length = (c, at) => (c.opinion - this.weakest) / at + (c.luck - this.least);
    const room = Math.max(...candidates.map((c) => length(c, Math.min(t, 0.6))));
    candidates.forEach((c, i) => {
      const line = this.lines[i];
      const cut = t < c.coldest;
      line.opinion.style.width = `${(100 * (c.opinion - this.weakest)) / t / room}%`;
      line.luck.style.width = `${(100 * (c.luck - this.least)) / room}%`;
      line.sum.textContent = cut ? "cut off"
        : `${number(c.opinion / t)} ${c.luck < 0 ? "−" : "+"} ${number(Math.abs(c.luck))} = ${number(sums[i])}`;
      line.row.classList.toggle("wins", i === best);
      line.row.classList.toggle("out", cut);
    });
    this.pointer.style.left = `${this.scale.x(t, this.strip.clientWidth || 600)}px`;
    const turn = this.step.turns.findIndex(([, high]) => t <= high);
    this.cells.forEach((cell, i) => cell.classList.toggle("now", i === (turn < 0 ? this.cells.length - 1 : turn)));
    const winner = candidates[best];
    this.drawHeadline(winner);
    this.explain(winner, best, t);
    const differs = this.fresh !== this.held && this.fresh.text !== this.held.text;
    this.again.hidden = !differs;
    this.again.textContent = `Write the whole headline at T = ${temperatureText(this.fresh.t)}`;
    this.again.onclick = () => { this.hold(); };
  }

  explain(winner, best, t) {
    const name = (c) => (c.text === "" ? "the end" : `“${shown(c.text)}”`);
    const favourite = this.step.candidates[0];
    let text;
    if (best === 0) {
      text = `${name(winner)} is the model's favourite (${percent(winner.probability)} at T = 1), and at this temperature no other word's luck makes up for that.`;
    } else {
      const behind = -winner.opinion / t;
      text = `${name(favourite)} was likelier (${percent(favourite.probability)} against ${percent(winner.probability)} at T = 1): ` +
        `its opinion is ahead by ${number(behind)} after dividing by T. But ${name(winner)} is luckier by ${number(winner.luck - favourite.luck)}, and so it wins.`;
    }
    const cold = this.step.turns[0];
    if (this.step.turns.length > 1 && this.step.candidates[cold[2]] !== winner) {
      text += ` Below T = ${number(cold[1])}, ${name(this.step.candidates[cold[2]])} wins.`;
    }
    this.says.textContent = text;
  }
}
