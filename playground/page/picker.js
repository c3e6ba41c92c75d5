// The friend picker: choose the chat where an inline query goes on.

import { act } from "./api.js";
import { avatar } from "./avatar.js";
import { el, fill } from "./dom.js";
import { openOver, sheetHead } from "./sheet.js";
import { chatsOf, faceOf, fullName, isBotChat, lastMessage, preview, titleOf } from "./views.js";

function allowed(chat, user, chosen) {
  if (!chosen) return true;
  if (isBotChat(chat, user)) return Boolean(chosen.allow_bot_chats);
  if (chat.type === "private") return Boolean(chosen.allow_user_chats);
  if (chat.type === "channel") return Boolean(chosen.allow_channel_chats) && chat.admins.includes(user);
  return Boolean(chosen.allow_group_chats);
}

// People one may write to who have no chat with this person yet.
function strangers(store, user, chats, chosen) {
  if (chosen && !chosen.allow_user_chats) return [];
  const known = new Set(chats.flatMap((chat) => (chat.type === "private" ? chat.members : [])));
  return [...store.users.values()].filter((person) => person.id !== user && !known.has(person.id));
}

export function pickChat(phone, query, chosen) {
  const { store, user } = phone;
  const chats = chatsOf(store, user).filter((chat) => allowed(chat, user, chosen));
  const go = (chat) => phone.openChat(chat, `@${store.bot.username} ${query ?? ""}`);
  const entries = [
    ...chats.map((chat) => ({ testid: `pick-${chat.id}`, face: faceOf(store, chat, user), title: titleOf(store, chat, user), about: about(store, chat), run: () => go(chat.id) })),
    ...strangers(store, user, chatsOf(store, user), chosen).map((person) => ({ testid: `pick-friend-${person.id}`, face: { name: fullName(person), color: person.color }, title: fullName(person), about: "Friend", run: () => meet(phone, person, go) })),
  ];
  const list = el("div", { class: "picker-list", role: "list" });
  const search = el("input", { class: "picker-search", placeholder: "Search", "aria-label": "Search chats", type: "search" });
  openOver(phone.screen, {
    label: "Choose a chat",
    testid: "picker",
    focus: ".picker-search",
    content: (close) => {
      const draw = () => fill(list, rows(entries, search.value, close));
      search.addEventListener("input", draw);
      draw();
      return [sheetHead("Share with …", close), search, list];
    },
  });
}

async function meet(phone, person, go) {
  const answer = await act(phone.user, "friends", { member: person.id });
  if (answer.ok) go(answer.result.chat);
  else phone.toast(answer.error, "bad");
}

function rows(entries, wanted, close) {
  const word = wanted.trim().toLowerCase();
  const fitting = entries.filter((entry) => entry.title.toLowerCase().includes(word));
  if (!fitting.length) return el("p", { class: "panel-note" }, "No such chat");
  return fitting.map((entry) => el("button", { class: "pick", testid: entry.testid, on: { click: () => { close(); entry.run(); } } },
    avatar(entry.face, 44),
    el("span", { class: "pick-text" }, el("strong", {}, entry.title), el("span", {}, entry.about))));
}

function about(store, chat) {
  const last = lastMessage(store, chat.id);
  if (last) return preview(last);
  return chat.type === "private" ? "Friend" : `${chat.members.length} members`;
}
