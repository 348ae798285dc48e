"use strict";
const form = document.getElementById("loc");
if (form) {
  const cases = [...document.querySelectorAll("article.case")];
  const count = form.querySelector("output");
  const filter = () => {
    const chosen = [...form.querySelectorAll("select")].filter((one) => one.value);
    let shown = 0;
    for (const one of cases) {
      one.hidden = !chosen.every((choice) => one.dataset[choice.name] === choice.value);
      shown += one.hidden ? 0 : 1;
    }
    count.textContent = chosen.length ? `Hiện ${shown} trên ${cases.length} câu.` : "";
    for (const rest of document.querySelectorAll("details.flawed")) {
      if (chosen.length) rest.open = rest.querySelector("article:not([hidden])") !== null;
    }
  };
  form.hidden = false;
  form.addEventListener("change", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  filter();
}
