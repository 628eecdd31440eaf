// Tapping a number rings it and, in the same tap, brings the sheet on which the call is logged.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-call]");
  if (link) htmx.ajax("GET", link.dataset.call, { target: "#sheet", swap: "innerHTML" });
});

// What is folded at the foot of a family's file is unfolded by who goes there.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href^='#']");
  const fold = link && document.querySelector(link.hash)?.closest("details");
  if (fold) fold.open = true;
});

// "Another time" asks for when.
document.addEventListener("change", ({ target }) => {
  if (target.name === "outcome" && target.value === "later") target.form.querySelector("[data-for-later]").open = true;
});

// What was logged is on the list now: the sheet has done its work.
document.addEventListener("htmx:after:request", (event) => {
  const form = event.target.closest?.("[data-closes-sheet]");
  if (form && event.detail?.ctx?.response?.status < 300) form.closest("dialog")?.close();
});
