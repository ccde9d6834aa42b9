"use strict";

const query = new URLSearchParams(location.search);
const root = document.documentElement;
const canvas = document.querySelector("canvas");
const note = document.querySelector("[data-note]");
const picture = canvas.getContext("2d", { alpha: false, desynchronized: true });
const interactive = query.get("interactive") === "1";
const FINAL = new Map([
  [4401, "This link has expired. Reload the page to get a new one."],
  [4404, "The session has ended."],
]);

let socket = null;
let attempts = 0;
let drawing = Promise.resolve();

if (["light", "dark"].includes(query.get("theme"))) root.dataset.theme = query.get("theme");
if (query.get("mode") === "embed-minimal") root.dataset.mode = "embed-minimal";

function show(state, text) {
  root.dataset.state = state;
  note.textContent = text;
  note.hidden = text === "";
}

function connect() {
  const address = new URL(`ws://${location.host}/viewer/live`);
  for (const name of ["session", "token"]) address.searchParams.set(name, query.get(name) ?? "");
  address.searchParams.set("interactive", interactive ? "1" : "0");
  socket = new WebSocket(address);
  socket.binaryType = "blob";
  socket.addEventListener("message", (event) => {
    if (typeof event.data === "string") tell(JSON.parse(event.data));
    else drawing = drawing.then(() => draw(event.data));
  });
  socket.addEventListener("close", (event) => lost(event.code));
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
    attempts = 0;
    if (root.dataset.state !== "ended") show("live", "");
  } finally {
    send({ type: "drawn" });
  }
}

function tell(message) {
  if (message.type === "page") {
    document.querySelector("[data-title]").textContent = message.title;
    document.querySelector("[data-url]").textContent = message.url;
    document.title = message.title || "Live browser";
  } else if (message.type === "ended") {
    show("ended", `The session has ended. ${message.status === "closed" ? "" : message.reason}`.trim());
  }
}

function lost(code) {
  if (root.dataset.state === "ended") return;
  if (FINAL.has(code)) {
    show("ended", FINAL.get(code));
    return;
  }
  attempts += 1;
  show("waiting", "The connection was lost. Trying again…");
  setTimeout(connect, Math.min(500 * 2 ** attempts, 10000) * (0.5 + Math.random() / 2));
}

function send(message) {
  if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
}

function place(event) {
  const box = canvas.getBoundingClientRect();
  const scale = Math.min(box.width / canvas.width, box.height / canvas.height);
  const [width, height] = [canvas.width * scale, canvas.height * scale];
  return {
    x: (event.clientX - box.left - (box.width - width) / 2) / width,
    y: (event.clientY - box.top - (box.height - height) / 2) / height,
  };
}

function modifiers(event) {
  return (event.altKey ? 1 : 0) | (event.ctrlKey ? 2 : 0) | (event.metaKey ? 4 : 0) | (event.shiftKey ? 8 : 0);
}

function pointer(type, event, extra) {
  send({ type, ...place(event), modifiers: modifiers(event), ...extra });
}

function takeControl() {
  const buttons = ["left", "middle", "right"];
  let moved = 0;
  let held = "none";
  canvas.tabIndex = 0;
  document.querySelector("[data-control]").hidden = false;
  canvas.addEventListener("mousedown", (event) => {
    canvas.focus();
    held = buttons[event.button] ?? "none";
    if (held !== "none") pointer("down", event, { button: held, clicks: event.detail });
    event.preventDefault();
  });
  addEventListener("mouseup", (event) => {
    if (held !== "none") pointer("up", event, { button: held, clicks: event.detail });
    held = "none";
  });
  canvas.addEventListener("mousemove", (event) => {
    if (event.timeStamp - moved < 30) return;
    moved = event.timeStamp;
    pointer("move", event, { button: held });
  });
  canvas.addEventListener("contextmenu", (event) => event.preventDefault());
  canvas.addEventListener(
    "wheel",
    (event) => {
      pointer("wheel", event, { dx: event.deltaX, dy: event.deltaY });
      event.preventDefault();
    },
    { passive: false },
  );
  canvas.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    // The way out for people who use the keyboard only: Shift+Tab leaves the picture.
    if (event.key === "Tab" && event.shiftKey) return;
    if (event.key.length === 1) send({ type: "text", text: event.key });
    else send({ type: "key", key: event.key, modifiers: modifiers(event) });
    event.preventDefault();
  });
  addEventListener("paste", (event) => {
    send({ type: "text", text: (event.clipboardData?.getData("text/plain") ?? "").slice(0, 200) });
    event.preventDefault();
  });
}

show("waiting", "Connecting…");
if (interactive) takeControl();
connect();
