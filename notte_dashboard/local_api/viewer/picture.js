"use strict";

/* The live picture: a socket that brings frames, a canvas that shows them, and what is said while there are none. */

const query = new URLSearchParams(location.search);
const root = document.documentElement;
const canvas = document.querySelector("canvas");
const note = document.querySelector("[data-note]");
const picture = canvas.getContext("2d", { alpha: false, desynchronized: true });
const BLANK_AFTER = 4000;
const FINAL = new Map([
  [4401, ["expired", "This link has expired. Reload the page to get a new one."]],
  [4404, ["ended", "The session has ended."]],
]);

let socket = null;
let attempts = 0;
let drawing = Promise.resolve();
let patience = 0;

/** To the page that frames us; nothing of it is secret. */
function tellParent(message) {
  if (parent !== window) parent.postMessage({ source: "notte-viewer", ...message }, "*");
}

function show(state, text) {
  if (root.dataset.state === state && note.textContent === text) return;
  root.dataset.state = state;
  note.textContent = text;
  note.hidden = text === "";
  tellParent({ type: "state", state, text });
}

function isOver() {
  return root.dataset.state === "ended" || root.dataset.state === "expired";
}

function send(message) {
  if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
}

function connect() {
  const address = new URL(`ws://${location.host}/viewer/live`);
  for (const name of ["session", "token", "control", "interactive"]) address.searchParams.set(name, query.get(name) ?? "");
  socket = new WebSocket(address);
  socket.binaryType = "blob";
  socket.addEventListener("open", expectPicture);
  socket.addEventListener("message", (event) => {
    if (typeof event.data === "string") hear(JSON.parse(event.data));
    else drawing = drawing.then(() => draw(event.data));
  });
  socket.addEventListener("close", (event) => lost(event.code));
}

function expectPicture() {
  clearTimeout(patience);
  patience = setTimeout(() => {
    show("blank", "The browser is connected, but it sends no picture. Its page may be stuck.");
  }, BLANK_AFTER);
}

async function draw(frame) {
  try {
    const bitmap = await createImageBitmap(frame);
    if (canvas.width !== bitmap.width || canvas.height !== bitmap.height) {
      canvas.width = bitmap.width;
      canvas.height = bitmap.height;
    }
    picture.drawImage(bitmap, 0, 0);
    bitmap.close();
    clearTimeout(patience);
    attempts = 0;
    if (!isOver()) show("live", "");
  } finally {
    send({ type: "drawn" });
  }
}

function lost(code) {
  clearTimeout(patience);
  loseControl();
  if (isOver()) return;
  if (FINAL.has(code)) {
    show(...FINAL.get(code));
    return;
  }
  attempts += 1;
  show("waiting", "The connection was lost. Trying again…");
  setTimeout(connect, Math.min(500 * 2 ** attempts, 10000) * (0.5 + Math.random() / 2));
}
