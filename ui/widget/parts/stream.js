// The way to the assistant: one request, its server-sent events, and what can go wrong.

/** What went wrong: `kind` is a key of `errors` in the labels, `wait` is in seconds. */
class Problem extends Error {
  constructor(kind, { detail = "", remedy = "", wait = 0, status = 0 } = {}) {
    super(detail || kind);
    Object.assign(this, { kind, detail, remedy, wait, status });
  }

  /** Make one of a problem document (RFC 9457), whether it came as a response or as an event. */
  static of(body, status, retryAfter = null) {
    const kind =
      { 401: "denied", 403: "denied", 429: "many", 503: "busy" }[status] ||
      ([400, 413, 422].includes(status) ? "unusable" : "failed");
    const wait = ["many", "busy"].includes(kind) ? seconds(retryAfter) : 0;
    return new Problem(kind, {
      status,
      detail: words(body.detail) || words(body.title),
      remedy: words(body.remedy),
      wait,
    });
  }
}

const words = (value) => (typeof value === "string" ? value : "");

/** Read Retry-After, a number of seconds or a date, bounded; 0 where there is none. */
function seconds(given) {
  if (!given) return 0;
  const wait = /^\d+$/.test(given) ? Number(given) : (Date.parse(given) - Date.now()) / 1000;
  return Math.min(600, Math.max(0, Math.ceil(wait || 0)));
}

/** Yield `{name, data}` for each event; an event without its closing empty line is none. */
async function* serverEvents(body, heard) {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  let name = "message";
  let data = [];
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      heard();
      const lines = (rest + decoder.decode(value, { stream: true })).split("\n");
      rest = lines.pop();
      for (const line of lines.map((one) => one.replace(/\r$/, ""))) {
        const [, field, content] = /^(\w*)(?:: ?(.*))?$/.exec(line) || [];
        if (line === "") {
          if (data.length) yield { name, data: JSON.parse(data.join("\n")) };
          [name, data] = ["message", []];
        } else if (field === "event") name = content;
        else if (field === "data") data.push(content || "");
      }
    }
  } finally {
    reader.cancel().catch(() => {}); // the server must not go on writing for nobody
  }
}

/**
 * Ask, and hand each event to `on(name, data)`; ends well only after `done`.
 *
 * @throws {Problem} everything that went wrong, but for a stop by `controller`.
 */
async function ask(config, question, conversation, controller, on) {
  let timer;
  let silent = false;
  // A connection that died without a word would be waited for without end.
  const heard = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      silent = true;
      controller.abort();
    }, config.timeout * 1000);
  };
  let begun = false;
  try {
    heard();
    const body = { question, stream: true };
    if (conversation) body.conversation_id = conversation;
    const headers = { "Content-Type": "application/json", Accept: "text/event-stream" };
    if (config.key) headers.Authorization = `Bearer ${config.key}`;
    const response = await fetch(`${config.endpoint}/v1/ask`, {
      method: "POST",
      headers,
      body: JSON.stringify(body),
      signal: controller.signal,
      credentials: "omit",
      cache: "no-store",
      referrerPolicy: "no-referrer", // the address of the page may say what a citizen looks for
    });
    if (!response.ok) {
      const document = await response.json().catch(() => null); // a proxy's page, maybe
      throw Problem.of(document || {}, response.status, response.headers.get("Retry-After"));
    }
    begun = true;
    for await (const { name, data } of serverEvents(response.body, heard)) {
      if (name === "error") throw Problem.of(data, data.status || 500);
      on(name, data);
      if (name === "done") return;
    }
    throw new Problem("cut");
  } catch (error) {
    if (error instanceof Problem) throw error;
    if (error.name === "AbortError" && !silent) throw error;
    if (begun) throw new Problem("cut");
    throw new Problem(navigator.onLine === false ? "offline" : "unreachable");
  } finally {
    clearTimeout(timer);
  }
}
