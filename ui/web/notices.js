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
    marked = null;
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

  /* The pages of the original beside the text. */
  let marked = null; // the boxes of the clause that was looked at last, null for those it opened at
  function showPage(figure, page, boxes) {
    figure.dataset.page = page;
    marked = boxes;
    byId("cv-page-number").textContent = `Trang ${page}/${figure.dataset.pages} của tệp gốc`;
    const image = byId("cv-page-image");
    const address = `${figure.dataset.address}${page}.png`;
    image.alt = `Ảnh trang ${page} của tệp gốc`;
    if (image.getAttribute("src") !== address) image.setAttribute("src", address);
    const drawn = boxes
      .map((box) => box.split(",").map(Number))
      .filter(([on]) => on === page)
      .map(([, x, y, width, height]) => {
        const rect = document.createElementNS(byId("cv-page-boxes").namespaceURI, "rect");
        Object.entries({ x, y, width, height }).forEach(([name, value]) => rect.setAttribute(name, value));
        return rect;
      });
    byId("cv-page-boxes").replaceChildren(...drawn);
    look();
  }
  function look() {
    const [first, page, sheet] = [document.querySelector("#cv-page-boxes rect"), byId("cv-page"), document.querySelector(".cv-sheet")];
    if (!page) return;
    const top = first ? Number(first.getAttribute("y")) * sheet.offsetHeight : 0;
    page.scrollTo({ top: Math.max(0, top - page.clientHeight / 3) });
  }
  const boxesOf = (element) => (element.dataset.boxes || "").split(" ").filter(Boolean);
  document.addEventListener("focusin", (event) => {
    const block = event.target.closest && event.target.closest(".cv-paper [data-page]");
    const figure = document.querySelector(".cv-original");
    if (!block || !figure) return;
    // The quote that the reader was opened at is narrower than its clause.
    const target = block.classList.contains("cv-target") && figure.dataset.boxes;
    const boxes = boxesOf(target ? figure : block);
    showPage(figure, boxes.length ? parseInt(boxes[0], 10) : Number(block.dataset.page), boxes);
  });
  document.addEventListener("click", (event) => {
    const block = event.target.closest && event.target.closest(".cv-paper [data-page]");
    if (block) block.focus({ preventScroll: true });
  });
  congvu.onPress("page", (button) => {
    const figure = document.querySelector(".cv-original");
    const page = Number(figure.dataset.page) + Number(button.dataset.step);
    if (page >= 1 && page <= Number(figure.dataset.pages)) showPage(figure, page, marked || boxesOf(figure));
  });
  for (const [name, failed] of [["load", false], ["error", true]]) {
    document.addEventListener(name, (event) => {
      if (event.target.id !== "cv-page-image") return;
      byId("cv-page-problem").hidden = !failed;
      look();
    }, true);
  }

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
  /* Many files, or an archive, go into one job, one after the other. */
  const ends = (file, endings) => endings.split(" ").some((one) => file.name.toLowerCase().endsWith(one));
  async function receive(files) {
    problem("");
    const box = byId("cv-uploading");
    const bar = byId("cv-upload-bar");
    const refused = [];
    let job = "";
    box.hidden = false;
    for (const [at, file] of files.entries()) {
      byId("cv-upload-words").textContent = `Đang tải lên ${at + 1}/${files.length}: ${file.name}`;
      bar.value = (100 * at) / files.length;
      const answer = await sendFile(file, job);
      if (!answer.job) refused.push(`${file.name}: ${answer.message} ${answer.remedy}`);
      else if (!job || !following()) congvu.send("job", { job: (job = answer.job) });
    }
    box.hidden = true;
    byId("cv-file").value = byId("cv-folder").value = "";
    if (job) congvu.send("job", { job });
    if (refused.length) problem(`Không nhận ${refused.length} tệp. ${refused.slice(0, 5).join(" ")}`);
  }
  async function sendFile(file, job) {
    const headers = { "Content-Type": "application/octet-stream", "X-File-Name": encodeURIComponent(file.name) };
    if (job) headers["X-Job"] = job;
    for (let tries = 0; ; tries += 1) {
      try {
        const response = await fetch("tep/nhan", { method: "POST", headers, body: file });
        // Too much waits to be read: the rest of a large folder goes on in a moment.
        if (response.status === 503 && tries < 120) await new Promise((go) => setTimeout(go, 5000));
        else return await response.json();
      } catch {
        return { message: "Không tải lên được.", remedy: "Hãy kiểm tra mạng rồi thử lại." };
      }
    }
  }
  const following = () => document.querySelector(".cv-job[data-state=running]");
  congvu.hear("jobs", (element) => {
    const job = element.querySelector(".cv-job");
    if (!job || job.dataset.state !== "running") return;
    setTimeout(() => {
      if (following() === job) congvu.send("job", { job: job.dataset.job });
    }, 1000);
  });
  for (const act of ["job-cancel", "job-retry"]) {
    congvu.onPress(act, (button) => {
      button.disabled = true;
      congvu.send(act, { job: button.dataset.job });
    });
  }
  congvu.onPress("job-close", () => congvu.send("job-close"));

  function take(files, isFolder) {
    const { endings, containers } = byId("cv-file").dataset;
    // Of a folder, as `congvu add` does: what no reader takes is passed over.
    const wanted = isFolder ? files.filter((one) => ends(one, endings) && !one.name.startsWith(".")) : files;
    if (!wanted.length) return problem(isFolder ? "Thư mục không có văn bản nào đọc được." : "");
    if (wanted.length === 1 && !isFolder && !ends(wanted[0], containers)) return upload(wanted[0]);
    return receive(wanted);
  }
  document.addEventListener("change", (event) => {
    const { id, files } = event.target;
    if ((id === "cv-file" || id === "cv-folder") && files.length) take([...files], id === "cv-folder");
  });
  async function within(entry) {
    if (entry.isFile) return [await new Promise((found, fail) => entry.file(found, fail))];
    const reader = entry.createReader();
    const found = [];
    for (;;) {
      const some = await new Promise((got, fail) => reader.readEntries(got, fail));
      if (!some.length) return found;
      for (const one of some) found.push(...(await within(one)));
    }
  }
  async function dropped(items, files) {
    const entries = [...items].map((one) => one.webkitGetAsEntry && one.webkitGetAsEntry()).filter(Boolean);
    if (!entries.some((one) => one.isDirectory)) return take(files, false);
    const found = [];
    for (const entry of entries) found.push(...(await within(entry)));
    return take(found, true);
  }
  for (const name of ["dragover", "dragleave", "drop"]) {
    document.addEventListener(name, (event) => {
      const drop = byId("cv-drop");
      // A file let go beside the box must not replace the page.
      if (event.dataTransfer && event.dataTransfer.types.includes("Files")) event.preventDefault();
      if (!drop) return;
      const over = event.target.closest && event.target.closest("#cv-drop");
      drop.classList.toggle("cv-over", name === "dragover" && Boolean(over));
      if (name === "drop" && over) dropped(event.dataTransfer.items, [...event.dataTransfer.files]);
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
