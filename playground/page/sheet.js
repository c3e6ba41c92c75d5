// What slides over a phone's screen: bottom sheets, dialogs, toasts; Esc or the shade closes them.

import { add, el } from "./dom.js";
import { icon } from "./icons.js";

const FOCUSABLE = "button:not([disabled]), input, textarea, select, a[href], [tabindex='0']";

function keepFocus(box, event) {
  if (event.key !== "Tab") return;
  const stops = [...box.querySelectorAll(FOCUSABLE)].filter((node) => node.offsetParent);
  if (!stops.length) return;
  const edge = event.shiftKey ? stops[0] : stops.at(-1);
  if (document.activeElement !== edge) return;
  event.preventDefault();
  (event.shiftKey ? stops.at(-1) : stops[0]).focus();
}

export function openOver(screen, { kind = "sheet", label, testid, content, onClose, closable = true, focus }) {
  const before = document.activeElement;
  const box = el("div", { class: kind, role: kind === "dialog" ? "alertdialog" : "dialog", "aria-modal": "true", "aria-label": label, testid, tabIndex: -1 });
  const layer = el("div", { class: `layer layer-${kind}` }, el("div", { class: "shade", on: { click: () => closable && close() } }), box);
  let open = true;
  function close(result) {
    if (!open) return;
    open = false;
    layer.classList.add("leaving");
    layer.inert = true;
    delete box.dataset.testid;
    layer.setAttribute("aria-hidden", "true");
    if (kind === "menu") layer.remove();
    else setTimeout(() => layer.remove(), 220);
    if (before?.isConnected) before.focus({ preventScroll: true });
    onClose?.(result);
  }
  layer.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && closable) {
      event.stopPropagation();
      close();
    }
    keepFocus(box, event);
  });
  add(box, [content(close)]);
  screen.append(layer);
  const elsewhere = before && before !== document.body && before.closest(".screen") && !screen.contains(before);
  if (!elsewhere) (box.querySelector(focus ?? FOCUSABLE) ?? box).focus({ preventScroll: true });
  return { close, box, setClosable: (on) => { closable = on; }, get open() { return open; } };
}

export function sheetHead(title, close) {
  return el("header", { class: "sheet-head" }, el("h2", {}, title), el("button", { class: "icon-button", "aria-label": "Close", on: { click: () => close() } }, icon("close", 20)));
}

export function alertDialog(screen, title, text) {
  return new Promise((done) => {
    openOver(screen, {
      kind: "dialog",
      label: title,
      testid: "alert",
      onClose: done,
      content: (close) => [
        el("h2", {}, title),
        el("p", {}, text),
        el("div", { class: "dialog-keys" }, el("button", { class: "dialog-key", testid: "alert-ok", on: { click: () => close(true) } }, "OK")),
      ],
    });
  });
}

export function confirmDialog(screen, title, text, yes) {
  return new Promise((done) => {
    openOver(screen, {
      kind: "dialog",
      label: title,
      testid: "confirm",
      onClose: (result) => done(result === true),
      content: (close) => [
        el("h2", {}, title),
        el("p", {}, text),
        el("div", { class: "dialog-keys" },
          el("button", { class: "dialog-key", on: { click: () => close(false) } }, "Cancel"),
          el("button", { class: "dialog-key strong", testid: "confirm-yes", on: { click: () => close(true) } }, yes)),
      ],
    });
  });
}

export function toast(screen, text, tone = "plain", above = 84) {
  for (const old of screen.querySelectorAll(".toast")) old.remove();
  const node = el("div", { class: `toast toast-${tone}`, role: "status", testid: "toast", style: { bottom: `${above}px` } }, text);
  screen.append(node);
  const shown = Math.min(7000, 2600 + text.length * 45);
  setTimeout(() => node.classList.add("leaving"), shown);
  setTimeout(() => node.remove(), shown + 240);
}

export function openMenu(screen, anchor, label, items) {
  const room = screen.getBoundingClientRect();
  const spot = anchor.getBoundingClientRect();
  const menu = openOver(screen, {
    kind: "menu",
    label,
    testid: "menu",
    content: (close) => items.filter(Boolean).map((item) => menuItem(item, close)),
  });
  const height = menu.box.offsetHeight;
  const width = menu.box.offsetWidth;
  const below = spot.bottom - room.top + 4;
  const top = below + height > room.height - 8 ? Math.max(8, spot.top - room.top - height - 4) : below;
  const left = Math.min(Math.max(8, spot.right - room.left - width), room.width - width - 8);
  menu.box.style.top = `${top}px`;
  menu.box.style.left = `${left}px`;
  return menu;
}

function menuItem(item, close) {
  if (item.row) return el("div", { class: "menu-row" }, item.row(close));
  return el("button", { class: `menu-item${item.danger ? " danger" : ""}`, testid: item.testid, on: { click: () => { close(); item.run(); } } }, item.icon ? icon(item.icon, 18) : null, el("span", {}, item.text));
}
