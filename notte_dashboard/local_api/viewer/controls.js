/* Mouse and keyboard of whoever drives. Places are told as fractions of the picture. */

const keys = document.querySelector(".keys");
const BUTTONS = ["left", "middle", "right"];
const PIECE = 5000;
const LINE = 40;
// Their Command is the Control of the browser that is driven.
const MAC = navigator.platform.startsWith("Mac");

let inControl = false;
let held = "none";
let move = null;
let touched = null;

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
  if (event.getModifierState("AltGraph")) return event.shiftKey ? 8 : 0;
  const control = event.ctrlKey || (MAC && event.metaKey);
  return (event.altKey ? 1 : 0) | (control ? 2 : 0) | (event.metaKey && !MAC ? 4 : 0) | (event.shiftKey ? 8 : 0);
}

function pointer(type, event, extra) {
  send({ type, ...place(event), modifiers: modifiers(event), ...extra });
}

/** Before anything else is sent, so that a click never arrives ahead of the way to it. */
function sendMove() {
  const event = move;
  move = null;
  if (event && inControl) pointer("move", event, { button: held });
}

function pressed(event) {
  keys.focus({ preventScroll: true });
  sendMove();
  held = BUTTONS[event.button] ?? "none";
  if (held !== "none") pointer("down", event, { button: held, clicks: event.detail });
  event.preventDefault();
}

function released(event) {
  sendMove();
  if (held !== "none") pointer("up", event, { button: held, clicks: event.detail });
  held = "none";
}

function moved(event) {
  if (!move) requestAnimationFrame(sendMove);
  move = event;
}

function turned(event) {
  const unit = [1, LINE, canvas.height][event.deltaMode];
  sendMove();
  pointer("wheel", event, { dx: event.deltaX * unit, dy: event.deltaY * unit });
  event.preventDefault();
}

/** A finger that slides turns the wheel; one that taps becomes a click by the browser's own doing. */
function slid(event) {
  const finger = event.touches[0];
  if (touched) pointer("wheel", { ...at(finger), getModifierState: () => false }, { dx: touched.x - finger.clientX, dy: touched.y - finger.clientY });
  touched = { x: finger.clientX, y: finger.clientY };
  event.preventDefault();
}

function at({ clientX, clientY }) {
  return { clientX, clientY };
}

function key(event, down) {
  // While an input method is at work, its text comes with the composition.
  if (event.isComposing || event.keyCode === 229) return;
  // The way out for people who use the keyboard only: Shift+Tab leaves the picture.
  if (event.key === "Tab" && event.shiftKey) return;
  // The text that is pasted comes with the event "paste".
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "v") return;
  const { key: name, code, keyCode, location: where, repeat } = event;
  send({ type: "key", down, key: name, code, keyCode, location: where, repeat, modifiers: modifiers(event) });
  event.preventDefault();
}

function write(text) {
  for (let from = 0; from < text.length; from += PIECE) send({ type: "text", text: text.slice(from, from + PIECE) });
  keys.value = "";
}

function pasted(event) {
  write(event.clipboardData?.getData("text/plain") ?? "");
  event.preventDefault();
}

const LISTENERS = [
  [canvas, "mousedown", pressed],
  [window, "mouseup", released],
  [canvas, "mousemove", moved],
  [canvas, "contextmenu", (event) => event.preventDefault()],
  [canvas, "wheel", turned],
  [canvas, "touchmove", slid],
  [canvas, "touchend", () => (touched = null)],
  [keys, "keydown", (event) => key(event, true)],
  [keys, "keyup", (event) => key(event, false)],
  [keys, "compositionupdate", (event) => send({ type: "compose", text: event.data })],
  [keys, "compositionend", (event) => write(event.data)],
  [keys, "input", (event) => !event.isComposing && event.inputType !== "insertCompositionText" && write(keys.value)],
  [window, "paste", pasted],
];

function takeControl() {
  if (inControl) return;
  inControl = true;
  root.dataset.control = "yes";
  keys.hidden = false;
  document.querySelector("[data-control]").hidden = false;
  for (const [target, name, listener] of LISTENERS) target.addEventListener(name, listener, { passive: false });
}

function loseControl() {
  if (!inControl) return;
  inControl = false;
  delete root.dataset.control;
  keys.hidden = true;
  document.querySelector("[data-control]").hidden = true;
  for (const [target, name, listener] of LISTENERS) target.removeEventListener(name, listener);
}
