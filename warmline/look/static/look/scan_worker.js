// Reads codes off camera pictures, away from the screen's thread.
/* global ZXingWASM */
let ready = null;

const FORMATS = ["EAN-13", "EAN-8", "UPC-A", "UPC-E", "Code128", "QRCode", "DataMatrix"];

self.addEventListener("message", async ({ data }) => {
  if (data.reader) {
    importScripts(data.reader);
    ready = ZXingWASM.prepareZXingModule({ overrides: { locateFile: () => data.wasm }, fireImmediately: true });
    return;
  }
  try {
    await ready;
    const [code] = await ZXingWASM.readBarcodes(data.image, { formats: FORMATS, maxNumberOfSymbols: 1 });
    self.postMessage({ id: data.id, code: code?.isValid ? { text: code.text, format: code.format } : null });
  } catch {
    self.postMessage({ id: data.id, code: null });
  }
});
