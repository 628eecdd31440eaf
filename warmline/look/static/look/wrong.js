// A form that could not be accepted comes back with what is wrong: that is shown, not looked for.
const WRONG = 'form [aria-invalid="true"], form .wrong, form [role="alert"], details [role="alert"]';

function show(within) {
  const first = within.querySelector(WRONG);
  if (!first) return;
  for (let fold = first.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  first.focus({ preventScroll: true });
  first.scrollIntoView({ block: "center", behavior: "instant" });
}

show(document);
document.addEventListener("htmx:after:swap", (event) => {
  if (event.detail.ctx?.response?.status === 422) show(document.querySelector("dialog[open]") ?? document);
});
