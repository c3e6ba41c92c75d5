// Draws the inline keyboard under a bubble and shows which button waits for its answer.

import { el } from "./dom.js";
import { icon, spinner } from "./icons.js";
import { money } from "./money.js";

const CORNER = {
  url: "arrow",
  web_app: "window",
  switch_inline: "share",
  switch_inline_chosen: "share",
  switch_inline_current: "search",
  pay: "card",
  copy: "copy",
};

function isWaiting(store, user, message, button) {
  if (button.kind !== "callback") return false;
  for (const press of store.pressed.values()) {
    if (press.user === user && press.chat === message.chat && press.message_id === message.id && press.data === button.data) return true;
  }
  return false;
}

function key(message, button, view) {
  const node = el("button", {
    class: `key${button.style ? ` key-${button.style}` : ""}`,
    data: { kind: button.kind },
    on: { click: () => view.press(message, button, node) },
  }, el("span", { class: "key-text" }, button.text));
  if (CORNER[button.kind]) node.append(icon(CORNER[button.kind], 12, 2.2));
  node.append(spinner(12));
  if (button.kind === "callback") node.pressedData = button.data;
  setWaiting(node, isWaiting(view.store, view.user, message, button));
  return node;
}

function setWaiting(node, waiting) {
  node.classList.toggle("waiting", waiting);
  if (waiting) node.setAttribute("aria-busy", "true");
  else node.removeAttribute("aria-busy");
}

// An invoice without a keyboard of its own still has its pay button, until one has paid.
export function keyboardOf(message, user) {
  if (message.invoice?.paid_by?.includes(user)) return withoutPay(message.keyboard ?? []);
  if (message.keyboard?.length || !message.invoice) return message.keyboard ?? [];
  return [[{ kind: "pay", text: `Pay ${money(message.invoice.total, message.invoice.currency)}` }]];
}

const withoutPay = (keyboard) => keyboard.map((row) => row.filter((button) => button.kind !== "pay")).filter((row) => row.length);

export function inlineKeyboard(message, view) {
  const keyboard = keyboardOf(message, view.user);
  if (!keyboard.length) return null;
  const rows = keyboard.map((row) => el("div", { class: "keys-row" }, row.map((button) => key(message, button, view))));
  return el("div", { class: "keys", role: "group", "aria-label": "Buttons" }, rows);
}

export function refreshWaiting(node, message, view) {
  for (const button of node.querySelectorAll(".key")) {
    if (button.pressedData === undefined) continue;
    setWaiting(button, isWaiting(view.store, view.user, message, { kind: "callback", data: button.pressedData }));
  }
}

export function replyKeyboard(markup, press) {
  const rows = (markup.keyboard ?? []).map((row) => el("div", { class: "keys-row" }, row.map((given) => {
    const button = typeof given === "string" ? { text: given } : given;
    return el("button", { class: `reply-key${button.style ? ` key-${button.style}` : ""}`, on: { click: () => press(button) } }, el("span", { class: "key-text" }, button.text));
  })));
  return el("div", { class: "reply-keys", role: "group", "aria-label": "Answer buttons", testid: "reply-keyboard" }, rows);
}
