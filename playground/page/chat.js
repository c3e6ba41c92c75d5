// One open chat on one phone: its head, its messages, its composer.

import { act } from "./api.js";
import { avatar } from "./avatar.js";
import { chatMenu } from "./chatmenu.js";
import { Composer } from "./composer.js";
import { el, fill, onFrame } from "./dom.js";
import { icon } from "./icons.js";
import { showPhotos } from "./lightbox.js";
import { MessageList } from "./messages.js";
import { openActions, watchGestures } from "./actions.js";
import { openPaySheet } from "./pay.js";
import { pickChat } from "./picker.js";
import { openMenu } from "./sheet.js";
import { chatOf, faceOf, friendIn, isBotChat, lastMessage, messagesOf, preview, titleOf } from "./views.js";

export class ChatView {
  #offs = [];
  #readSent = 0;
  #headDrawn = "";
  #pinnedDrawn = undefined;
  #reacted = new Map();

  constructor(phone, chat, draft = "") {
    this.phone = phone;
    this.store = phone.store;
    this.user = phone.user;
    this.chat = chat;
    this.group = this.facts.type !== "private";
    this.changed = onFrame(() => this.node.isConnected && this.#change());
    this.doing = {
      openLink: (url) => phone.openLink(url),
      say: (text) => this.send(text),
      mention: (text) => this.composer.insert(`${text} `),
      now: () => this.store.time(),
      language: () => this.language,
    };
    this.showPhotos = (sources, at) => showPhotos(phone.screen, sources, at);
    this.head = el("header", { class: "chat-head" });
    this.welcome = el("div", { class: "welcome" });
    this.node = el("section", { class: "chat" }, this.head);
    this.composer = new Composer(this, draft);
    this.list = new MessageList(this);
    this.node.append(this.list.node, this.composer.node);
    this.pinned = el("div", { class: "pinned-room" });
    this.list.node.append(this.welcome);
    this.list.node.before(this.pinned);
    this.drawPinned();
    this.drawHead();
    this.drawWelcome();
    this.#listen();
    watchGestures(this);
  }

  get language() {
    return this.store.users.get(this.user)?.language_code ?? "";
  }

  get facts() {
    return chatOf(this.store, this.user, this.chat);
  }

  #listen() {
    const { store, chat } = this;
    this.#offs.push(
      store.on(`chat:${chat}`, () => this.changed()),
      store.on(`typing:${chat}`, () => this.drawHead()),
      store.on("users", () => this.changed()),
      store.on("bot", () => this.changed()),
      store.on("clock", () => this.list.refreshMoments()),
      store.on("callback", (event) => this.#answered(event)),
    );
    const tick = setInterval(() => this.list.refreshMoments(), 15000);
    this.#offs.push(() => clearInterval(tick));
  }

  destroy() {
    this.#offs.forEach((off) => off());
    this.list.destroy();
    this.composer.destroy();
  }

  #change() {
    this.list.render();
    this.drawHead();
    this.drawPinned();
    this.drawWelcome();
    this.composer.refresh();
    this.seen();
  }

  drawHead() {
    const { store, user, facts } = this;
    const title = titleOf(store, facts, user);
    const drawn = JSON.stringify([title, this.#about(facts), store.typing.has(this.chat)]);
    if (drawn === this.#headDrawn) return;
    this.#headDrawn = drawn;
    fill(this.head,
      el("button", { class: "icon-button back", testid: "back", "aria-label": "Back to the chats", on: { click: () => this.phone.closeChat() } }, icon("back", 22, 2.2)),
      avatar(faceOf(store, facts, user), 38),
      el("div", { class: "chat-who" }, el("h2", {}, title), this.#subtitle(facts)),
      el("button", { class: "icon-button", testid: "chat-menu", "aria-label": "Chat menu", on: { click: (event) => openMenu(this.phone.screen, event.currentTarget, "Chat menu", chatMenu(this)) } }, icon("more", 22)));
  }

  #subtitle(facts) {
    if (this.store.typing.has(this.chat)) {
      return el("p", { class: "subtitle typing", testid: "typing" }, this.group ? `${this.store.bot.first_name} is typing` : "typing", el("span", { class: "typing-dots", "aria-hidden": "true" }, el("i"), el("i"), el("i")));
    }
    return el("p", { class: "subtitle" }, this.#about(facts));
  }

  #about(facts) {
    if (isBotChat(facts, this.user)) return this.store.users.get(this.user)?.blocked ? "blocked" : "bot";
    if (facts.type === "channel") return `${facts.members.length} subscribers`;
    if (this.group) return `${facts.members.length + (facts.bot_member ? 1 : 0)} members`;
    return friendIn(this.store, facts, this.user) ? "online" : "";
  }

  drawPinned() {
    const message = this.find(this.facts.pinned?.at(-1));
    if (message === this.#pinnedDrawn) return;
    this.#pinnedDrawn = message;
    fill(this.pinned, message ? el("button", { class: "pinned", testid: "pinned", on: { click: () => this.jumpTo(message.id) } },
      el("span", { class: "quote-name" }, "Pinned message"), el("span", { class: "quote-line" }, preview(message))) : null);
  }

  drawWelcome() {
    const empty = messagesOf(this.store, this.chat).length === 0;
    if (this.welcome.hidden === !empty && this.welcome.firstChild) return;
    this.welcome.hidden = !empty;
    if (!empty) return;
    const bot = isBotChat(this.facts, this.user);
    fill(this.welcome, el("div", { class: "welcome-card" },
      avatar(faceOf(this.store, this.facts, this.user), 72),
      el("h3", {}, titleOf(this.store, this.facts, this.user)),
      el("p", {}, bot ? "Press Start and the shop opens in this chat." : "No messages here yet."),
      bot ? el("button", { class: "start", testid: "start", on: { click: () => this.start() } }, "Start") : null));
  }

  async do(name, fields) {
    const answer = await act(this.user, name, fields);
    if (!answer.ok) this.phone.toast(answer.error ?? "That did not work.", "bad");
    return answer;
  }

  start(payload) {
    return this.do("start", payload ? { payload } : {});
  }

  send(text, replyTo) {
    return this.do("send", { chat: this.chat, text, ...(replyTo ? { reply_to: replyTo } : {}) });
  }

  react(message, emoji) {
    const again = this.#reacted.get(message.id) === emoji;
    this.#reacted.set(message.id, again ? "" : emoji);
    return this.do("react", { chat: this.chat, id: message.id, emoji: again ? "" : emoji });
  }

  find(id) {
    return messagesOf(this.store, this.chat).find((message) => message.id === id);
  }

  jumpTo(id) {
    this.list.jumpTo(id);
  }

  seen() {
    if (!this.list?.stuck || document.hidden || this.phone.away) return;
    const last = lastMessage(this.store, this.chat);
    if (!last || last.id <= Math.max(this.#readSent, this.store.read.get(`${this.user}:${this.chat}`) ?? 0)) return;
    this.#readSent = last.id;
    this.store.apply({ type: "read", user: this.user, chat: this.chat, id: last.id });
    act(this.user, "read", { chat: this.chat, id: last.id });
  }

  openActions(message, anchor) {
    openActions(this, message, anchor);
  }

  async press(message, button, node) {
    switch (button.kind) {
      case "callback": return this.#callback(message, button, node);
      case "pay": return openPaySheet(this, message);
      case "copy": return this.#copy(button.copy);
      case "switch_inline_current": return this.composer.startInline(button.query);
      case "switch_inline": return pickChat(this.phone, button.query, null);
      case "switch_inline_chosen": return pickChat(this.phone, button.query, button.chosen ?? {});
      default: return this.phone.openLink(button.url);
    }
  }

  async #callback(message, button, node) {
    if (node.classList.contains("waiting")) return;
    node.classList.add("waiting");
    const target = message.inline_message_id ? { inline_message_id: message.inline_message_id } : {};
    const answer = await act(this.user, "press", { chat: this.chat, message_id: message.id, ...target, data: button.data });
    if (answer.ok) this.store.notePress(answer.result?.callback_id, { user: this.user, chat: this.chat, message_id: message.id, data: button.data });
    else this.phone.toast(answer.error, "bad");
    this.list.refreshWaiting(message.id);
  }

  #answered(event) {
    if (event.user === this.user && (event.chat === this.chat || event.chat === undefined)) this.list.refreshWaiting(event.message_id);
  }

  async #copy(text) {
    try {
      await navigator.clipboard.writeText(text ?? "");
      this.phone.toast("Copied to the clipboard");
    } catch {
      this.phone.toast(`Copy this: ${text}`);
    }
  }
}
