// A cited clause, opened inside the widget.

/** Return the nodes of the clause; `cited` has notice, clause and, for a citation, its quote. */
function clauseNodes(cited, t, language) {
  const { notice, clause, quote, verified } = cited;
  const text = words(clause.text);
  const span = locate(text, quote);
  const [first, last] = clause.lines || [];
  const lines = first && `${t.line} ${first === last ? first : `${first}–${last}`}`;
  const facts = [
    [t.date, writtenDate(notice.date, language)],
    [t.issuer, notice.issuer, "vi"],
    [t.status, { draft: t.draft, issued: t.issued }[notice.status] || notice.status],
    [t.place, [lines, notice.file].filter(Boolean).join(" · ")],
  ].filter(([, value]) => value);
  return [
    isDraft(notice) && el("p", { class: "warning" }, icon("alert"), el("span", {}, t.draftNote)),
    el("h3", { tabindex: "-1", lang: "vi" }, words(clause.label)),
    el("p", { class: "name", lang: "vi" }, noticeName(notice, t), " ", isDraft(notice) && badge(t)),
    notice.number && el("p", { class: "soft", lang: "vi" }, words(notice.title)),
    el(
      "dl",
      {},
      ...facts.flatMap(([term, value, lang]) => [el("dt", {}, term), el("dd", { lang }, value)]),
    ),
    words(clause.context) && el("h4", {}, t.context),
    words(clause.context) && el("p", { class: "context", lang: "vi" }, clause.context),
    el("h4", {}, t.text),
    el(
      "blockquote",
      { lang: "vi" },
      ...(span
        ? [text.slice(0, span[0]), el("mark", {}, text.slice(...span)), text.slice(span[1])]
        : [text]),
    ),
    span && el("p", { class: "soft" }, t.marked),
    quote && !span && el("h4", {}, t.quoted),
    quote && !span && el("blockquote", { lang: "vi" }, el("mark", {}, quote)),
    verified === false && el("p", { class: "warning" }, icon("alert"), el("span", {}, t.unverified)),
  ].filter(Boolean);
}
