// What can be done with one message: the menu, long press, swipe to reply.

import { el } from "./dom.js";
import { openMenu } from "./sheet.js";
import { isMine } from "./views.js";

const FACES = ["👍", "❤️", "🔥", "🎉", "😂", "😮"];
const HOLD_MS = 480;
const SWIPE = 56;

export function openActions(view, message, anchor) {
  if (view.phone.screen.querySelector(".layer-menu")) return;
  const own = isMine(message, view.user);
  const text = message.text ?? message.caption;
  openMenu(view.phone.screen, anchor, "Message actions", [
    { row: (close) => FACES.map((face) => el("button", { class: "face-button", "aria-label": `React ${face}`, on: { click: () => { close(); view.react(message, face); } } }, face)) },
    { icon: "reply", text: "Reply", testid: "action-reply", run: () => view.composer.replyTo(message) },
    own && message.text && !message.via_bot && { icon: "edit", text: "Edit", testid: "action-edit", run: () => view.composer.edit(message) },
    text && { icon: "copy", text: "Copy text", run: () => navigator.clipboard?.writeText(text).then(() => view.phone.toast("Copied to the clipboard"), () => {}) },
  ]);
}

const spotOf = (event) => ({ getBoundingClientRect: () => new DOMRect(event.clientX + 96, event.clientY, 0, 0) });

function messageAt(view, target) {
  const row = target.closest?.(".row");
  if (!row) return null;
  const id = Number(row.dataset.key.split("-").at(-1));
  return { row, message: view.find(id) };
}

export function watchGestures(view) {
  const area = view.list.scroller;
  area.addEventListener("contextmenu", (event) => {
    const found = messageAt(view, event.target);
    if (!found?.message || event.target.closest("a")) return;
    event.preventDefault();
    openActions(view, found.message, spotOf(event));
  });
  area.addEventListener("dblclick", (event) => {
    const found = messageAt(view, event.target);
    if (found?.message && !event.target.closest("button, .text")) view.composer.replyTo(found.message);
  });
  area.addEventListener("keydown", (event) => {
    const found = messageAt(view, event.target);
    if (found?.message && event.target === found.row && event.key === "Enter") openActions(view, found.message, found.row.querySelector(".bubble"));
  });
  watchTouch(view, area);
}

function watchTouch(view, area) {
  let held = null;
  const end = () => {
    if (!held) return;
    clearTimeout(held.timer);
    held.row.style.transform = "";
    if (held.swiped) view.composer.replyTo(held.message);
    held = null;
  };
  area.addEventListener("pointerdown", (event) => {
    const found = event.pointerType === "mouse" ? null : messageAt(view, event.target);
    if (!found?.message) return;
    held = { ...found, x: event.clientX, y: event.clientY, swiped: false };
    held.timer = setTimeout(() => {
      openActions(view, found.message, found.row.querySelector(".bubble"));
      held = null;
    }, HOLD_MS);
  });
  area.addEventListener("pointermove", (event) => {
    if (!held) return;
    const across = event.clientX - held.x;
    if (Math.abs(event.clientY - held.y) > 12) return void end();
    if (Math.abs(across) > 8) clearTimeout(held.timer);
    held.swiped = across < -SWIPE;
    held.row.style.transform = across < 0 ? `translateX(${Math.max(across, -SWIPE - 16)}px)` : "";
  });
  for (const name of ["pointerup", "pointercancel", "pointerleave"]) area.addEventListener(name, end);
}
