/* The notices: search, reader, upload, removal. */
"use strict";
(() => {
  const { byId } = congvu;

  congvu.onForm("shelf", "input", sift);
  congvu.onForm("shelf", "change", sift);
  function sift(form) {
    const data = new FormData(form);
    const words = congvu.fold(data.get("words") || "").split(/\s+/).filter(Boolean);
    const from = congvu.day(data.get("from") || "");
    const to = congvu.day(data.get("to") || "");
    let left = 0;
    document.querySelectorAll("#cv-notice-table tbody tr").forEach((row) => {
      const { find, kind, status, date } = row.dataset;
      const fits =
        words.every((word) => find.includes(word)) &&
        (!data.get("kind") || data.get("kind") === kind) &&
        (!data.get("status") || data.get("status") === status) &&
        (!from || (date && date >= from)) &&
        (!to || (date && date <= to));
      row.hidden = !fits;
      if (fits) left += 1;
    });
    byId("cv-no-match").hidden = left > 0;
  }

  /* The reader. */
  let open = null;
  congvu.read = (notice, clause, quote) => {
    const there = byId(`dk-${clause}`);
    if (open === notice && there && !quote) return point(there);
    open = notice;
    congvu.send("read", { notice, clause, quote });
  };
  function point(block) {
    document.querySelectorAll(".cv-paper .cv-target").forEach((one) => one.classList.remove("cv-target"));
    block.classList.add("cv-target");
    block.scrollIntoView({ block: "center", behavior: congvu.motion() });
    block.focus({ preventScroll: true });
  }
  congvu.hear("reader", (element) => {
    const reader = element.querySelector(".cv-reader");
    if (!reader) return;
    const target = reader.dataset.target && byId(reader.dataset.target);
    const fold = reader.querySelector(".cv-outline-fold");
    if (congvu.isNarrow()) fold.open = false;
    if (target) {
      target.scrollIntoView({ block: "center" });
      target.focus({ preventScroll: true });
    } else {
      byId("cv-notices").scrollTo(0, 0);
      byId("cv-reader-title").focus({ preventScroll: true });
    }
  });
  congvu.onPress("jump", (link) => {
    history.replaceState(null, "", link.getAttribute("href"));
    const block = byId(`dk-${link.dataset.number}`);
    block.scrollIntoView({ block: "start", behavior: congvu.motion() });
    block.focus({ preventScroll: true });
  });

  /* Taking in. */
  function problem(words) {
    const place = byId("cv-upload-problem");
    place.hidden = !words;
    place.textContent = words;
  }
  function upload(file) {
    problem("");
    const box = byId("cv-uploading");
    const bar = byId("cv-upload-bar");
    byId("cv-upload-words").textContent = `Đang tải lên ${file.name}`;
    bar.value = 0;
    box.hidden = false;
    const request = new XMLHttpRequest();
    request.open("POST", "tep/tai-len");
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.setRequestHeader("X-File-Name", encodeURIComponent(file.name));
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) bar.value = (100 * event.loaded) / event.total;
      if (event.loaded === event.total) byId("cv-upload-words").textContent = `Đang đọc ${file.name}`;
    };
    request.onloadend = () => {
      box.hidden = true;
      byId("cv-file").value = "";
      let answer = {};
      try {
        answer = JSON.parse(request.responseText);
      } catch {
        answer = { message: "Không tải lên được.", remedy: "Hãy kiểm tra mạng rồi thử lại." };
      }
      if (answer.token) congvu.send("preview", { token: answer.token });
      else problem(`${answer.message || "Không tải lên được."} ${answer.remedy || ""}`);
    };
    request.send(file);
  }
  document.addEventListener("change", (event) => {
    if (event.target.id === "cv-file" && event.target.files[0]) upload(event.target.files[0]);
  });
  for (const name of ["dragover", "dragleave", "drop"]) {
    document.addEventListener(name, (event) => {
      const drop = byId("cv-drop");
      // A file let go beside the box must not replace the page.
      if (event.dataTransfer && event.dataTransfer.types.includes("Files")) event.preventDefault();
      if (!drop) return;
      const over = event.target.closest && event.target.closest("#cv-drop");
      drop.classList.toggle("cv-over", name === "dragover" && Boolean(over));
      if (name === "drop" && over && event.dataTransfer.files[0]) upload(event.dataTransfer.files[0]);
    });
  }
  congvu.hear("intake", (element) => {
    const title = element.querySelector("#cv-preview-title");
    if (title) title.focus();
  });
  congvu.onPress("add", (button) => {
    button.disabled = true;
    congvu.send("add", { token: button.dataset.token });
  });
  congvu.onPress("discard", (button) => congvu.send("discard", { token: button.dataset.token }));

  congvu.onPress("remove", (button) => {
    const dialog = byId("cv-remove");
    byId("cv-remove-name").textContent = button.dataset.title;
    dialog.returnValue = "";
    dialog.onclose = () => {
      if (dialog.returnValue !== "yes") return;
      open = null;
      congvu.go("#van-ban");
      congvu.send("remove", { notice: button.dataset.notice });
    };
    dialog.showModal();
  });

  congvu.onPress("correct", (button) => {
    const sent = { notice: button.dataset.notice };
    document.querySelectorAll("#cv-correct :is(input, select)").forEach((one) => {
      if (one.value !== one.dataset.value) sent[one.name] = one.value;
    });
    congvu.send("correct", sent);
  });
  congvu.onPress("uncorrect", (button) => {
    congvu.send("correct", { notice: button.dataset.notice, undo: [button.dataset.field] });
  });
})();
