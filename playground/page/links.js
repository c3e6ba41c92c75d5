// Follows a link: the bot's own open a chat on the same phone, others ask before leaving the page.

import { act } from "./api.js";
import { avatar } from "./avatar.js";
import { el } from "./dom.js";
import { confirmDialog, openOver, sheetHead } from "./sheet.js";
import { chatsOf, faceOf, titleOf } from "./views.js";

const HOSTS = new Set(["t.me", "telegram.me", "www.t.me"]);

function address(url) {
  try {
    return new URL(/^[a-z]+:/i.test(url) ? url : `https://${url}`);
  } catch {
    return null;
  }
}

export async function openLink(phone, url) {
  const parts = address(url);
  if (!parts || !["http:", "https:"].includes(parts.protocol)) return phone.toast("This link cannot be opened here.", "bad");
  if (!HOSTS.has(parts.hostname)) return leave(phone, parts.href);
  if (parts.searchParams.has("startgroup") || parts.searchParams.has("startchannel")) return chooseGroup(phone, url, parts.searchParams.has("startchannel"));
  if (/^\/(\$|invoice\/)/.test(parts.pathname)) return payByLink(phone, url);
  return follow(phone, { url });
}

async function follow(phone, fields) {
  const answer = await act(phone.user, "open_link", fields);
  if (!answer.ok) return phone.toast(answer.error, "bad");
  return phone.openChat(answer.result.chat);
}

async function payByLink(phone, url) {
  if (!await confirmDialog(phone.screen, "Pay", "Pay this invoice with the pretend card?", "Pay")) return;
  const answer = await act(phone.user, "pay", { url, tip: 0 });
  const error = answer.ok ? answer.result.error : answer.error;
  phone.toast(error || "Paid", error ? "bad" : "plain");
}

async function leave(phone, href) {
  if (await confirmDialog(phone.screen, "Open link", href, "Open")) window.open(href, "_blank", "noopener,noreferrer");
}

function chooseGroup(phone, url, channel) {
  const { store, user } = phone;
  const fits = (chat) => (channel ? chat.type === "channel" && chat.admins.includes(user) : chat.type.endsWith("group"));
  const chats = chatsOf(store, user).filter(fits);
  openOver(phone.screen, {
    label: "Add the bot to a chat",
    testid: "picker",
    content: (close) => [
      sheetHead(`Add ${store.bot.first_name} to …`, close),
      el("div", { class: "picker-list" }, chats.length ? chats.map((chat) => el("button", { class: "pick", testid: `pick-${chat.id}`, on: { click: () => { close(); follow(phone, { url, chat: chat.id }); } } },
        avatar(faceOf(store, chat, user), 44), el("span", { class: "pick-text" }, el("strong", {}, titleOf(store, chat, user))))) : el("p", { class: "panel-note" }, "You are in no such chat yet. Make one with + in the list of chats.")),
    ],
  });
}
