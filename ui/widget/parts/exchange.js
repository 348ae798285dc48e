// One question with all that comes back for it.

const GAP = "\n\n"; // between the lead and the quotes, in the text of an answer

class Exchange {
  #chat;
  #slots;
  #countdown;
  #text; // of the quotes, or of a refusal
  #lead; // sentences above it, which come later
  #spoken; // whether a screen reader has been told the quotes
  #drawn; // slot → what it was last drawn from
  #citations;
  #warnings;
  #evidence;
  #refusal;

  /** `chat` gives the labels and the language, opens clauses, says things aloud, asks again. */
  constructor(question, chat) {
    this.#chat = chat;
    this.question = question;
    const slot = (name, lang) => el("div", { class: name, lang, hidden: true });
    this.#slots = {
      heading: el("h3"),
      lead: slot("lead", "vi"),
      answer: slot("answer", "vi"),
      status: slot("status"),
      warnings: slot("warnings", "vi"),
      problem: slot("problem"),
      sources: slot("sources"),
      evidence: slot("evidence"),
      actions: slot("actions"),
    };
    const asked = el("span", { class: "unseen" }, `${chat.t.you}: `);
    this.card = el("div", { class: "card" }, ...Object.values(this.#slots));
    this.node = el("article", {}, el("p", { class: "question" }, asked, question), this.card);
    this.begin();
  }

  /** Forget what came before and wait for an answer. */
  begin() {
    this.dispose();
    [this.#text, this.#lead, this.#refusal] = ["", [], null];
    [this.#spoken, this.#drawn] = [false, new Map()];
    [this.#citations, this.#warnings, this.#evidence] = [new Map(), [], []];
    for (const name of Object.keys(this.#slots)) this.#fill(name);
    this.card.className = "card waiting";
    this.#wait(this.#chat.t.searching);
  }

  /** Take in an event of the stream. */
  on(name, data) {
    const { t } = this.#chat;
    if (name === "evidence") {
      this.#evidence = (data.evidence || []).filter((one) => one.clause && one.notice);
      if (this.#evidence.length) this.#wait(t.reading(this.#evidence.length));
      this.#showEvidence();
    } else if (name === "delta") {
      this.#text += data.text;
      this.#showText();
    } else if (name === "citation") this.#citations.set(data.marker, data);
    else if (name === "lead_begun") this.#expectLead();
    else if (name === "lead") this.#addLead(words(data.text));
    else if (name === "warning") this.#warnings.push(data);
    else if (name === "done") this.#finish(data);
  }

  /** The reader pressed Stop. */
  stop() {
    const { t } = this.#chat;
    this.#settle("stopped");
    this.#fill("problem", el("p", {}, t.stopped));
    this.#offer(this.#againButton(t.retry));
    this.#chat.say(t.stopped);
  }

  /** Something went wrong: say what, and what can be done. */
  fail(problem) {
    const { t, language } = this.#chat;
    const [title, advice] = t.errors[problem.kind];
    // The server says more than we know, in Vietnamese.
    const said = [problem.detail, problem.remedy].filter(Boolean).join(" ");
    this.#settle("failed");
    this.#fill(
      "problem",
      el("p", { class: "what" }, icon("alert"), el("strong", {}, title)),
      (!said || language !== "vi") && el("p", {}, advice),
      said && el("p", { lang: "vi" }, said),
    );
    this.#chat.say(`${title}. ${said && language === "vi" ? said : advice}`);
    if (problem.kind === "denied") return;
    if (problem.kind === "unusable") this.#offer(this.#editButton());
    else if (problem.wait) this.#countDown(problem.wait);
    else this.#offer(this.#againButton(t.retry));
  }

  /** Stop the clock; nothing else outlives the node. */
  dispose() {
    clearInterval(this.#countdown);
  }

  /** The quotes are all there; told below them, so that nothing moves if no sentence comes. */
  #expectLead() {
    const { t } = this.#chat;
    this.#showText();
    this.#showSources();
    this.#wait(t.summing);
    this.#spoken = true;
    this.#chat.say(`${t.answer}. ${this.#text} ${t.summing}`);
    this.#chat.follow(this.node);
    this.#chat.rest();
  }

  #addLead(sentence) {
    this.#lead.push(sentence);
    this.#fill("status");
    this.#chat.steady(this.#slots.answer, () => this.#showLead());
    this.#chat.say(`${this.#chat.t.lead}: ${sentence}`);
  }

  #finish(answer) {
    const { t } = this.#chat;
    this.#lead = (answer.lead || []).map((one) => words(one.text));
    const above = this.#lead.join(" ");
    this.#text = words(answer.answer).slice(above ? above.length + GAP.length : 0);
    this.#warnings = answer.warnings || [];
    this.#citations = new Map((answer.citations || []).map((one) => [one.marker, one]));
    if (answer.refused) {
      this.#refusal = answer.refusal_reason === "out_of_scope" ? t.outOfScope : t.refusal;
    }
    this.#settle(answer.refused ? "refused" : "answered");
    this.#offer(this.#copyButton());
    this.#chat.say(this.#spoken ? t.finished : `${this.#refusal || t.answer}. ${this.#whole()}`);
  }

  #whole() {
    return [this.#lead.join(" "), this.#text].filter(Boolean).join(GAP);
  }

  /** Show all that came, now that nothing more will. */
  #settle(state) {
    this.card.className = `card ${state}`;
    this.#fill("status");
    this.#showText();
    this.#fill(
      "warnings",
      ...this.#warnings.map((one) =>
        el("p", { class: "warning" }, icon("alert"), el("span", {}, words(one.text))),
      ),
    );
    this.#showSources();
  }

  #showSources() {
    if (this.#drawn.get("sources") === this.#citations.size) return;
    this.#drawn.set("sources", this.#citations.size);
    const sources = [...this.#citations.values()].map((one) =>
      el("li", {}, this.#clauseButton(one, `[${one.marker}]`)),
    );
    const title = el("h4", {}, this.#chat.t.sources);
    this.#fill("sources", ...(sources.length ? [title, el("ul", {}, ...sources)] : []));
  }

  #fill(name, ...nodes) {
    const given = nodes.filter(Boolean);
    this.#slots[name].replaceChildren(...given);
    this.#slots[name].hidden = !given.length;
  }

  #wait(text) {
    const dots = el("span", { class: "dots", "aria-hidden": "true" }, el("i"), el("i"), el("i"));
    this.#fill("status", dots, text);
    this.#chat.say(text);
  }

  #showText() {
    if (this.#text) this.#fill("status");
    const title = this.#refusal || (this.#text && this.#chat.t.answer);
    this.#fill("heading", this.#refusal && icon("none"), title);
    this.#showLead();
    this.#draw("answer", this.#text);
    this.#chat.follow(this.node);
  }

  #showLead() {
    this.#draw("lead", this.#lead.join(" "));
  }

  /** Draw text anew only for something new: who has the focus on a marker keeps it. */
  #draw(name, text) {
    const from = `${this.#citations.size} ${text}`;
    if (this.#drawn.get(name) === from) return;
    this.#drawn.set(name, from);
    this.#fill(name, ...answerNodes(text, (marker) => this.#marker(marker)));
  }

  /** A marker can be pressed as soon as its clause has come. */
  #marker(marker) {
    const cited = this.#citations.get(marker);
    if (!cited) return el("span", { class: "marker" }, `[${marker}]`);
    const { t } = this.#chat;
    const where = `${words(cited.clause.label)}, ${noticeName(cited.notice, t)}`;
    return el(
      "button",
      {
        type: "button",
        class: "marker",
        "aria-label": `[${marker}] ${t.open}: ${where}`,
        title: where,
        onclick: (event) => this.#chat.openClause(cited, event.currentTarget),
      },
      `[${marker}]`,
    );
  }

  #clauseButton(cited, number) {
    const { t, language } = this.#chat;
    const { notice, clause } = cited;
    return el(
      "button",
      {
        type: "button",
        class: "clause",
        lang: "vi",
        onclick: (event) => this.#chat.openClause(cited, event.currentTarget),
      },
      number && el("b", {}, number),
      el(
        "span",
        {},
        el("strong", {}, words(clause.label)),
        " ",
        isDraft(notice) && badge(t),
        el(
          "small",
          {},
          [noticeName(notice, t), writtenDate(notice.date, language)].filter(Boolean).join(" · "),
        ),
      ),
    );
  }

  #showEvidence() {
    if (!this.#evidence.length) return;
    const items = this.#evidence.map((one) => el("li", {}, this.#clauseButton(one, "")));
    const summary = el("summary", {}, this.#chat.t.evidence(items.length));
    this.#fill("evidence", el("details", {}, summary, el("ul", {}, ...items)));
  }

  #offer(...buttons) {
    this.#fill("actions", ...buttons);
    this.#chat.follow(this.node);
  }

  #action(name, label, onclick) {
    return el("button", { type: "button", class: "action", onclick }, icon(name), label);
  }

  #againButton(label) {
    return this.#action("retry", label, () => this.#chat.again(this));
  }

  #editButton() {
    return this.#action("retry", this.#chat.t.edit, () => this.#chat.edit(this.question));
  }

  /** Count the seconds that the server asked for; the question can be put again after that. */
  #countDown(wait) {
    const { t } = this.#chat;
    const end = Date.now() + wait * 1000;
    const label = el("span");
    const button = this.#action("retry", label, () => {
      if (Date.now() >= end) this.#chat.again(this);
    });
    const show = () => {
      const left = Math.ceil((end - Date.now()) / 1000);
      label.textContent = left > 0 ? t.retryIn(left) : t.retry;
      // Not `disabled`: the button would drop out of the order of the keyboard.
      button.setAttribute("aria-disabled", String(left > 0));
      if (left <= 0) this.dispose();
    };
    this.#countdown = setInterval(show, 250);
    this.#offer(button);
    show();
  }

  #copyButton() {
    const { t } = this.#chat;
    const label = el("span", {}, t.copy);
    return this.#action("copy", label, async (event) => {
      const done = await copyText(this.#asText(), event.currentTarget);
      label.textContent = done ? t.copied : t.copyFailed;
      this.#chat.say(label.textContent);
    });
  }

  #asText() {
    const { t, language } = this.#chat;
    const sources = [...this.#citations.values()].map(({ marker, notice, clause, quote }) => {
      const date = notice.date && t.of(writtenDate(notice.date, language));
      const name = [noticeName(notice, t), date, isDraft(notice) && `(${t.draft})`];
      const where = [clause.label, name.filter(Boolean).join(" "), notice.issuer];
      return `[${marker}] ${where.filter(Boolean).join(", ")}: “${quote}”`;
    });
    const notes = this.#warnings.map((one) => words(one.text));
    const list = sources.length ? ["", `${t.sources}:`, ...sources] : [];
    return [this.question, "", this.#whole(), ...notes, ...list, "", t.notice].join("\n");
  }
}

/** Put text on the clipboard; pages without HTTPS have only the old way. Says whether it went. */
async function copyText(text, near) {
  if (navigator.clipboard) {
    return navigator.clipboard.writeText(text).then(
      () => true,
      () => false,
    );
  }
  const area = el("textarea", { class: "unseen" });
  area.value = text;
  near.after(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  near.focus();
  return done;
}
