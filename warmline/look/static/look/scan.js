// Reads EAN and QR codes: with the phone's own detector, else with zxing in a worker; with a keyboard
// scanner; or typed in. Whatever reads it, the code ends up in the form, and the form is sent.
//
//   <div data-scan data-worker="…scan_worker.js" data-reader="…zxing-reader.js" data-wasm="…zxing-reader.wasm">
//     <div class="scan"><video muted playsinline></video><p role="status"></p></div>
//     <form …><input name="code" inputmode="numeric" autocomplete="off"> <button>…</button></form>
//   </div>
import { say } from "./page.js";
import { sound } from "./sound.js";

const FORMATS = ["ean_13", "ean_8", "upc_a", "upc_e", "code_128", "qr_code", "data_matrix"];
const PAUSE_MS = 150;
const SAME_AGAIN_MS = 3000;
const WEDGE_GAP_MS = 120; // slower than a scanner over the air, and faster than six letters are typed

const root = document.querySelector("[data-scan]");
const frame = root.querySelector(".scan");
const video = root.querySelector("video");
const words = frame.querySelector("p");
const form = root.querySelector("form");

let last = { text: "", at: 0 };

function found(text, format) {
  if (text === last.text && Date.now() - last.at < SAME_AGAIN_MS) return;
  last = { text, at: Date.now() };
  sound(1320, 0.09, 60);
  frame.toggleAttribute("data-found", true);
  setTimeout(() => frame.removeAttribute("data-found"), 400);
  root.dispatchEvent(new CustomEvent("scan", { bubbles: true, detail: { text, format } }));
  form.elements.code.value = text;
  form.requestSubmit();
}

// -- the camera --------------------------------------------------------------------------------------

async function detector() {
  const known = (await globalThis.BarcodeDetector?.getSupportedFormats?.()) ?? [];
  if (["ean_13", "qr_code"].every((format) => known.includes(format))) {
    const native = new BarcodeDetector({ formats: FORMATS.filter((format) => known.includes(format)) });
    return async () => {
      const [code] = await native.detect(video);
      return code && { text: code.rawValue, format: code.format };
    };
  }
  return zxing();
}

function zxing() {
  const worker = new Worker(root.dataset.worker);
  const answers = new Map();
  worker.addEventListener("message", ({ data }) => { answers.get(data.id)?.(data.code); answers.delete(data.id); });
  worker.postMessage({ reader: new URL(root.dataset.reader, location).href, wasm: new URL(root.dataset.wasm, location).href });
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  let id = 0;
  return () => new Promise((resolve) => {
    const scale = Math.min(1, 960 / video.videoWidth);
    canvas.width = video.videoWidth * scale;
    canvas.height = video.videoHeight * scale;
    pen.drawImage(video, 0, 0, canvas.width, canvas.height);
    id += 1;
    answers.set(id, resolve);
    worker.postMessage({ id, image: pen.getImageData(0, 0, canvas.width, canvas.height) });
  });
}

async function watch() {
  const read = await detector();
  for (;;) {
    if (!document.hidden && video.videoWidth) {
      const code = await read().catch(() => null);
      if (code) found(code.text, code.format);
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

async function start() {
  if (!navigator.mediaDevices) return off(isSecureContext ? "scan_none" : "scan_insecure");
  try {
    const camera = { facingMode: "environment", width: { ideal: 1280 } };
    video.srcObject = await navigator.mediaDevices.getUserMedia({ video: camera });
    await video.play();
  } catch (problem) {
    return off(problem.name === "NotAllowedError" ? "scan_denied" : "scan_none");
  }
  words.textContent = say("scan_start");
  watch();
}

function off(reason) {
  frame.dataset.off = "";
  words.textContent = say(reason);
  form.elements.code.focus({ preventScroll: true });
}

addEventListener("pagehide", () => video.srcObject?.getTracks().forEach((track) => track.stop()));

// -- the keyboard wedge --------------------------------------------------------------------------------

let typed = "";
let before = 0;
document.addEventListener("keydown", (event) => {
  if (event.target.closest("input, textarea, select")) return;
  if (event.timeStamp - before > WEDGE_GAP_MS) typed = "";
  before = event.timeStamp;
  if (event.key === "Enter" && typed.length >= 6) { event.preventDefault(); found(typed, "wedge"); }
  else if (event.key.length === 1) typed += event.key;
});

start();
