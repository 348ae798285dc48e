// The element: a bubble, and the dialog that it opens.

class CongvuChat extends HTMLElement {
  static observedAttributes = ["data-theme", "data-title", "data-primary"];

  #parts = null;
  #config = null;
  #colours = null;
  #t = LABELS.vi;
  #language = "vi";
  #controller = null;
  #conversation = null;
  #exchanges = [];
  #opener = null;
  #clauseOpener = null;
  #followed = true;
  #night = matchMedia("(prefers-color-scheme: dark)");
  #whole = matchMedia("(max-width: 480px), (max-height: 480px)");
  #adapt = () => this.#dress();

  connectedCallback() {
    if (!this.#parts) {
      this.#config = this.#configured();
      if (!this.#config) return;
      this.#build();
    }
    for (const media of [this.#night, this.#whole]) media.addEventListener("change", this.#adapt);
    this.#dress();
  }

  disconnectedCallback() {
    for (const media of [this.#night, this.#whole]) {
      media.removeEventListener("change", this.#adapt);
    }
    this.#forget();
  }

  attributeChangedCallback() {
    if (this.#parts) this.#dress();
  }

  /** Open the dialog; the focus comes back to where it was. */
  open() {
    const { panel, launcher, input, title } = this.#parts;
    const before = document.activeElement;
    this.#opener = before && before !== document.body && before !== this ? before : launcher;
    panel.hidden = false;
    launcher.hidden = true;
    // On a touch screen the keyboard would cover what there is to read.
    (matchMedia("(pointer: coarse)").matches ? title : input).focus();
  }

  /** Close the dialog; an answer on its way goes on. */
  close() {
    const { panel, launcher } = this.#parts;
    panel.hidden = true;
    launcher.hidden = false;
    this.#opener.focus();
  }

  // What an exchange may use.

  get t() {
    return this.#t;
  }

  get language() {
    return this.#language;
  }

  /** Have a screen reader say it when it has the time. */
  say(text) {
    this.#parts.live.textContent = text;
  }

  /** Keep the newest in sight without scrolling its question away, unless the reader scrolled. */
  follow(node) {
    const { log } = this.#parts;
    if (!this.#followed) return;
    log.scrollTop = Math.min(log.scrollHeight - log.clientHeight, node.offsetTop - 12);
  }

  /** There is something to read now: nothing more scrolls by itself until the next question. */
  rest() {
    this.#followed = false;
  }

  /** Change what stands above a node, and leave the node where the reader has it. */
  steady(node, change) {
    const before = node.getBoundingClientRect().top;
    change();
    this.#parts.log.scrollTop += node.getBoundingClientRect().top - before;
  }

  /** Ask the question of an exchange once more. */
  again(exchange) {
    if (this.#controller) return;
    exchange.begin();
    this.#parts.input.focus();
    this.#run(exchange);
  }

  /** Put a question back into the field. */
  edit(question) {
    this.#parts.input.value = question;
    this.#parts.input.focus();
  }

  /** Show a clause in place of the conversation. */
  openClause(cited, opener) {
    const { clause, sheet, chat } = this.#parts;
    this.#clauseOpener = opener;
    sheet.replaceChildren(...clauseNodes(cited, this.#t, this.#language));
    [chat.hidden, clause.hidden] = [true, false];
    sheet.scrollTop = 0;
    sheet.querySelector("h3").focus({ preventScroll: true });
    const mark = sheet.querySelector("mark");
    const below = mark && mark.getBoundingClientRect().bottom - sheet.getBoundingClientRect().bottom;
    if (below > 0) mark.scrollIntoView({ block: "center" });
  }

  #closeClause() {
    const { clause, chat } = this.#parts;
    [chat.hidden, clause.hidden] = [false, true];
    this.#clauseOpener.focus();
  }

  #configured() {
    const { endpoint, key = "", lang, timeout } = this.dataset;
    this.#language = lang || document.documentElement.lang.slice(0, 2).toLowerCase();
    if (!LABELS[this.#language]) this.#language = "vi";
    this.#t = LABELS[this.#language];
    try {
      const url = new URL(endpoint || HOME || "none:", document.baseURI);
      if (!/^https?:$/.test(url.protocol)) throw new TypeError(url.protocol);
      const root = url.origin + url.pathname.replace(/\/+$/, "");
      return { endpoint: root, key, timeout: Number(timeout) || 90 };
    } catch {
      console.error("congvu-chat: data-endpoint must be the http(s) address of the assistant");
      return null;
    }
  }

  #build() {
    const t = this.#t;
    const round = (name, label, onclick) =>
      el("button", { type: "button", class: "round", "aria-label": label, title: label, onclick },
        icon(name));
    const p = (this.#parts = {});
    p.title = el("h2", { id: "title", tabindex: "-1" });
    p.launcherText = el("span", {}, t.launcher);
    p.launcher = el(
      "button",
      { type: "button", class: "launcher", "aria-haspopup": "dialog", onclick: () => this.open() },
      icon("chat"),
      p.launcherText,
    );
    p.live = el("div", { class: "unseen", role: "status" });
    p.log = el("div", { class: "log", role: "region", "aria-label": t.log, tabindex: "0" });
    for (const moved of ["wheel", "touchmove", "pointerdown", "keydown"]) {
      p.log.addEventListener(moved, () => (this.#followed = false), { passive: true });
    }
    p.input = el("textarea", {
      id: "question", rows: "2", maxlength: "2000", placeholder: t.placeholder,
      "aria-describedby": "notice", autocomplete: "off", enterkeyhint: "send",
    });
    p.send = el("button", { type: "submit", class: "go", "aria-label": t.send, title: t.send },
      icon("send"));
    p.stop = el("button", { type: "button", class: "go stop", "aria-label": t.stop, title: t.stop,
      hidden: true, onclick: () => this.#controller?.abort() }, icon("stop"));
    p.form = el("form", { onsubmit: (event) => this.#submit(event) },
      el("label", { for: "question", class: "unseen" }, t.field), p.input, p.send, p.stop);
    p.chat = el("div", { class: "chat" }, p.log, p.form,
      el("p", { class: "notice", id: "notice" }, el("b", {}, "AI"), " ", t.notice));
    p.sheet = el("div", { class: "sheet", tabindex: "0", role: "region", "aria-label": t.clause });
    p.clause = el("div", { class: "chat", hidden: true },
      el("button", { type: "button", class: "action back", onclick: () => this.#closeClause() },
        icon("back"), t.back), p.sheet);
    p.panel = el(
      "div",
      { class: "panel", role: "dialog", "aria-labelledby": "title", hidden: true },
      el("header", {}, el("div", {}, p.title, el("p", {}, t.subtitle)),
        round("fresh", t.fresh, () => this.#startOver()),
        round("close", t.close, () => this.close())),
      p.chat, p.clause, p.live,
    );
    p.root = el("div", { lang: this.#language }, p.launcher, p.panel);
    p.root.addEventListener("keydown", (event) => this.#key(event));
    const shadow = this.attachShadow({ mode: "open" });
    this.#colours = new CSSStyleSheet();
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    shadow.adoptedStyleSheets = [sheet, this.#colours];
    shadow.append(p.root);
    this.#startOver({ focus: false });
  }

  /** Follow the attributes, the system's theme and the width of the screen. */
  #dress() {
    const { theme, title, primary } = this.dataset;
    const dark = theme === "dark" || (theme !== "light" && this.#night.matches);
    this.#parts.root.className = `root ${dark ? "dark" : "light"}`;
    this.#parts.title.textContent = title || this.#t.title;
    this.#colours.replaceSync(colourRules(primary));
    // Beside the panel the page can still be read; under a full screen it can't.
    this.#parts.panel.setAttribute("aria-modal", String(this.#whole.matches));
  }

  #startOver({ focus = true } = {}) {
    const { log, clause, chat, input } = this.#parts;
    this.#forget();
    [this.#exchanges, this.#conversation, this.#followed] = [[], null, true];
    const examples = (this.dataset.examples || "").split("|").map((one) => one.trim());
    const buttons = examples.filter(Boolean).map((text) =>
      el("li", {}, el("button", { type: "button", class: "example", onclick: () => this.#ask(text) },
        text)));
    log.replaceChildren(
      el("div", { class: "intro" }, el("p", {}, this.#t.greeting),
        buttons.length && el("h3", {}, this.#t.examples),
        buttons.length && el("ul", { lang: "vi" }, ...buttons)),
    );
    [chat.hidden, clause.hidden] = [false, true];
    if (focus) input.focus();
  }

  #forget() {
    const controller = this.#controller;
    this.#controller = null; // so that nobody is told of a stop
    controller?.abort();
    this.#exchanges.forEach((one) => one.dispose());
    if (this.#parts) this.#busy(false);
  }

  #submit(event) {
    event.preventDefault();
    this.#ask(this.#parts.input.value.trim());
  }

  #ask(question) {
    if (!question || this.#controller) return;
    const { input, log } = this.#parts;
    input.value = "";
    const exchange = new Exchange(question, this);
    this.#exchanges.push(exchange);
    log.append(exchange.node);
    this.#followed = true;
    this.follow(exchange.node);
    input.focus();
    this.#run(exchange);
  }

  async #run(exchange) {
    const controller = (this.#controller = new AbortController());
    this.#busy(true);
    try {
      await ask(this.#config, exchange.question, this.#conversation, controller, (name, data) => {
        if (this.#controller !== controller) return;
        exchange.on(name, data);
        if (name === "done") this.#conversation = data.conversation_id || null;
      });
    } catch (error) {
      if (this.#controller !== controller) return;
      if (error instanceof Problem) exchange.fail(error);
      else exchange.stop();
      // A conversation that the server has forgotten can't go on; a new one can.
      if (error.status === 404) this.#conversation = null;
    } finally {
      if (this.#controller === controller) {
        this.#controller = null;
        this.#busy(false);
      }
    }
  }

  #busy(busy) {
    const { send, stop, input } = this.#parts;
    const focused = this.shadowRoot.activeElement;
    [send.hidden, stop.hidden] = [busy, !busy];
    if (focused === send || focused === stop) input.focus();
  }

  #key(event) {
    const { panel, clause, input, form } = this.#parts;
    // While an input method composes (Telex, VNI), keys belong to it.
    if (panel.hidden || event.isComposing) return;
    if (event.key === "Escape") {
      event.stopPropagation();
      if (clause.hidden) this.close();
      else this.#closeClause();
    } else if (event.key === "Enter" && event.target === input && !event.shiftKey) {
      event.preventDefault();
      form.requestSubmit();
    } else if (event.key === "Tab") this.#keepFocus(event);
  }

  #keepFocus(event) {
    const reachable = [
      ...this.#parts.panel.querySelectorAll("button, textarea, summary, [tabindex='0']"),
    ].filter((node) => node.getClientRects().length);
    const [first, last] = [reachable[0], reachable[reachable.length - 1]];
    const from = this.shadowRoot.activeElement;
    const edge = event.shiftKey ? first : last;
    if (from !== edge && reachable.includes(from)) return;
    if (from && !reachable.includes(from) && !event.shiftKey) return; // a heading: on to the next
    event.preventDefault();
    (event.shiftKey ? last : first).focus();
  }
}

if (!customElements.get("congvu-chat")) customElements.define("congvu-chat", CongvuChat);

// The script tag itself is enough: its data attributes are those of the element.
if (SCRIPT && !("manual" in SCRIPT.dataset)) {
  const place = () => {
    const chat = document.createElement("congvu-chat");
    Object.assign(chat.dataset, SCRIPT.dataset);
    document.body.append(chat);
  };
  if (document.body) place();
  else document.addEventListener("DOMContentLoaded", place);
}
