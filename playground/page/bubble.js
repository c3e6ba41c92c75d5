// Draws one unit of a chat: a bubble with its keyboard, an album, an invoice card or a service line.

import { avatar } from "./avatar.js";
import { add, el } from "./dom.js";
import { mention, renderText } from "./entities.js";
import { icon } from "./icons.js";
import { inlineKeyboard, keyboardOf } from "./keyboard.js";
import { album, photoBefore, photoFrame, pictureSource, single } from "./media.js";
import { money } from "./money.js";
import { fullMoment, timeOf } from "./time.js";
import { preview, seenByOthers, senderName } from "./views.js";

const BIG_EMOJI = /^(?:\p{Extended_Pictographic}(?:\uFE0F|\p{Emoji_Modifier}|\u200D\p{Extended_Pictographic})*\s?){1,3}$/u;

export function drawUnit(unit, view, before) {
  const [message] = unit.messages;
  if (message.service) return serviceLine(message, view);
  const bubble = el("div", { class: "bubble" });
  add(bubble, [nameLine(unit, message, view), viaLine(message, view), quote(message, view)]);
  fillBubble(bubble, unit, view, before);
  const row = el("article", {
    class: "row",
    testid: `msg-${message.chat}-${message.id}`,
    tabIndex: -1,
    data: { key: unit.key },
    "aria-label": `${unit.mine ? "You" : senderName(view.store, message)}, ${timeOf(message.date)}`,
  }, faceSlot(unit, message, view), el("div", { class: "stack" }, bubble, inlineKeyboard(message, view)), actionsButton(message, view));
  row.classList.toggle("mine", unit.mine);
  row.classList.toggle("with-media", bubble.classList.contains("has-media"));
  row.classList.toggle("with-keys", keyboardOf(message, view.user).length > 0);
  return row;
}

export function placeUnit(row, unit) {
  row.classList.toggle("run-first", unit.first);
  row.classList.toggle("run-last", unit.last);
  row.classList.toggle("faced", Boolean(unit.faced));
}

function serviceLine(message, view) {
  const paid = message.payment ? icon("check", 14, 2.4) : null;
  return el("div", { class: "service", testid: `msg-${message.chat}-${message.id}`, role: "note" }, el("span", {}, paid, message.service), inlineKeyboard(message, view));
}

function fillBubble(bubble, unit, view, before) {
  const [message] = unit.messages;
  const captioned = unit.messages.find((item) => item.caption) ?? message;
  const text = message.text ?? captioned.caption ?? "";
  if (message.invoice) bubble.append(invoiceCard(message, view));
  if (unit.messages.length > 1) bubble.append(album(unit.messages, view.showPhotos));
  else if (message.photo) bubble.append(single(message, view.showPhotos, photoBefore(before)));
  if (message.location) bubble.append(place(message.location));
  if (message.document) bubble.append(el("div", { class: "document" }, icon("copy", 22), el("strong", {}, message.document)));
  if (message.contact) bubble.append(contact(message.contact));
  const media = unit.messages.length > 1 || Boolean(message.photo) || Boolean(message.location);
  bubble.classList.toggle("has-media", media || Boolean(message.invoice));
  bubble.classList.toggle("media-only", media && !text);
  const entities = message.text ? message.entities : captioned.entities;
  const big = !media && BIG_EMOJI.test(text) && !entities?.length && !message.keyboard?.length;
  bubble.classList.toggle("big-emoji", big);
  add(bubble, [textBlock(text, entities, message, view, unit), reactions(message, view)]);
}

function textBlock(text, entities, message, view, unit) {
  const body = el("div", { class: "text", dir: "auto" });
  if (text) body.append(renderText(text, entities, view.doing));
  body.append(meta(message, view, unit));
  return body;
}

function meta(message, view, unit) {
  const seen = unit.mine && seenByOthers(view.store, message, view.user);
  return el("span", { class: "meta", title: fullMoment(message.date) },
    showsEdited(message) ? el("span", { class: "edited" }, "edited") : null,
    el("time", {}, timeOf(message.date)),
    unit.mine ? el("span", { class: "ticks", role: "img", "aria-label": seen ? "Seen" : "Sent" }, icon(seen ? "checks" : "check", 15, 2)) : null);
}

// A card with buttons changes all the time; like the real thing, only plain messages say so.
const showsEdited = (message) => message.edited && !message.invoice && !message.via_bot && !message.keyboard?.length;

function nameLine(unit, message, view) {
  if (!unit.named) return null;
  const user = view.store.users.get(message.from?.id);
  const color = user?.color ?? message.from?.color ?? "var(--accent)";
  return el("div", { class: "name", style: { "--name": color } }, senderName(view.store, message));
}

function viaLine(message, view) {
  if (!message.via_bot) return null;
  const name = `@${view.store.bot.username}`;
  return el("div", { class: "via" }, "via ", add(mention(name, view.doing), [name]));
}

function quote(message, view) {
  if (!message.reply_to) return null;
  const original = view.find(message.reply_to);
  const title = original ? (original.from?.id === view.user ? "You" : senderName(view.store, original)) : "Message";
  return el("button", { class: "quote", on: { click: () => view.jumpTo(message.reply_to) } },
    el("span", { class: "quote-name" }, title), el("span", { class: "quote-line" }, original ? preview(original) : "Deleted message"));
}

function faceSlot(unit, message, view) {
  if (!view.group || unit.mine) return null;
  const user = view.store.users.get(message.from?.id);
  const name = senderName(view.store, message);
  const face = message.from?.is_bot ? { name, color: "var(--accent)", icon: "bot" } : { name, color: user?.color ?? message.from?.color };
  return el("span", { class: "face" }, avatar(face, 32));
}

function actionsButton(message, view) {
  return el("button", { class: "row-more", "aria-label": "Message actions", on: { click: (event) => view.openActions(message, event.currentTarget) } }, icon("dots", 18));
}

function invoiceCard(message, view) {
  const { invoice } = message;
  const paid = invoice.paid_by?.includes(view.user);
  const source = pictureSource(invoice.photo);
  return el("div", { class: "invoice" },
    source ? photoFrame(source, "Open the photo", () => view.showPhotos([source], 0)) : null,
    el("div", { class: "invoice-text" },
      el("div", { class: "invoice-title" }, invoice.title),
      el("div", { class: "invoice-about" }, invoice.description),
      el("div", { class: "invoice-total" },
        el("span", {}, money(invoice.total, invoice.currency)),
        paid ? el("span", { class: "invoice-paid" }, icon("check", 14, 2.6), "Paid") : null)));
}

function place(location) {
  const spot = `${location.latitude.toFixed(4)}, ${location.longitude.toFixed(4)}`;
  return el("div", { class: "place", role: "img", "aria-label": `Location ${spot}` }, icon("pin", 30, 1.8), el("span", {}, spot));
}

function contact(card) {
  const name = [card.first_name, card.last_name].filter(Boolean).join(" ") || "Contact";
  return el("div", { class: "contact" }, avatar({ name, color: "#4b74c9" }, 40), el("div", {}, el("strong", {}, name), el("div", {}, card.phone_number ?? "")));
}

function reactions(message, view) {
  if (!message.reactions?.length) return null;
  return el("div", { class: "reactions" }, message.reactions.map((one) =>
    el("button", { class: "reaction", "aria-label": `${one.emoji} ${one.count}`, on: { click: () => view.react(message, one.emoji) } }, `${one.emoji} `, el("span", {}, String(one.count)))));
}
