/* The chat: asking, the clause beside it, past conversations, feedback. */
"use strict";
(() => {
  const { byId } = congvu;
  const page = document.documentElement;
  let busy = false;
  let opener = null;

  function setBusy(now) {
    busy = now;
    const stop = byId("cv-stop");
    if (!stop) return;
    const hadFocus = document.activeElement === stop;
    stop.hidden = !now;
    byId("cv-send").hidden = now;
    byId("cv-live").setAttribute("aria-busy", String(now));
    if (!now && hadFocus) byId("cv-question").focus();
  }
  congvu.idle = () => setBusy(false);

  function filterData() {
    const form = byId("cv-filter-form");
    const data = new FormData(form);
    return {
      notices: data.getAll("notices"),
      kinds: data.getAll("kinds"),
      from: data.get("from") || "",
      to: data.get("to") || "",
    };
  }

  function ask(question) {
    const words = question.trim();
    if (!words || busy) return;
    setBusy(true);
    congvu.send("ask", { question: words, ...filterData() });
    congvu.closeDrawer();
    const field = byId("cv-question");
    field.value = "";
    grow(field);
    // A keyboard on the screen would cover the answer.
    if (window.matchMedia("(hover: none)").matches) field.blur();
    else field.focus();
  }

  function grow(field) {
    field.style.height = "auto";
    field.style.height = `${Math.min(field.scrollHeight + 2, 190)}px`;
  }

  congvu.onForm("ask", "submit", () => ask(byId("cv-question").value));
  congvu.onForm("ask", "input", (_, event) => grow(event.target));
  congvu.onForm("ask", "keydown", (_, event) => {
    // While a Vietnamese keyboard is composing a syllable, Enter belongs to it.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    if (event.target.id !== "cv-question") return;
    event.preventDefault();
    ask(event.target.value);
  });
  congvu.onPress("stop", () => {
    congvu.send("stop");
    setTimeout(() => setBusy(false), 4000); // should the server not be there any more
  });
  congvu.onPress("retry", (button) => ask(button.dataset.question));
  congvu.onPress("example", (button) => {
    const question = button.dataset.question;
    if (!question.includes("…")) return ask(question);
    // A pattern: it is put into the field, the gap selected.
    const field = byId("cv-question");
    field.value = question;
    field.focus();
    const gap = question.indexOf("…");
    field.setSelectionRange(gap, gap + 1);
  });

  /* The question goes to the top, the answer grows below it; nothing scrolls under a reader. */
  function reveal(article) {
    const scroll = byId("cv-scroll");
    const top = article.getBoundingClientRect().top - scroll.getBoundingClientRect().top;
    scroll.scrollTo({ top: scroll.scrollTop + top - 12, behavior: congvu.motion() });
  }

  /* The quotes are read while the sentence above them is being written. When it comes, and when
     the whole answer takes the place of the one on its way, they stay where they are. */
  const SETTLED_MS = 1000; // before, nothing can have been read, and the question may be scrolling
  const reading = { question: "", since: 0, top: null, focus: "", unfolded: false };
  const asked = (article) => article.querySelector("h3").textContent;
  const place = (node) => node.getBoundingClientRect().top - byId("cv-scroll").getBoundingClientRect().top;
  const quotes = (article) => article.querySelector(".cv-words > :not(.cv-lead)");
  const liveQuotes = () => byId("cv-live").querySelector(".cv-words > :not(.cv-lead)");
  const isSettled = () => reading.top !== null && performance.now() - reading.since > SETTLED_MS;
  function startReading(question) {
    Object.assign(reading, { question, since: performance.now(), top: null, focus: "", unfolded: false });
  }
  function goOnReading(article) {
    const first = quotes(article);
    if (reading.unfolded) article.querySelectorAll(".cv-evidence").forEach((one) => (one.open = true));
    if (first && isSettled()) byId("cv-scroll").scrollTop += place(first) - reading.top;
    const focused = reading.focus && article.querySelector(reading.focus);
    // The focus was on what has just gone, or on what goes next: the answer on its way.
    const isLost = document.activeElement === document.body || document.activeElement.closest("#cv-live");
    if (focused && isLost) focused.focus({ preventScroll: true });
    if (first) reading.top = place(first);
  }
  document.addEventListener("scroll", (event) => {
    const first = event.target.id === "cv-scroll" && liveQuotes();
    if (first) reading.top = place(first);
  }, { capture: true, passive: true });
  document.addEventListener("focusin", (event) => {
    const button = event.target.closest("#cv-live .cv-answer [data-marker]");
    const part = button && (button.closest(".cv-sources") ? ".cv-sources" : ".cv-words > :not(.cv-lead)");
    reading.focus = button ? `${part} [data-marker="${button.dataset.marker}"]` : "";
  });
  document.addEventListener("click", (event) => {
    const summary = event.target.closest("#cv-live .cv-evidence summary");
    if (summary) reading.unfolded = !summary.parentElement.open;
  });

  let shown = "";
  congvu.hear("live", (element) => {
    const article = element.querySelector("article");
    const question = article ? asked(article) : "";
    if (article && question !== shown) {
      startReading(question);
      reveal(article);
    } else if (article) goOnReading(article);
    shown = question;
    if (article && article.querySelector(".cv-stopped")) setBusy(false);
    if (article) page.dataset.asked = "yes";
  });
  let count = 0;
  congvu.hear("thread", (element) => {
    const all = element.querySelectorAll("article");
    const newest = all[all.length - 1];
    if (all.length > count) setBusy(false);
    page.dataset.asked = all.length ? "yes" : "";
    if (!all.length) delete page.dataset.asked;
    if (all.length && all.length !== count) {
      if (isSettled() && asked(newest) === reading.question) goOnReading(newest);
      else reveal(newest);
      reading.top = null;
    }
    count = all.length;
    if (!busy && element.querySelector("[data-waiting]")) setTimeout(() => page.dataset.asked || busy || congvu.send("new"), 3000);
  });

  congvu.hear("toast", (element) => element.querySelector(".cv-toast-error") && setBusy(false));

  /* The clause. */
  congvu.onPress("clause", (button) => {
    opener = button;
    const { index, marker, notice, clause } = button.dataset;
    congvu.send("clause", index !== undefined ? { index, marker } : { notice, clause });
    document.querySelectorAll(".cv-mark-open").forEach((one) => one.classList.remove("cv-mark-open"));
    button.classList.add("cv-mark-open");
  });
  congvu.hear("panel", (element) => {
    page.dataset.panel = "open";
    const scroll = element.querySelector(".cv-panel-frame");
    scroll.scrollTop = 0;
    const mark = element.querySelector("mark");
    if (mark) {
      const low = mark.getBoundingClientRect().bottom - scroll.getBoundingClientRect().bottom;
      if (low > -24) scroll.scrollTo({ top: low + 120, behavior: congvu.motion() });
    }
    byId("cv-panel-title").focus({ preventScroll: true });
  });
  congvu.closePanel = () => {
    delete page.dataset.panel;
    document.querySelectorAll(".cv-mark-open").forEach((one) => one.classList.remove("cv-mark-open"));
    const back = opener && opener.isConnected ? opener : byId("cv-question");
    if (back) back.focus();
  };
  congvu.onPress("close-panel", congvu.closePanel);
  congvu.onPress("read", (link) => {
    if (congvu.isNarrow()) delete page.dataset.panel;
    congvu.go(link.getAttribute("href"), link.dataset.quote || null);
  });

  /* Past conversations. */
  function leave() {
    setBusy(false);
    startReading("");
    delete page.dataset.panel;
    congvu.closeDrawer();
    if (page.dataset.page !== "chat") congvu.go("#hoi-dap");
  }
  congvu.onPress("new", () => {
    leave();
    congvu.send("new");
    byId("cv-question").focus();
  });
  congvu.onPress("open", (button) => {
    leave();
    count = 0;
    congvu.send("open", { conversation: button.dataset.conversation });
  });
  congvu.onPress("delete", (button) =>
    congvu.send("delete", { conversation: button.dataset.conversation }),
  );
  congvu.onPress("restore", (button) => {
    congvu.send("restore", { conversation: button.dataset.conversation });
  });
  congvu.onPress("rename", (button) => {
    const dialog = byId("cv-rename");
    const field = byId("cv-rename-name");
    field.value = button.dataset.title;
    dialog.returnValue = "";
    dialog.onclose = () => {
      const title = field.value.trim();
      if (dialog.returnValue === "yes" && title)
        congvu.send("rename", { conversation: button.dataset.conversation, title });
    };
    dialog.showModal();
    field.select();
  });
  let typing = 0;
  document.addEventListener("input", (event) => {
    if (event.target.id !== "cv-list-search") return;
    clearTimeout(typing);
    typing = setTimeout(() => congvu.send("list", { search: event.target.value }), 250);
  });

  /* Where to look. */
  function noteFilter() {
    const { notices, kinds, from, to } = filterData();
    const set = notices.length + kinds.length + (from ? 1 : 0) + (to ? 1 : 0);
    byId("cv-filter-count").textContent = set ? String(set) : "";
    const note = byId("cv-filter-note");
    note.hidden = !set;
    const parts = [];
    if (notices.length) parts.push(`${notices.length} văn bản đã chọn`);
    if (kinds.length) parts.push(kinds.join(", "));
    if (from) parts.push(`từ ${from}`);
    if (to) parts.push(`đến ${to}`);
    note.textContent = set ? `Chỉ tìm trong: ${parts.join("; ")}.` : "";
  }
  congvu.onForm("filter", "change", noteFilter);
  congvu.onPress("clear-filter", () => {
    byId("cv-filter-form").reset();
    noteFilter();
  });

  /* Feedback. */
  function send(exchange, data) {
    congvu.send("feedback", { exchange, ...data });
  }
  function press(article, act, on) {
    article.querySelectorAll("[data-act=up], [data-act=down]").forEach((one) =>
      one.setAttribute("aria-pressed", String(on && one.dataset.act === act)),
    );
  }
  function form(article, open) {
    const one = article.querySelector(".cv-feedback");
    one.hidden = !open;
    article.querySelector("[data-act=down]").setAttribute("aria-expanded", String(open));
    if (!open) return;
    one.querySelector("input").focus({ preventScroll: true });
    one.scrollIntoView({ block: "nearest", behavior: congvu.motion() });
  }
  congvu.onPress("up", (button) => {
    const article = button.closest("article");
    form(article, false);
    press(article, "up", true);
    send(article.dataset.exchange, { verdict: "up", reason: "correct" });
  });
  congvu.onPress("down", (button) => {
    const article = button.closest("article");
    form(article, article.querySelector(".cv-feedback").hidden);
  });
  congvu.onPress("close-feedback", (button) => {
    const article = button.closest("article");
    form(article, false);
    article.querySelector("[data-act=down]").focus();
  });
  congvu.onForm("feedback", "submit", (one) => {
    const data = new FormData(one);
    const article = one.closest("article");
    press(article, "down", true);
    form(article, false);
    send(one.dataset.exchange, {
      verdict: "down",
      reason: data.get("reason"),
      comment: data.get("comment") || "",
    });
    article.querySelector("[data-act=down]").focus();
  });
})();
