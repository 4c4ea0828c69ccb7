// The page works without this script: clauses and marks are links. With it, effects can be hidden and the two texts scroll together.
(() => {
  "use strict";
  document.documentElement.classList.add("js");
  const panes = ["old", "new"].map((side) => document.getElementById(`${side}-text`));
  const together = document.getElementById("together");

  document.querySelectorAll(".filter").forEach((button) =>
    button.addEventListener("click", () => {
      const shown = button.getAttribute("aria-pressed") !== "true";
      button.setAttribute("aria-pressed", String(shown));
      document.querySelectorAll(`#table .change[data-effect="${button.dataset.effect}"]`).forEach((row) => (row.hidden = !shown));
    }),
  );

  function light(element) {
    document.querySelectorAll(".on").forEach((lit) => lit.classList.remove("on"));
    element.classList.add("on");
  }

  function showRow(id) {
    const row = document.getElementById(id);
    if (!row) return;
    row.hidden = false;
    const fold = row.closest("details");
    if (fold) fold.open = true;
    light(row);
    row.focus({ preventScroll: true });
    row.scrollIntoView({ block: "center" });
  }

  // Where the same change stands in both texts: between two such places the texts scroll in proportion.
  const top = (pane, element) => element.getBoundingClientRect().top - pane.getBoundingClientRect().top + pane.scrollTop;
  function places() {
    const [old, fresh] = panes;
    const pairs = [[0, 0]];
    old.querySelectorAll("[data-c]").forEach((mark) => {
      const other = fresh.querySelector(`[data-c~="${mark.dataset.c.split(" ")[0]}"]`);
      const last = pairs[pairs.length - 1];
      if (!other) return;
      const place = [top(old, mark), top(fresh, other)];
      if (place[0] > last[0] && place[1] > last[1]) pairs.push(place);
    });
    pairs.push([old.scrollHeight, fresh.scrollHeight]);
    return pairs;
  }

  function follow(from, to) {
    const [a, b] = from === panes[0] ? [0, 1] : [1, 0];
    const middle = from.scrollTop + from.clientHeight / 2;
    const pairs = places();
    const next = Math.max(1, pairs.findIndex((pair) => pair[a] >= middle));
    const [low, high] = [pairs[next - 1], pairs[next] ?? pairs[pairs.length - 1]];
    const share = high[a] > low[a] ? (middle - low[a]) / (high[a] - low[a]) : 0;
    to.scrollTop = low[b] + share * (high[b] - low[b]) - to.clientHeight / 2;
  }

  // Only the pane under the hand leads; what it moves must not move it back.
  let leader = null;
  panes.forEach((pane, index) => {
    ["pointerdown", "wheel", "keydown", "touchstart", "focusin", "pointerenter"].forEach((name) =>
      pane.addEventListener(name, () => (leader = pane), { passive: true }),
    );
    pane.addEventListener("scroll", () => {
      if (together.checked && leader === pane) window.requestAnimationFrame(() => follow(pane, panes[1 - index]));
    });
  });

  document.addEventListener("click", (event) => {
    const mark = event.target.closest(".pane [data-c]");
    const clause = event.target.closest("[data-go]");
    if (mark) {
      event.preventDefault();
      showRow(mark.dataset.c.split(" ")[0]);
    } else if (clause) {
      const target = document.getElementById(clause.dataset.go);
      if (!target) return;
      event.preventDefault();
      const pane = target.closest(".text");
      leader = pane;
      pane.scrollTop = top(pane, target) - pane.clientHeight / 3;
      light(target);
      target.focus({ preventScroll: true });
      pane.scrollIntoView({ block: "center" });
    }
  });

  window.addEventListener("hashchange", () => /^#c\d+$/.test(location.hash) && showRow(location.hash.slice(1)));
})();
