// The desk: the notice, its rules as cards, one card in detail. With a server decisions go there; without one they stay in the browser until saved.
(() => {
  "use strict";
  const body = document.body;
  const api = body.dataset.api;
  const $ = (id) => document.getElementById(id);
  const embedded = $("desk-data");
  if (!api && !embedded) return;
  const list = $("cards"), detail = $("detail"), text = $("text");

  // -- what is shown, and where the reviewer is
  let data = null;
  let current = null; // uid
  let pending = null; // a quote that is being shrunk or grown: [start, end]
  let sending = Promise.resolve();
  const cardOf = (uid) => data.cards.find((card) => card.uid === uid);
  const say = (name, blanks = {}) => Object.entries(blanks).reduce((told, [key, value]) => told.replace(`{${key}}`, value), data.words[name] ?? name);

  function el(tag, properties = {}, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(properties)) {
      if (name === "on") for (const [event, heard] of Object.entries(value)) made.addEventListener(event, heard);
      else if (name in made && name !== "list") made[name] = value;
      else if (value !== null && value !== false) made.setAttribute(name, value === true ? "" : value);
    }
    made.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
    return made;
  }

  function tell(words, bad = false) {
    $("say").textContent = words;
    $("say").classList.toggle("bad", bad);
  }

  // -- the reviewer's name
  const reviewer = $("reviewer");
  const remembered = (() => { try { return localStorage.getItem("noticerules:reviewer"); } catch { return null; } })();
  reviewer.value = remembered || body.dataset.reviewer || "";
  reviewer.addEventListener("change", () => { try { localStorage.setItem("noticerules:reviewer", reviewer.value.trim()); } catch { /* private window */ } });
  const who = () => reviewer.value.trim() || body.dataset.reviewer || "";

  // -- the text: offsets count code points, the browser counts UTF-16 units
  const pieces = [...text.querySelectorAll("[data-s]")].map((piece) => ({ start: Number(piece.dataset.s), node: piece.firstChild, piece })).filter((p) => p.node).sort((a, b) => a.start - b.start);
  const astral = /[\ud800-\udfff]/;
  const units = (words, points) => (astral.test(words) ? [...words].slice(0, points).join("").length : points);
  const points = (words, end) => (astral.test(words) ? [...words.slice(0, end)].length : end);
  const length = (words) => (astral.test(words) ? [...words].length : words.length);
  const slice = (start, end) => (astral.test(data.text) ? [...data.text].slice(start, end).join("") : data.text.slice(start, end));

  function rangesOf(start, end) {
    const found = [];
    for (const { start: at, node } of pieces) {
      const until = at + length(node.data);
      if (at >= end || until <= start) continue;
      const range = new Range();
      range.setStart(node, units(node.data, Math.max(0, start - at)));
      range.setEnd(node, units(node.data, Math.min(until, end) - at));
      found.push(range);
    }
    return found;
  }

  function highlight(name, spans) {
    const ranges = spans.flatMap(([start, end]) => rangesOf(start, end));
    if (typeof Highlight !== "undefined") CSS.highlights.set(name, new Highlight(...ranges));
    return ranges;
  }

  function selected() {
    const selection = window.getSelection();
    if (!selection.rangeCount || selection.isCollapsed) return null;
    const range = selection.getRangeAt(0);
    const inside = pieces.filter(({ node }) => range.intersectsNode(node));
    if (!inside.length) return null;
    const first = inside[0], last = inside[inside.length - 1];
    let start = first.start + (range.startContainer === first.node ? points(first.node.data, range.startOffset) : 0);
    let end = last.start + (range.endContainer === last.node ? points(last.node.data, range.endOffset) : length(last.node.data));
    while (start < end && !slice(start, start + 1).trim()) start += 1;
    while (end > start && !slice(end - 1, end).trim()) end -= 1;
    return start < end ? [start, end] : null;
  }

  function scrollText(ranges) {
    if (!ranges.length) return;
    const box = ranges[0].getBoundingClientRect(), frame = text.getBoundingClientRect();
    if (box.top < frame.top + 40 || box.bottom > frame.bottom - 60) text.scrollTop += box.top - frame.top - frame.height / 3;
  }

  // -- the list
  const rowOf = (uid) => list.querySelector(`[data-uid="${CSS.escape(uid)}"]`);

  function row(card) {
    const state = card.standing === "decided" ? say(`status.${card.status}`) : say(`standing.${card.standing}`);
    const told = card.target === "finding" || card.target === "statement" ? (card.open ? say("standing.open") : say("standing.decided")) : state;
    return el(
      "button",
      { type: "button", className: `row k-${card.kind} ${card.standing}${card.open ? "" : " done"}`, "data-uid": card.uid, "aria-current": card.uid === current ? "true" : null },
      el("span", { className: "label" }, card.label),
      el("span", { className: "title" }, card.title),
      el("span", { className: "state" }, told),
      card.value ? el("span", { className: "value" }, card.value) : null,
      card.chips.length ? el("span", { className: "who" }, card.chips.map(([label, words]) => `${label} ${words}`).join("；")) : null,
    );
  }

  function draw() {
    const gone = data.gone.map((each) => el("li", {}, el("strong", {}, each.title), ` ${each.value} `, el("span", { className: "soft" }, each.history.map((told) => `${told.who} ${told.action} ${told.reason}`).join("；"))));
    list.replaceChildren(...data.cards.map((card) => el("li", {}, row(card))), ...(gone.length ? [el("li", { className: "gone" }, el("details", {}, el("summary", {}, `${say("gone")} ${gone.length}`), el("ul", {}, gone)))] : []));
    meter();
  }

  function redraw(card) {
    const old = rowOf(card.uid);
    if (old) {
      const focused = document.activeElement === old;
      const made = row(card);
      old.replaceWith(made);
      if (focused) made.focus({ preventScroll: true });
    }
  }

  function meter() {
    $("progress").max = data.total || 1;
    $("progress").value = data.done;
    $("told-progress").textContent = say("progress", { done: data.done, total: data.total });
    $("counts").replaceChildren(...[["findings", data.findings], ["conflicts", data.conflicts]].filter(([, count]) => count).map(([name, count]) => el("span", {}, say(name, { count }))));
    $("coverage").replaceChildren(...data.coverage.map(([section, done, total]) => el("li", {}, el("span", {}, section || "—"), el("progress", { max: total, value: done, "aria-label": section }), el("span", {}, `${done}/${total}`))));
    if (data.lost.length) tell(say("lost", { lines: data.lost.join("、") }), true);
  }

  // -- going about
  function select(uid, focus = true) {
    const before = current;
    current = uid;
    pending = null;
    highlight("pending", []);
    for (const each of [before, uid]) {
      const made = each && rowOf(each);
      if (made) each === uid ? made.setAttribute("aria-current", "true") : made.removeAttribute("aria-current");
    }
    const card = uid && cardOf(uid);
    show(card);
    scrollText(highlight("quote", card ? card.spans : []));
    const made = uid && rowOf(uid);
    if (made) {
      made.scrollIntoView({ block: "nearest" });
      if (focus) made.focus({ preventScroll: true });
    }
  }

  function step(by) {
    const shown = data.cards.filter((card) => !$("only-open").checked || card.open || card.uid === current);
    const at = shown.findIndex((card) => card.uid === current);
    const next = shown[Math.min(shown.length - 1, Math.max(0, at + by))];
    if (next) select(next.uid);
  }

  function nextOpen() {
    const at = data.queue.indexOf(current);
    const next = data.queue[(at + 1) % data.queue.length];
    if (next) select(next);
    else tell(say("all_done"));
  }

  function pane(name) {
    body.dataset.pane = name;
    document.querySelectorAll("[data-pane][type=button]").forEach((tab) => (tab.dataset.pane === name ? tab.setAttribute("aria-current", "true") : tab.removeAttribute("aria-current")));
  }

  // -- one card in detail
  const section = (name, ...children) => (children.flat().some(Boolean) ? [el("h3", {}, name), ...children] : []);
  const button = (name, key, label, first = false) => el("button", { type: "button", "data-do": name, className: first ? "first" : "", "aria-keyshortcuts": key }, label, key ? [" ", el("kbd", {}, key)] : null);

  function sentence([start, end], card) {
    const cuts = [...new Set([start, end, ...card.spans.flat().filter((at) => at > start && at < end)])].sort((a, b) => a - b);
    const parts = cuts.slice(0, -1).map((from, index) => {
      const words = slice(from, cuts[index + 1]).replaceAll("\t", " ");
      return card.spans.some(([a, b]) => a <= from && from < b) ? el("mark", {}, words) : words;
    });
    return el("p", { className: "sentence" }, ...parts);
  }

  function difference(field) {
    const redlined = field.redline.map(({ change, text: words }) => (change === "same" ? words : el(change === "old" ? "del" : "ins", {}, words)));
    return el(
      "div",
      { className: field.verdict },
      el("strong", {}, field.label),
      el("span", { className: "verdict" }, field.verdict_label),
      el("p", {}, ...redlined),
      field.seen && field.seen !== field.new ? el("p", { className: "soft" }, `${say("seen")}：${field.seen}`) : null,
    );
  }

  function actions(card) {
    if (card.target === "finding") return [button("accept", "A", say("do.noted"), true), button("comment", "C", say("do.comment")), button("text", "G", say("do.text")), button("undo", "U", say("do.undo"))];
    if (card.target === "statement") return [button("add", "N", say("do.add"), true), button("accept", "A", say("do.no_rule")), button("comment", "C", say("do.comment")), button("text", "G", say("do.text")), button("undo", "U", say("do.undo"))];
    const apart = card.gold && card.new && card.fields.some((field) => field.verdict !== "stands");
    const disputed = card.dispute && !card.dispute.parties.includes(who());
    return [
      disputed && button("resolve-keep", "", say("do.resolve_keep"), true),
      disputed && card.dispute.offered !== null && button("resolve-take", "", say("do.resolve_take")),
      button("accept", "A", say(apart ? "do.keep" : "do.accept"), !disputed),
      apart && button("take", "P", say("do.take")),
      button("value", "E", say("do.value")),
      card.target === "rule" && button("scope", "S", say("do.scope")),
      button("reject", "X", say("do.reject")),
      button("comment", "C", say("do.comment")),
      button("dispute", "F", say("do.dispute")),
      button("shrink", "[", say("do.shrink")),
      button("grow", "]", say("do.grow")),
      button("text", "G", say("do.text")),
      card.target === "rule" && button("split", "", say("do.split")),
      card.target === "rule" && button("merge", "", say("do.merge")),
      button("undo", "U", say("do.undo")),
    ];
  }

  function show(card) {
    if (!card) return detail.replaceChildren(el("p", { className: "soft" }, data.queue.length ? say("nothing") : say("all_done")));
    detail.className = `detail k-${card.kind}`;
    const main = mainField(card);
    const parts = [
      el("p", { className: "kind" }, card.label, card.section ? el("span", { className: "clause" }, card.section) : null),
      el("h2", {}, card.title),
      card.key ? el("p", { className: "key" }, card.key) : null,
      card.why.length ? el("ul", { className: "why-list", "aria-label": say("why") }, card.why.map((reason) => el("li", {}, reason))) : null,
      card.dispute ? el("p", { className: "why-list" }, say("dispute", { parties: card.dispute.parties.join("、") }), " ", card.dispute.label ? `${card.dispute.label}：` : "", `${say("dispute.offered")} ${card.dispute.told}`, card.dispute.reason ? `（${card.dispute.reason}）` : "") : null,
      card.rows.length ? el("dl", { className: "fields" }, card.rows.map(([name, label, words]) => el("div", {}, el("dt", {}, label), el("dd", { className: name === main ? "main" : "" }, words), editable(card, name) ? el("button", { type: "button", className: "edit", "data-edit": name, "aria-label": `${say("do.edit")} ${label}` }, say("do.edit")) : null))) : null,
      el("div", { className: "actions" }, actions(card).filter(Boolean)),
      el("div", { id: "form-place" }),
      ...section(say("difference"), card.fields.length && card.gold && card.new ? el("div", { className: "diff" }, card.fields.map(difference)) : null),
      ...section(say("sentence"), ...card.sentences.map((each) => sentence(each, card))),
      ...section(say("orphans"), card.orphans.length ? el("ul", {}, card.orphans.map((quote) => el("li", {}, `“${quote}”`))) : null),
      ...section(say("confidence"), card.confidence ? el("p", {}, card.confidence, card.reasons.length ? ` · ${card.reasons.join("；")}` : "") : null, card.patterns?.length ? el("p", { className: "key" }, `${say("pattern")} ${card.patterns.join("、")}`) : null),
      ...section(say("last"), card.last ? el("p", {}, card.last) : null),
      ...section(say("former"), card.former.length ? el("p", { className: "key" }, card.former.join("、")) : null),
      ...section(say("history"), card.history.length ? el("ul", { className: "history" }, card.history.map((each) => el("li", {}, el("time", {}, each.at), ` ${each.who} ${each.action} ${[each.field, each.value, each.reason].filter(Boolean).join(" · ")}`))) : null),
    ];
    detail.replaceChildren(...parts.filter(Boolean));
    detail.scrollTop = 0;
  }

  // -- forms
  const PARTS = { money: ["amount", "currency", "former"], quantity: ["number", "op", "unit"], instant: ["at"], window: ["start", "end"], relative: ["event", "relation", "offset", "length", "unit"], by_reference: ["reference"], external: ["text"], prohibited: [], not_stated: [], text: ["text"], one_of: ["values"], adjustment: ["adds", "unit"], banded: ["bands"] };
  const CHOICES = { op: [">=", ">", "<=", "<", "="], relation: ["from", "before", "after", "within", "since", "last"] };
  const MAIN = { eligibility: "outcome", material: "form", step: "action", penalty: "consequence", contact: "organisation", requirement: "subject", exemption: "subject", reference: "document_number" };
  const LISTS = ["persons", "phones", "emails", "articles", "aliases"];
  const contentOf = (card) => card.gold || card.new;
  const mainField = (card) => (contentOf(card)?.value ? "value" : MAIN[card.kind] || "value");
  const editable = (card, name) => Boolean(contentOf(card)) && !["condition", "role", "purpose", "modality", "relation"].includes(name);
  const listed = (words) => words.split(/[、,，;；]/).map((word) => word.trim()).filter(Boolean);

  function openForm(title, fields, save, advance = true) {
    const made = el(
      "form",
      { className: "form", "aria-label": title, on: { submit: (event) => { event.preventDefault(); const wish = save(made); if (wish) { closeForm(); decide(wish, advance); } } } },
      el("strong", {}, title),
      ...fields,
      el("div", { className: "ends" }, el("button", { type: "submit" }, say("do.save"), " ", el("kbd", {}, "Enter")), el("button", { type: "button", on: { click: closeForm } }, say("do.cancel"), " ", el("kbd", {}, "Esc"))),
    );
    $("form-place").replaceChildren(made);
    if (body.dataset.pane !== undefined) pane("detail");
    made.scrollIntoView({ block: "nearest" });
    const first = made.querySelector("input, select, textarea");
    first?.focus();
    first?.select?.();
    return made;
  }

  function closeForm() {
    $("form-place")?.replaceChildren();
    rowOf(current)?.focus({ preventScroll: true });
  }

  const field = (label, input) => el("label", {}, el("span", {}, label), input);
  const input = (name, value = "", more = {}) => el("input", { name, value, autocomplete: "off", ...more });
  const choice = (name, options, value) => el("select", { name, value }, options.map(([key, label]) => el("option", { value: key, selected: key === value }, label)));

  function partFields(value, prefix = "") {
    return (PARTS[value?.type] || []).map((part) => {
      const now = value[part];
      if (CHOICES[part]) return field(say(`part.${part}`), choice(prefix + part, CHOICES[part].map((each) => [each, each]), now || CHOICES[part][0]));
      const words = part === "bands" ? JSON.stringify(now || []) : Array.isArray(now) ? now.join("、") : String(now ?? (part === "currency" ? "CNY" : "")).replace("T", " ");
      return field(say(`part.${part}`), input(prefix + part, words));
    });
  }

  function valueFields(value, types = Object.keys(PARTS)) {
    const place = el("div", { className: "form-parts" }, partFields(value));
    const type = choice("type", ["", ...types].map((each) => [each, say(`type.${each || "none"}`)]), value?.type || "");
    type.addEventListener("change", () => place.replaceChildren(...partFields({ type: type.value })));
    return [place, field(say("type"), type)];
  }

  function readValue(form, before) {
    const type = form.elements.type.value;
    if (!type) return null;
    const value = { type };
    for (const part of PARTS[type]) {
      const words = form.elements[part].value.trim();
      if (part === "values") value.values = listed(words);
      else if (part === "bands") value.bands = JSON.parse(words || "[]");
      else if (["at", "start", "end"].includes(part)) value[part] = words.replaceAll("/", "-").replace(/[ T]+/, "T") || null;
      else if (words || part === "text" || part === "unit") value[part] = words;
    }
    if (before?.inferred && ["instant", "window"].includes(type)) value.inferred = before.inferred;
    return value;
  }

  function edit(card, name) {
    const content = contentOf(card);
    const label = card.rows.find(([each]) => each === name)?.[1] || say(`field.${name}`);
    if (name === "value") return openForm(say("do.value"), valueFields(content.value), (form) => ({ action: "fix", uid: card.uid, field: "value", value: readValue(form, content.value) }));
    if (name === "scope") {
      const fields = data.dimensions.map(([key, words]) => field(words, input(key, content.scope?.[key] === "all" ? say("all") : (content.scope?.[key] || []).join("、"))));
      const read = (form) => Object.fromEntries(data.dimensions.map(([key]) => [key, form.elements[key].value.trim() === say("all") ? "all" : listed(form.elements[key].value)]).filter(([, stated]) => stated.length));
      return openForm(say("do.scope"), [...fields, el("p", { className: "help" }, say("scope.hint"))], (form) => ({ action: "fix", uid: card.uid, field: "scope", value: read(form) }));
    }
    const now = content[name];
    return openForm(`${say("do.edit")} ${label}`, [field(label, input("words", Array.isArray(now) ? now.join("、") : now ?? ""))], (form) => {
      const words = form.elements.words.value.trim();
      const value = LISTS.includes(name) ? listed(words) : name === "order" ? Number(words) || null : words || null;
      return { action: name === "subject" || name === "title" ? "rename" : "fix", uid: card.uid, field: name, value };
    });
  }

  function because(card, action, title, quick, advance) {
    const reason = input("reason", "", { required: action !== "dispute" });
    const quicks = quick ? el("div", { className: "quick" }, [1, 2, 3, 4].map((n) => el("button", { type: "button", on: { click: () => { reason.value = say(`reason.${n}`); reason.focus(); } } }, say(`reason.${n}`)))) : null;
    return openForm(title, [field(action === "comment" ? say("comment") : say("reason"), reason), ...(quicks ? [quicks] : [])], (form) => ({ action, uid: card.uid, reason: form.elements.reason.value.trim() }), advance);
  }

  async function add() {
    const span = selected() || (cardOf(current)?.target === "statement" ? cardOf(current).spans[0] : null);
    if (!span) return tell(say("select_first"), true);
    highlight("pending", [span]);
    let guess = { kind: "requirement", subject: "", value: null };
    if (api) guess = (await call("/suggest", { start: span[0], end: span[1] })) || guess;
    if (!current && data.cards.length) show(null);
    const words = slice(...span);
    const types = Object.keys(PARTS);
    const kind = choice("kind", data.kinds, guess.kind);
    const known = el("datalist", { id: "known-subjects" });
    const fill = () => known.replaceChildren(...(data.subjects[kind.value] || []).map((subject) => el("option", { value: subject })));
    kind.addEventListener("change", fill);
    fill();
    const subject = input("subject", guess.subject, { required: true });
    subject.setAttribute("list", "known-subjects");
    const role = choice("role", [["", ""], ...data.roles], guess.role || "");
    if (!$("form-place")) detail.append(el("div", { id: "form-place" }));
    const form = openForm(say("do.add"), [el("p", { className: "sentence" }, `“${words}”`), field(say("field.subject"), subject), ...valueFields(guess.value, types), field(say("kind"), kind), field(say("field.role"), role), field(say("field.per"), input("per", guess.per || "")), known], (made) => {
      const own = { kind: kind.value, subject: subject.value.trim(), value: readValue(made, guess.value) };
      if (role.value && kind.value === "date") own.role = role.value;
      if (made.elements.per.value.trim() && ["fee", "threshold"].includes(kind.value)) own.per = made.elements.per.value.trim();
      return { action: "add", value: own, span };
    });
    if (guess.subject) { const first = form.querySelector(".form-parts input"); first?.focus(); first?.select(); }
  }

  function split(card) {
    const content = contentOf(card);
    openForm(say("do.split"), [el("p", { className: "help" }, say("split.hint")), field(`${say("field.subject")} 1`, input("first", content.subject, { required: true })), field(`${say("field.subject")} 2`, input("second", "", { required: true }))], (form) => ({ action: "split", uid: card.uid, value: ["first", "second"].map((name) => ({ ...content, subject: form.elements[name].value.trim(), origin: "review" })) }));
  }

  function merge(card) {
    const others = data.cards.filter((other) => other.uid !== card.uid && other.kind === card.kind && other.gold);
    openForm(say("do.merge"), [field(say("into"), choice("into", others.map((other) => [other.uid, `${other.title} ${other.value}`]), others[0]?.uid))], (form) => (form.elements.into.value ? { action: "merge", uid: card.uid, into: form.elements.into.value } : null));
  }

  function resize(card, edge, by) {
    const base = pending || card.spans[0];
    if (!base) return;
    const [start, end] = edge === "end" ? [base[0], base[1] + by] : [base[0] - by, base[1]];
    if (start < 0 || end > length(data.text) || end <= start || slice(start, end).includes("\n")) return;
    pending = [start, end];
    scrollText(highlight("pending", [pending]));
    tell(`${say("quote")}：“${slice(start, end)}” ${say("quote.hint")}`);
  }

  function saveQuote(card) {
    const span = pending;
    pending = null;
    highlight("pending", []);
    decide({ action: "fix", uid: card.uid, field: "quotes", span });
  }

  // -- decisions
  const ADVANCING = ["accept", "fix", "reject", "add", "rename", "split", "merge", "resolve"];

  function decide(wish, advance = true) {
    if (!who()) {
      reviewer.focus();
      return tell(say("who_needed"), true);
    }
    const card = cardOf(wish.uid);
    const asked = { ...wish, stamp: card?.stamp || null };
    if (advance && ADVANCING.includes(wish.action) && card) {
      const at = data.queue.indexOf(wish.uid);
      const next = data.queue[at + 1] || data.queue[0];
      if (next && next !== wish.uid) select(next);
    }
    sending = sending.then(() => (api ? send(asked) : keep(asked))).catch((error) => tell(String(error.message || error), true));
    return sending;
  }

  async function call(path, sent) {
    let answer;
    try {
      answer = await fetch(api + path, { method: "POST", headers: { "content-type": "application/json", "x-reviewer": encodeURIComponent(who()) }, body: JSON.stringify(sent) });
    } catch {
      throw new Error(say("offline"));
    }
    const told = await answer.json().catch(() => ({}));
    if (!answer.ok) throw new Error(told.message || JSON.stringify(told.detail || answer.status));
    return told;
  }

  async function send(asked) {
    let told;
    try {
      told = await call("/decide", asked);
    } catch (error) {
      if (asked.uid) select(asked.uid);
      await load(true);
      throw error;
    }
    if (told.version !== data.version + 1 || told.action === "undo" || told.order.length !== data.cards.length) {
      await load(true);
      if (told.action === "undo" || told.action === "add") select(told.uid);
    } else {
      take(told);
    }
    tell(told.action === "undo" ? say("undone") : say("saved", { action: say(`action.${told.action}`) }));
  }

  function take(told) {
    for (const card of told.cards) data.cards[data.cards.findIndex((each) => each.uid === card.uid)] = card;
    const open = new Set(told.open);
    for (const card of data.cards) if (card.open !== open.has(card.uid)) { card.open = open.has(card.uid); if (!card.open && card.target === "statement") card.standing = "decided"; redraw(card); }
    Object.assign(data, { version: told.version, lost: told.lost, queue: told.queue, total: told.total, done: told.done, findings: told.findings, conflicts: told.conflicts, coverage: told.coverage });
    told.cards.forEach(redraw);
    if (told.cards.some((card) => card.uid === current) && !detail.querySelector("form")) show(cardOf(current));
    meter();
  }

  const doing = {
    next: () => step(1),
    previous: () => step(-1),
    open: nextOpen,
    accept: (card) => decide({ action: "accept", uid: card.uid }),
    take: (card) => card.new && decide({ action: "fix", uid: card.uid, value: card.new }),
    "resolve-keep": (card) => decide({ action: "resolve", uid: card.uid, value: contentOf(card) }),
    "resolve-take": (card) => decide({ action: "resolve", uid: card.uid, value: card.dispute.field ? { ...contentOf(card), [card.dispute.field]: card.dispute.offered } : card.dispute.offered }),
    value: (card) => contentOf(card) && edit(card, mainField(card)),
    scope: (card) => card.target === "rule" && edit(card, "scope"),
    reject: (card) => because(card, "reject", say("do.reject"), true, true),
    comment: (card) => because(card, "comment", say("do.comment"), false, false),
    dispute: (card) => because(card, "dispute", say("do.dispute"), false, false),
    undo: () => decide({ action: "undo" }, false),
    add,
    text: (card) => { pane("text"); scrollText(highlight("quote", card.spans)); text.tabIndex = -1; text.focus({ preventScroll: true }); },
    shrink: (card) => resize(card, "end", -1),
    grow: (card) => resize(card, "end", 1),
    "shrink-start": (card) => resize(card, "start", -1),
    "grow-start": (card) => resize(card, "start", 1),
    split,
    merge,
    help: () => $("keys").showModal(),
    publish: () => publish(),
    export: () => save(),
  };
  const WITHOUT_CARD = ["next", "previous", "open", "undo", "add", "help", "publish", "export"];
  const KEYS = { j: "next", k: "previous", a: "accept", p: "take", e: "value", s: "scope", x: "reject", n: "add", c: "comment", f: "dispute", u: "undo", g: "text", "[": "shrink", "]": "grow", "{": "shrink-start", "}": "grow-start", "?": "help" };

  function act(name) {
    const card = current && cardOf(current);
    if (!card && !WITHOUT_CARD.includes(name)) return;
    Promise.resolve(doing[name](card)).catch((error) => tell(String(error.message || error), true));
  }

  document.addEventListener("keydown", (event) => {
    if (body.dataset.mode !== "review" || event.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey || event.altKey) return; // an input method is composing, or a browser's own key
    if ($("keys").open || !data) return;
    const typing = event.target.closest("input:not([type=checkbox]), textarea, select");
    if (event.key === "Escape") {
      if (pending) { pending = null; highlight("pending", []); tell(""); }
      else if (detail.querySelector("form")) closeForm();
      return;
    }
    if (typing) return;
    if (event.key === "Enter" && pending && !event.target.closest("[data-do], form")) { event.preventDefault(); return saveQuote(cardOf(current)); }
    if (event.key === "Tab" && !event.shiftKey && (event.target === body || event.target.closest("#cards, #text"))) { event.preventDefault(); return nextOpen(); }
    const name = KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!name || event.target.closest("form")) return;
    event.preventDefault();
    act(name);
  });

  document.addEventListener("click", (event) => {
    if (body.dataset.mode !== "review") return;
    const asked = event.target.closest("[data-do]");
    if (asked) return act(asked.dataset.do);
    const wanted = event.target.closest("[data-edit]");
    if (wanted) return edit(cardOf(current), wanted.dataset.edit);
    const tab = event.target.closest("[data-pane][type=button]");
    if (tab) return pane(tab.dataset.pane);
    const chosen = event.target.closest("[data-uid]");
    if (chosen) { select(chosen.dataset.uid); if (window.matchMedia("(max-width: 700px)").matches) pane("detail"); return; }
    const piece = event.target.closest("#text [data-s]");
    if (piece && !String(window.getSelection())) {
      const at = Number(piece.dataset.s);
      const hit = data.cards.filter((card) => card.target !== "statement" && card.spans.some(([start, end]) => start <= at && at < end));
      if (hit.length) select(hit[(hit.findIndex((card) => card.uid === current) + 1) % hit.length].uid);
    }
  });
  text.addEventListener("click", (event) => { if (body.dataset.mode === "review" && event.target.closest("a.m")) event.preventDefault(); }, true);
  $("only-open").addEventListener("change", () => list.classList.toggle("only-open", $("only-open").checked));

  // -- with a server
  async function load(quiet = false) {
    const answer = await fetch(api);
    if (!answer.ok) return tell(`${answer.status}`, true);
    data = await answer.json();
    draw();
    if (!quiet) select(data.queue[0] || data.cards[0]?.uid || null);
    else if (current && cardOf(current) && !detail.querySelector("form")) select(current, list.contains(document.activeElement) || document.activeElement === body);
  }

  async function watch() {
    if (document.hidden || !data) return;
    const answer = await fetch(`${api}/version`).catch(() => null);
    if (!answer?.ok) return;
    const told = await answer.json();
    await sending;
    if (told.version > data.version) {
      await load(true);
      tell(say("others", { who: told.who }));
    }
  }

  async function publish() {
    if (!window.confirm(say("do.publish_confirm"))) return;
    const told = await call("/publish", {});
    tell(say("published"));
    $("say").append(" ", el("a", { href: told.signoff, target: "_blank" }, say("signoff")));
  }

  // -- without one
  let original = null;
  let log = [];
  const shelf = () => `noticerules:${data.text_sha256}`;

  function stand() {
    const undone = new Set(log.filter((each) => each.action === "undo").map((each) => each.of));
    data.cards = structuredClone(original);
    for (const each of log) if (each.action !== "undo" && !undone.has(each.id)) settle(each);
    data.queue = data.queue0.filter((uid) => cardOf(uid)?.open);
    data.done = data.cards.filter((card) => !card.open).length;
    data.total = data.cards.length;
    data.findings = data.cards.filter((card) => card.target === "finding" && card.open).length;
    draw();
    $("tools").querySelector("[data-do=export]").textContent = `${say("do.export")}（${log.length}）`;
  }

  function settle(decision) {
    let card = cardOf(decision.uid);
    if (decision.action === "add") {
      const rule = decision.value;
      const spans = [decision.span];
      card = { uid: decision.uid, target: "rule", kind: rule.kind, label: Object.fromEntries(data.kinds)[rule.kind], standing: "decided", status: "added", open: false, why: [], spans, sentences: [], orphans: [], gold: rule, new: null, fields: [], last: "", history: [], former: [], title: rule.subject, value: plainly(rule.value), chips: [], rows: [["subject", say("field.subject"), rule.subject], ["value", say("field.value"), plainly(rule.value)]], key: "", section: rule.quotes[0].section };
      const at = data.cards.findIndex((other) => other.spans[0] && other.spans[0][0] > decision.span[0]);
      data.cards.splice(at < 0 ? data.cards.length : at, 0, card);
    }
    if (!card) return;
    card.history.push({ id: decision.id, who: decision.who, at: decision.at.slice(0, 16).replace("T", " "), action: say(`action.${decision.action}`), field: decision.field ? say(`field.${decision.field}`) : "", value: "", reason: decision.reason || "" });
    if (decision.action === "comment" || decision.action === "dispute") return;
    card.open = false;
    card.standing = decision.action === "reject" && card.target === "rule" ? "rejected" : "decided";
    card.status = { accept: "accepted", add: "added", reject: "rejected", split: "split", merge: "merged" }[decision.action] || "fixed";
    if (decision.field && card.new) {
      card.gold = { ...contentOf(card), [decision.field]: decision.value };
      const told = decision.field === "value" ? plainly(decision.value) : decision.field === "scope" ? Object.values(decision.value).flat().join("、") : String(decision.value ?? "");
      if (decision.field === "value") card.value = told;
      if (decision.field === "subject") card.title = told;
      const shown = card.rows.find(([name]) => name === decision.field);
      if (shown) shown[2] = told;
    }
  }

  const plainly = (value) => (value ? Object.entries(value).filter(([name]) => !["type", "currency", "inferred"].includes(name)).map(([, each]) => (Array.isArray(each) ? each.join("、") : String(each ?? "")).replace("T", " ")).join(" ") : "");

  function quoteOf([start, end]) {
    const found = data.sections.filter(([, from, to]) => from <= start && start < to);
    const home = found.length ? found.reduce((a, b) => (b[2] - b[1] <= a[2] - a[1] ? b : a))[0] : "";
    const tight = (words) => words.replace(/\s/g, "");
    const all = tight(data.text);
    for (const reach of [0, 4, 8, 16, 32]) {
      const prefix = slice(Math.max(0, start - reach), start).replaceAll("\n", ""), suffix = slice(end, end + reach).replaceAll("\n", "");
      const words = tight(prefix) + tight(slice(start, end)) + tight(suffix);
      if (all.split(words).length === 2) return { section: home, quote: slice(start, end).split(/\s+/).join(" ").trim(), ...(prefix ? { prefix } : {}), ...(suffix ? { suffix } : {}) };
    }
    throw new Error(say("select_first"));
  }

  function keep({ stamp, span, ...wish }) {
    const now = new Date();
    const offset = -now.getTimezoneOffset();
    const two = (number) => String(Math.floor(Math.abs(number))).padStart(2, "0");
    const at = `${new Date(now.getTime() + offset * 60000).toISOString().slice(0, 19)}${offset < 0 ? "-" : "+"}${two(offset / 60)}:${two(offset % 60)}`;
    const id = [...crypto.getRandomValues(new Uint8Array(8))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    const card = cardOf(wish.uid);
    const decision = { id, at, who: who(), text_sha256: data.text_sha256, run: data.run, target: card?.target || "rule", ...wish };
    if (wish.action === "undo") {
      const undone = new Set(log.filter((each) => each.action === "undo").map((each) => each.of));
      const last = log.findLast((each) => each.action !== "undo" && each.who === who() && !undone.has(each.id));
      if (!last) return;
      Object.assign(decision, { uid: last.uid, target: last.target, of: last.id });
    } else if (wish.action === "add") {
      Object.assign(decision, { uid: id, value: { key: "", ...wish.value, quotes: [quoteOf(span)], origin: "review" }, span });
    } else {
      if (card.new) decision.seen = card.new;
      if (wish.action === "accept" && contentOf(card)) decision.value = contentOf(card);
      if (span) decision.value = [quoteOf(span), ...contentOf(card).quotes.slice(1)];
      else if (!wish.field && wish.value && !Array.isArray(wish.value)) decision.value = { ...wish.value, origin: "review" };
    }
    log.push(decision);
    try { localStorage.setItem(shelf(), JSON.stringify(log)); } catch { /* a private window keeps nothing; the file does */ }
    stand();
    select(wish.action === "undo" || wish.action === "add" ? decision.uid : current && cardOf(current) ? current : data.queue[0], true);
    tell(wish.action === "undo" ? say("undone") : say("saved", { action: say(`action.${wish.action}`) }));
  }

  function save() {
    const lines = log.map(({ span, ...decision }) => JSON.stringify(decision)).join("\n");
    const link = el("a", { href: URL.createObjectURL(new Blob([`${lines}\n`], { type: "application/x-ndjson" })), download: `${document.title.replace(/[\\/:*?"<>|\s]/g, "")}.decisions.jsonl` });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  }

  // -- beginning
  if (api) {
    pane("queue");
    load().then(() => $("tools").append(button("publish", "", say("do.publish"))));
    setInterval(watch, 2500);
  } else {
    data = JSON.parse(embedded.textContent);
    original = data.cards;
    data.queue0 = data.queue;
    $("to-review").hidden = false;
    $("tools").append(button("export", "", say("do.export")));
    try { log = JSON.parse(localStorage.getItem(shelf()) || "[]"); } catch { log = []; }
    $("to-review").addEventListener("click", () => {
      body.dataset.mode = "review";
      $("bar").hidden = $("desk-tabs").hidden = false;
      pane("queue");
      stand();
      select(data.queue[0] || data.cards[0]?.uid || null);
      tell(say("local"));
    });
    $("to-reading").addEventListener("click", () => { body.dataset.mode = "read"; $("bar").hidden = $("desk-tabs").hidden = true; });
  }
})();
