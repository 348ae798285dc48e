/* What every part of the page needs: sending to the server, hearing of new content, presses,
   pages by address, light and dark. */
"use strict";
(() => {
  const buses = {};
  const waiting = [];
  const listeners = {};
  const presses = {};
  const forms = {};
  let nonce = 0;
  const page = document.documentElement;

  const congvu = {
    bus(name, trigger) {
      buses[name] = trigger;
      waiting.filter((one) => one.name === name).forEach((one) => trigger("submit", one.data));
    },
    part(name, element, watch) {
      watch("value", () => (listeners[name] || []).forEach((hear) => hear(element)));
    },
    send(name, data = {}) {
      nonce += 1;
      const sent = { ...data, nonce: String(nonce) };
      if (buses[name]) buses[name]("submit", sent);
      else waiting.push({ name, data: sent });
      return sent.nonce;
    },
    hear(name, what) {
      (listeners[name] = listeners[name] || []).push(what);
    },
    onPress(name, what) {
      presses[name] = what;
    },
    onForm(name, event, what) {
      forms[`${name} ${event}`] = what;
    },
    byId: (id) => document.getElementById(id),
    fold: (words) =>
      words.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[đĐ]/g, "d").toLowerCase(),
    /* "15/6/2026" as "2026-06-15", so that days can be compared; "" for anything else. */
    day(written) {
      const found = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(written.trim());
      return found ? `${found[3]}-${found[2].padStart(2, "0")}-${found[1].padStart(2, "0")}` : "";
    },
    isNarrow: () => window.matchMedia("(max-width: 899px)").matches,
    motion: () =>
      window.matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth",
    /* A message of the page's own: the server may not be there to write one. */
    tell(words, isError = false) {
      const place = congvu.byId("cv-toast");
      if (!place) return;
      const box = document.createElement("div");
      box.className = `cv-toast cv-toast-local${isError ? " cv-toast-error" : ""}`;
      box.setAttribute("role", isError ? "alert" : "status");
      const told = document.createElement("p");
      told.textContent = words;
      box.append(told);
      place.append(box);
      setTimeout(() => box.remove(), isError ? 12000 : 4000);
    },
  };
  window.congvu = congvu;

  /* Presses: whatever carries data-act. Addresses within the page never load it anew. */
  document.addEventListener("click", (event) => {
    const target = event.target.closest("[data-act], a[href^='#']");
    if (!target) return;
    const act = presses[target.dataset.act];
    if (target.matches("a[href^='#']")) {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      if (!act) congvu.go(target.getAttribute("href"));
    }
    if (act) act(target, event);
  });
  for (const name of ["submit", "input", "change", "keydown"]) {
    document.addEventListener(name, (event) => {
      const form = event.target.closest("[data-form]");
      if (!form) return;
      if (name === "submit") event.preventDefault();
      const what = forms[`${form.dataset.form} ${name}`];
      if (what) what(form, event);
    });
  }

  /* Pages: #hoi-dap, #van-ban, #van-ban/<id>, #van-ban/<id>/<clause>. */
  let quoted = null;
  congvu.go = (address, quote = null) => {
    quoted = quote;
    if (location.hash === address) show();
    else location.hash = address;
  };
  function show() {
    const [first, notice, clause] = decodeURIComponent(location.hash.slice(1)).split("/");
    const name = first !== "van-ban" ? "chat" : notice ? "reader" : "notices";
    page.dataset.page = name;
    for (const [id, here] of [
      ["cv-nav-chat", name === "chat"],
      ["cv-nav-notices", name !== "chat"],
    ]) {
      const link = congvu.byId(id);
      if (link && here) link.setAttribute("aria-current", "page");
      else if (link) link.removeAttribute("aria-current");
    }
    if (name === "notices") congvu.byId("cv-notices").scrollTo(0, 0);
    if (name === "reader") congvu.read(notice, clause || "", quoted || "");
    quoted = null;
    closeDrawer();
  }
  window.addEventListener("hashchange", show);

  /* The left column is a drawer where there is no room for it. */
  function closeDrawer() {
    delete page.dataset.drawer;
    document.querySelectorAll(".cv-top [data-act=drawer]").forEach((one) =>
      one.setAttribute("aria-expanded", "false"),
    );
  }
  congvu.closeDrawer = closeDrawer;
  congvu.onPress("drawer", () => {
    const opener = document.querySelector(".cv-top [data-act=drawer]");
    if (page.dataset.drawer) {
      closeDrawer();
      opener.focus();
      return;
    }
    page.dataset.drawer = "open";
    opener.setAttribute("aria-expanded", "true");
    congvu.byId("cv-new").focus();
  });
  congvu.onPress("skip", () => {
    const target = page.dataset.page === "chat" ? "cv-question" : "cv-notices-title";
    (congvu.byId(target) || congvu.byId("cv-reader-title")).focus();
  });
  document.addEventListener("click", (event) => {
    if (page.dataset.drawer && !event.target.closest("#cv-side, .cv-top")) closeDrawer();
  });

  /* Esc closes what lies on top: the drawer, then the clause. */
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || document.querySelector("dialog[open]")) return;
    if (page.dataset.drawer) {
      closeDrawer();
      document.querySelector(".cv-top [data-act=drawer]").focus();
    } else if (page.dataset.panel) congvu.closePanel();
  });

  /* Light and dark: the system's, until a person chooses. Gradio knows dark by a class. */
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  function stored(value) {
    try {
      if (value) localStorage.setItem("congvu-theme", value);
      return localStorage.getItem("congvu-theme");
    } catch {
      return value; // a browser may forbid it: then the choice lasts as long as the page
    }
  }
  let chosen = stored();
  function paint() {
    const isDark = (chosen || (dark.matches ? "dark" : "light")) === "dark";
    page.dataset.theme = isDark ? "dark" : "light";
    page.style.colorScheme = isDark ? "dark" : "light";
    if (document.body) document.body.classList.toggle("dark", isDark);
  }
  dark.addEventListener("change", paint);
  congvu.onPress("theme", () => {
    chosen = page.dataset.theme === "dark" ? "light" : "dark";
    stored(chosen);
    paint();
    congvu.tell(chosen === "dark" ? "Giao diện tối." : "Giao diện sáng.");
  });

  congvu.onPress("copy", async (button) => {
    try {
      await navigator.clipboard.writeText(button.dataset.text);
    } catch {
      // Without HTTPS browsers have no clipboard for pages; the old way still works.
      const area = document.createElement("textarea");
      area.value = button.dataset.text;
      document.body.append(area);
      area.select();
      const copied = document.execCommand("copy");
      area.remove();
      button.focus();
      if (!copied) return congvu.tell("Trình duyệt không cho chép.", true);
    }
    congvu.tell("Đã chép.");
  });
  congvu.onPress("close-toast", (button) => button.closest(".cv-toast").remove());
  congvu.hear("toast", (element) => {
    const box = element.querySelector(".cv-toast");
    if (!box || box.matches(".cv-toast-error")) return;
    setTimeout(() => box.isConnected && box.remove(), box.querySelector("[data-act=restore]") ? 12000 : 5000);
  });

  function lost() {
    congvu.tell("Mất kết nối với máy chủ. Hãy kiểm tra mạng rồi tải lại trang.", true);
    if (congvu.idle) congvu.idle();
  }

  /* Gradio says in English that the connection broke; it is hidden and said here. */
  function watchGradio() {
    new MutationObserver((changes) => {
      for (const change of changes) {
        for (const node of change.addedNodes) {
          if (node.nodeType === 1 && (node.matches(".toast-body, .toast-wrap") || node.querySelector(".toast-body"))) {
            if (node.matches(".toast-body") || node.querySelector(".toast-body")) lost();
          }
        }
      }
    }).observe(document.body, { childList: true, subtree: true });
  }

  function begin() {
    page.lang = "vi";
    paint();
    watchGradio();
    const ready = setInterval(() => {
      if (!congvu.byId("cv-nav-chat")) return;
      clearInterval(ready);
      show();
      page.dataset.ready = "yes";
    }, 30);
  }
  paint();
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
  else begin();
})();
