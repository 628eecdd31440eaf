// <button data-opens="id"> shows a <dialog>; [data-closes] inside it, Esc, or a tap beside it closes it.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (opener) document.getElementById(opener.dataset.opens)?.showModal();
  const closer = event.target.closest("[data-closes]");
  if (closer) closer.closest("dialog")?.close();
  if (event.target instanceof HTMLDialogElement && beside(event)) event.target.close();
});

function beside({ target, clientX, clientY }) {
  const { left, right, top, bottom } = target.getBoundingClientRect();
  return clientX < left || clientX > right || clientY < top || clientY > bottom;
}

// A dialog that htmx brings in opens itself, once:  <dialog class="sheet" data-open-now>
document.addEventListener("htmx:after:swap", () => {
  for (const sheet of document.querySelectorAll("dialog[data-open-now]")) {
    sheet.removeAttribute("data-open-now"); // or the swap of its own answer would open it again
    sheet.showModal();
  }
});
