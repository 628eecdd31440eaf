// A list of codes, read one after the other. The text area holds it, so that it is sent by any browser;
// here each code becomes a line that says what it is, and what is read twice or is no code is set aside.
//
//   <form data-list data-check="…" data-draft="…"> <textarea name="codes"> … <ul data-lines> <template data-line>
import { newKey } from "../look/page.js";
import { sound } from "../look/sound.js";

const form = document.querySelector("form[data-list]");
const scanner = document.querySelector("[data-scan] form");
const lines = form.querySelector("[data-lines]");
const pattern = form.querySelector("template[data-line]");
const counted = form.querySelector("[data-counted]");
const submit = form.querySelector("[data-send]");
const codes = form.elements.codes;
const { check, draft, twice, unchecked, said } = form.dataset;
let known = new Map(); // what is on the list, by the code as it was read and by its name

// The first code of a case is the case that is packed; whatever is read after it goes in.
const CASE = /^\(?00\)?\d{18}$|^\d{18}$|\/00\/\d{18}$/;
const into = form.elements.into;

function add(code) {
  if (into && !into.value && CASE.test(code)) {
    into.value = code;
    return sound(880, 0.12, [40]);
  }
  if (known.has(code)) return refuse(code, twice);
  const line = draw(code);
  known.set(code, line);
  write();
  ask(code, line);
}

function draw(code) {
  const line = pattern.content.firstElementChild.cloneNode(true);
  line.dataset.code = code;
  line.dataset.tins = 1;
  line.querySelector("[data-name]").textContent = short(code);
  line.querySelector("button").addEventListener("click", () => { drop(line); write(); });
  lines.prepend(line);
  lines.hidden = false;
  return line;
}

async function ask(code, line) {
  let answer;
  try {
    const url = new URL(check, location);
    url.searchParams.set("code", code);
    const response = await fetch(url, { headers: { Accept: "application/json" } });
    if (!response.ok || response.redirected) throw new Error();
    answer = await response.json();
  } catch {
    say(line, unchecked, "quiet");
    return;
  }
  if (!line.isConnected) return;
  const twin = answer.uri && known.get(answer.uri);
  if (answer.state === "aside" || (twin && twin !== line)) {
    drop(line);
    refuse(code, answer.state === "aside" ? answer.words : twice, answer.name);
  } else {
    if (answer.uri) known.set(answer.uri, line);
    line.dataset.tins = answer.tins;
    line.querySelector("[data-name]").textContent = answer.name || short(code);
    line.querySelector("[data-code]").textContent = short(code);
    say(line, answer.words, answer.state === "warned" ? "soon" : "kept");
  }
  write();
}

// What is not taken stays in sight with its reason, and is not sent.
function refuse(code, words, name) {
  const line = draw(code);
  line.dataset.aside = "";
  if (name) { line.querySelector("[data-name]").textContent = name; line.querySelector("[data-code]").textContent = short(code); }
  say(line, words, "broken");
  sound(220, 0.25, [60, 60, 60]);
}

function say(line, words, state) {
  const place = line.querySelector("[data-words]");
  place.textContent = words;
  place.dataset.state = state;
  place.hidden = !words;
}

function drop(line) {
  for (const [name, its] of known) if (its === line) known.delete(name);
  line.remove();
  lines.hidden = !lines.children.length;
}

const taken = () => [...lines.children].filter((line) => !("aside" in line.dataset)).reverse();
// Of a link, its last part: the tin's own number.
function short(code) {
  const own = code.split("?")[0].split("/").pop() || code;
  return own.length > 24 ? `…${own.slice(-20)}` : own;
}

function write() {
  const list = taken();
  codes.value = list.map((line) => line.dataset.code).join("\n");
  tell(list);
  sessionStorage.setItem(draft, codes.value);
}

function tell(list) {
  const tins = list.reduce((sum, line) => sum + Number(line.dataset.tins), 0);
  counted.textContent = said.replace("{n}", list.length).replace("{tins}", tins);
  submit.disabled = !list.length;
}

function begin(text) {
  known = new Map();
  lines.replaceChildren();
  lines.hidden = true;
  for (const code of text.split(/\r?\n/).map((line) => line.trim()).filter(Boolean)) {
    if (known.has(code)) continue;
    const line = draw(code);
    known.set(code, line);
    ask(code, line);
  }
  write();
}

// A code that was scanned, typed or written by a hand scanner: the scanner's own form is not sent.
scanner.addEventListener("submit", (event) => {
  event.preventDefault();
  const code = scanner.elements.code.value.trim();
  scanner.elements.code.value = "";
  if (code) add(code);
});

// Somebody typed or pasted into the text area itself.
codes.addEventListener("input", () => { submit.disabled = !codes.value.trim(); });
codes.addEventListener("change", () => begin(codes.value));

// Without a network the phone kept it: the next list is another one.
form.addEventListener("kept-for-later", () => {
  form.elements.once.value = newKey();
  if (into) into.value = "";
  begin("");
});

if (form.hasAttribute("data-done")) sessionStorage.removeItem(draft);
begin(codes.value || sessionStorage.getItem(draft) || "");
