// The start page: the state of each edition, and a new notice dropped on it.
(() => {
  "use strict";
  const $ = (id) => document.getElementById(id);
  const tell = (words) => { $("message").textContent = words; };

  document.querySelectorAll("[data-edition]").forEach(async (item) => {
    const answer = await fetch(`/api/desk/${item.dataset.edition.split("/").map(encodeURIComponent).join("/")}/stage`).catch(() => null);
    const state = item.querySelector(".state");
    const told = answer ? await answer.json().catch(() => ({})) : {};
    state.textContent = told.told || told.message || "";
    state.classList.add(told.stage || "failed");
  });

  const form = $("drop"), file = $("file");
  let chosen = null;

  async function send(path) {
    const answer = await fetch(path, { method: "POST", headers: { "content-type": "application/octet-stream" }, body: chosen });
    const told = await answer.json().catch(() => ({}));
    if (!answer.ok) throw new Error(told.message || String(answer.status));
    return told;
  }

  async function propose(given) {
    if (!given) return;
    chosen = given;
    $("proposal").hidden = true;
    tell(given.name);
    try {
      const told = await send(`/api/ingest/propose?name=${encodeURIComponent(chosen.name)}`);
      $("series").value = told.series;
      $("year").value = told.year;
      $("proposal").hidden = false;
      tell([told.title, ...told.notes].filter(Boolean).join("\n"));
      $("series").focus();
    } catch (error) { tell(error.message); }
  }

  file.addEventListener("change", () => propose(file.files[0]));
  for (const name of ["dragenter", "dragover"]) document.addEventListener(name, (event) => { event.preventDefault(); form.classList.add("over"); });
  for (const name of ["dragleave", "drop"]) document.addEventListener(name, (event) => { event.preventDefault(); form.classList.remove("over"); });
  document.addEventListener("drop", (event) => propose(event.dataTransfer.files[0]));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!chosen) return;
    try {
      const told = await send(`/api/ingest?name=${encodeURIComponent(chosen.name)}&series=${encodeURIComponent($("series").value.trim())}&year=${encodeURIComponent($("year").value.trim())}`);
      tell(told.report);
      const link = document.createElement("a");
      link.href = told.page;
      link.textContent = told.review;
      $("message").append("\n", link);
    } catch (error) { tell(error.message); }
  });
})();
