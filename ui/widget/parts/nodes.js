// Nodes are built one by one and text is only ever text: an answer or a notice can't bring markup.

/** Make an element; `on…` are listeners, true and false switch an attribute, the rest is text. */
function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value !== false && value != null) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child != null && child !== false && child !== ""));
  return node;
}

const ICONS = {
  chat: "M4 5h16v11H10l-5 4v-4H4zM8 9h8M8 12.5h5",
  close: "M6 6l12 12M18 6L6 18",
  fresh: "M12 5v14M5 12h14",
  send: "M12 19V5M6 11l6-6 6 6",
  stop: "M7 7h10v10H7z",
  back: "M19 12H5M11 6l-6 6 6 6",
  copy: "M9 9h11v11H9zM5 15H4V4h11v1",
  retry: "M20 11a8 8 0 1 0-2.3 6.3M20 5v6h-6",
  alert: "M12 4l9 16H3zM12 10v4M12 17v.5",
  none: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M8 12h8",
};

function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  const path = document.createElementNS(space, "path");
  for (const [key, value] of [["viewBox", "0 0 24 24"], ["aria-hidden", "true"]]) {
    svg.setAttribute(key, value);
  }
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

// What stands in quotation marks is a notice's own, “[1]” in it too: markers are outside.
const QUOTED_OR_MARKER = /(“(?:[^“”]|“[^“”]*”)*”)|\[(\d{1,3})\]/g;

/** Cut a line of an answer at its markers, with `mark(n)` in the place of each. */
function withMarkers(line, mark) {
  const parts = [];
  let at = 0;
  for (const found of line.matchAll(QUOTED_OR_MARKER)) {
    if (found[1]) continue;
    parts.push(line.slice(at, found.index), mark(Number(found[2])));
    at = found.index + found[0].length;
  }
  return [...parts, line.slice(at)];
}

/** Lay out an answer: paragraphs, "- " lists, and `mark(n)` for each marker [n]. */
function answerNodes(text, mark) {
  const nodes = [];
  let list = null;
  for (const line of text.split("\n")) {
    const bullet = /^\s*[-•]\s+(.*)$/.exec(line);
    const inline = withMarkers(bullet ? bullet[1] : line, mark);
    if (bullet) {
      if (!list) nodes.push((list = el("ul")));
      list.append(el("li", {}, ...inline));
    } else {
      list = null;
      if (line.trim()) nodes.push(el("p", {}, ...inline));
    }
  }
  return nodes;
}

/** Find `quote` in `text` whatever the white space between its words; null where it is not. */
function locate(text, quote) {
  const pattern = words(quote)
    .trim()
    .split(/\s+/)
    .map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
    .join("\\s+");
  const found = pattern && new RegExp(pattern).exec(text);
  return found ? [found.index, found.index + found[0].length] : null;
}

/** Write an ISO date as people do. */
function writtenDate(iso, language) {
  const parts = /^(\d{4})-(\d\d)-(\d\d)$/.exec(words(iso));
  if (!parts) return words(iso);
  if (language === "vi") return parts.slice(1).reverse().join("/");
  const form = { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" };
  return new Date(`${iso}T00:00Z`).toLocaleDateString("en-GB", form);
}

/** Name a notice: “Kế hoạch số 45/KH-UBND”, or by its title where it has no number. */
function noticeName(notice, t) {
  const name = notice.number ? t.number(notice.number) : `“${notice.title || notice.file || ""}”`;
  return `${words(notice.kind)} ${name}`.trim();
}

const isDraft = (notice) => notice.status === "draft";
const badge = (t) => el("span", { class: "badge" }, t.draft);
