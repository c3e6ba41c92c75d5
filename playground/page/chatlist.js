// The list of a person's chats, newest first, with unread badges.

import { avatar } from "./avatar.js";
import { el, fill, onFrame } from "./dom.js";
import { icon } from "./icons.js";
import { newChatSheet } from "./newchat.js";
import { openMenu } from "./sheet.js";
import { listTime } from "./time.js";
import { chatsOf, faceOf, lastMessage, preview, senderName, seenByOthers, titleOf, unreadCount } from "./views.js";

export class ChatList {
  #rows = new Map();

  constructor(phone) {
    this.phone = phone;
    this.list = el("div", { class: "chat-rows", role: "list" });
    const more = (event) => openMenu(phone.screen, event.currentTarget, "New chat", [
      { icon: "group", text: "New group", testid: "new-group", run: () => newChatSheet(phone, "group") },
      { icon: "horn", text: "New channel", testid: "new-channel", run: () => newChatSheet(phone, "channel") },
    ]);
    this.node = el("section", { class: "chat-list", "aria-label": "Chats" },
      el("header", { class: "list-head" }, el("h2", {}, "Chats"), el("button", { class: "icon-button", "aria-label": "New chat", testid: "new-chat", on: { click: more } }, icon("plus", 22))),
      this.list);
    this.update = onFrame(() => this.render());
    this.offs = ["chats", "users"].map((topic) => phone.store.on(topic, this.update));
    this.render();
  }

  destroy() {
    this.offs.forEach((off) => off());
  }

  render() {
    const { store, user } = this.phone;
    const chats = chatsOf(store, user);
    const kept = new Map();
    chats.forEach((chat, at) => {
      const entry = this.#entry(chat);
      kept.set(chat.id, entry);
      this.#rows.delete(chat.id);
      if (this.list.children[at] !== entry.node) this.list.insertBefore(entry.node, this.list.children[at] ?? null);
    });
    for (const entry of this.#rows.values()) entry.node.remove();
    this.#rows = kept;
    this.phone.unreadChanged(chats.reduce((sum, chat) => sum + unreadCount(store, chat.id, user), 0));
  }

  #entry(chat) {
    const facts = this.#facts(chat);
    const drawn = JSON.stringify(facts);
    const kept = this.#rows.get(chat.id) ?? { node: el("button", { class: "chat-row", role: "listitem", testid: `chat-${chat.id}`, on: { click: () => this.phone.openChat(chat.id) } }) };
    if (kept.drawn !== drawn) this.#draw(kept.node, chat, facts);
    kept.drawn = drawn;
    return kept;
  }

  #facts(chat) {
    const { store, user } = this.phone;
    const last = lastMessage(store, chat.id);
    const mine = last?.from?.id === user && !last.service;
    return {
      title: titleOf(store, chat, user),
      kind: chat.type,
      typing: store.typing.has(chat.id),
      who: last && !last.service && chat.type !== "private" && chat.type !== "channel" ? (mine ? "You" : senderName(store, last).split(" ")[0]) : "",
      line: last ? preview(last).slice(0, 140) : "",
      time: last ? listTime(last.date, store.time()) : "",
      unread: unreadCount(store, chat.id, user),
      ticks: mine ? (seenByOthers(store, last, user) ? "checks" : "check") : "",
    };
  }

  #draw(node, chat, facts) {
    const { store, user } = this.phone;
    const line = facts.typing
      ? el("span", { class: "row-line typing" }, "typing …")
      : el("span", { class: "row-line" }, facts.who ? el("span", { class: "row-who" }, `${facts.who}: `) : null, facts.line || "No messages yet");
    fill(node, avatar(faceOf(store, chat, user), 50),
      el("span", { class: "row-text" },
        el("span", { class: "row-top" },
          el("span", { class: "row-title" }, facts.kind === "channel" ? icon("horn", 15) : null, facts.kind.endsWith("group") ? icon("group", 15, 2) : null, facts.title),
          facts.ticks ? el("span", { class: "ticks" }, icon(facts.ticks, 15, 2)) : null,
          el("span", { class: "row-time" }, facts.time)),
        el("span", { class: "row-bottom" }, line, facts.unread ? el("span", { class: "badge", testid: `unread-${chat.id}`, "aria-label": `${facts.unread} unread` }, facts.unread > 99 ? "99+" : String(facts.unread)) : null)));
  }
}
