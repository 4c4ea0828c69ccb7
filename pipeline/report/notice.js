// The page works without this script: quotes and marks are links to each other. With it, both ends light up, the phone has two tabs, kinds can be hidden.
(() => {
  "use strict";
  const body = document.body;
  const text = document.getElementById("text");
  const rules = document.getElementById("rules");
  const phone = window.matchMedia("(max-width: 860px)");
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
  const places = { text: 0, rules: 0 };
  document.documentElement.classList.add("js");

  const marksOf = (evidence) => [...text.querySelectorAll(`[data-e~="${evidence}"]`)];
  const itemOf = (evidence) => document.getElementById(evidence.split("-")[0]);
  // A glide over many screens only keeps people waiting.
  const behavior = (element, height) => {
    const far = Math.abs(element.getBoundingClientRect().top) > 2 * height;
    return calm.matches || far ? "instant" : "smooth";
  };

  function light(elements) {
    document.querySelectorAll(".on").forEach((element) => element.classList.remove("on"));
    elements.forEach((element) => element.classList.add("on"));
  }

  function openTab(name) {
    if (body.dataset.tab === name) return;
    places[body.dataset.tab] = window.scrollY;
    body.dataset.tab = name;
    document.querySelectorAll(".tabs a").forEach((tab) => {
      if (tab.dataset.show === name) tab.setAttribute("aria-current", "true");
      else tab.removeAttribute("aria-current");
    });
    if (phone.matches) window.scrollTo({ top: places[name], behavior: "instant" });
  }

  function showInText(evidence) {
    const marks = marksOf(evidence);
    if (!marks.length) return;
    openTab("text");
    light([...marks, itemOf(evidence)]);
    marks[0].focus({ preventScroll: true });
    marks[0].scrollIntoView({ block: "center", behavior: behavior(marks[0], window.innerHeight) });
  }

  function showItem(evidences, turn) {
    const items = [...new Set(evidences.map((evidence) => evidence.split("-")[0]))];
    const item = document.getElementById(items[turn % items.length]);
    const kind = item.closest(".group")?.dataset.kind;
    if (kind) setHidden(kind, false);
    if (!item.closest(".findings")) openTab("rules");
    else item.closest("details").open = true;
    light([...evidences.flatMap(marksOf), ...items.map((id) => document.getElementById(id))]);
    item.focus({ preventScroll: true });
    if (phone.matches || !rules.contains(item)) item.scrollIntoView({ block: "center", behavior: behavior(item, window.innerHeight) });
    else rules.scrollTo({ top: item.offsetTop - rules.clientHeight / 3, behavior: behavior(item, rules.clientHeight) });
  }

  function setHidden(kind, hidden) {
    const kinds = new Set(body.dataset.hide.split(" ").filter(Boolean));
    if (hidden) kinds.add(kind);
    else kinds.delete(kind);
    body.dataset.hide = [...kinds].join(" ");
    document.querySelector(`[data-filter="${kind}"]`).setAttribute("aria-pressed", String(!hidden));
  }

  let lastMark = null;
  let turn = 0;
  function follow(target) {
    const mark = target.closest("#text .m");
    if (mark) {
      turn = mark === lastMark ? turn + 1 : 0;
      lastMark = mark;
      showItem(mark.dataset.e.split(" "), turn);
      return true;
    }
    const quote = target.closest(".quote");
    if (quote) {
      showInText(quote.dataset.e);
      return true;
    }
    const clause = target.closest("a.clause, .contents a");
    if (clause) {
      openTab("text");
      return false;
    }
    const tab = target.closest(".tabs a");
    if (tab) {
      openTab(tab.dataset.show);
      return true;
    }
    const filter = target.closest("[data-filter]");
    if (filter) {
      setHidden(filter.dataset.filter, filter.getAttribute("aria-pressed") === "true");
      return true;
    }
    const item = target.closest("[data-item]");
    if (item && !target.closest("a") && item.querySelector(".quote")) {
      showInText(item.querySelector(".quote").dataset.e);
      return true;
    }
    return false;
  }

  document.addEventListener("click", (event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || String(window.getSelection())) return;
    if (follow(event.target)) event.preventDefault();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") light([]);
    const pressed = event.key === " " && event.target.closest(".m, .quote");
    const entered = (event.key === " " || event.key === "Enter") && event.target.matches("[data-item]");
    if ((pressed || entered) && follow(event.target)) event.preventDefault();
  });
  const asked = decodeURIComponent(window.location.hash.slice(1));
  if (/^[rdfu]\d+$/.test(asked) && document.getElementById(`${asked}-e0`)) showItem([`${asked}-e0`], 0);
})();
