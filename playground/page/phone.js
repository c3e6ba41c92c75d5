// One phone on the table: whose it is, its frame, its list of chats and the open chat.

import { act } from "./api.js";
import { avatar } from "./avatar.js";
import { ChatList } from "./chatlist.js";
import { ChatView } from "./chat.js";
import { el, fill } from "./dom.js";
import { icon } from "./icons.js";
import { openLink } from "./links.js";
import { alertDialog, openMenu, toast } from "./sheet.js";
import { timeOf } from "./time.js";
import { fullName } from "./views.js";

const ROLES = { shopper: "Shopper", owner: "Brand owner", operator: "Operator" };

export class Phone {
  #offs = [];
  chatView = null;

  constructor(stage, user, openChat) {
    this.stage = stage;
    this.store = stage.store;
    this.user = user;
    this.unread = 0;
    this.clock = el("span", { class: "status-time" });
    this.panes = el("div", { class: "panes" });
    this.screen = el("div", { class: "screen" }, this.#statusBar(), this.panes);
    this.label = el("header", { class: "phone-label" });
    this.node = el("section", { class: "phone", testid: `phone-${user}`, "aria-label": `Phone of ${this.name}` }, this.label, el("div", { class: "device" }, this.screen));
    this.list = new ChatList(this);
    this.panes.append(this.list.node);
    this.drawLabel();
    this.tick();
    this.#listen();
    if (openChat) this.openChat(openChat, "", true);
  }

  get person() {
    return this.store.users.get(this.user);
  }

  get name() {
    return this.person ? fullName(this.person) : "Somebody";
  }

  get away() {
    return this.stage.hides(this);
  }

  get openChatId() {
    return this.chatView?.chat ?? null;
  }

  #listen() {
    this.#offs.push(
      this.store.on("users", () => this.drawLabel()),
      this.store.on("callback", (event) => this.#answered(event)),
      this.store.on("chats", () => this.#followUpgrade()),
    );
  }

  destroy() {
    this.#offs.forEach((off) => off());
    this.chatView?.destroy();
    this.list.destroy();
    this.node.remove();
  }

  #statusBar() {
    return el("div", { class: "status-bar", "aria-hidden": "true" }, this.clock,
      el("span", { class: "status-eye" }),
      el("span", { class: "status-signs" }, el("span", { class: "signal" }, el("i"), el("i"), el("i"), el("i")), el("span", { class: "battery" }, el("i"))));
  }

  tick() {
    const now = timeOf(this.store.time());
    if (this.clock.textContent !== now) this.clock.textContent = now;
  }

  drawLabel() {
    const blocked = Boolean(this.person?.blocked);
    fill(this.label,
      avatar({ name: this.name, color: this.person?.color }, 28),
      el("span", { class: "label-name" }, this.name),
      el("span", { class: "label-role" }, ROLES[this.person?.role] ?? ""),
      el("button", { class: `label-block${blocked ? " on" : ""}`, testid: "block", "aria-pressed": String(blocked), "aria-label": blocked ? "Unblock the bot" : "Block the bot", title: blocked ? "The bot is blocked: press to unblock" : "Block the bot", on: { click: () => this.#toggleBlock() } }, icon("ban", 16, 2)),
      el("button", { class: "icon-button small", testid: "phone-menu", "aria-label": "Phone menu", on: { click: (event) => this.#menu(event.currentTarget) } }, icon("more", 18)));
  }

  async #toggleBlock() {
    const answer = await act(this.user, this.person?.blocked ? "unblock" : "block");
    if (!answer.ok) this.toast(answer.error, "bad");
  }

  #menu(anchor) {
    const free = this.stage.peopleWithoutPhone();
    openMenu(this.stage.root, anchor, "Phone menu", [
      ...free.map((person) => ({ icon: "phone", text: `Give it to ${fullName(person)}`, run: () => this.stage.handOver(this, person.id) })),
      { icon: "close", text: "Take it off the table", danger: true, run: () => this.stage.remove(this) },
    ]);
  }

  unreadChanged(count) {
    this.unread = count;
    this.stage.unreadChanged?.(this);
  }

  openChat(chat, draft = "", atOnce = false) {
    if (this.chatView?.chat === chat) {
      if (draft) this.chatView.composer.insert(draft);
      return this.chatView;
    }
    this.#leaveChat();
    this.chatView = new ChatView(this, chat, draft);
    this.panes.replaceChildren(this.chatView.node);
    this.chatView.node.classList.toggle("entering", !atOnce);
    this.chatView.list.toBottom(false);
    this.chatView.changed();
    this.chatView.composer.fit();
    if (draft) this.chatView.composer.focus();
    this.stage.save();
    return this.chatView;
  }

  closeChat() {
    const { chatView } = this;
    if (!chatView) return;
    this.#leaveChat();
    this.panes.replaceChildren(this.list.node);
    this.list.node.classList.add("returning");
    this.list.node.querySelector(`[data-testid="chat-${chatView.chat}"]`)?.focus({ preventScroll: true });
    this.stage.save();
  }

  #leaveChat() {
    this.chatView?.destroy();
    this.chatView = null;
  }

  #followUpgrade() {
    const next = this.chatView && this.store.chats.get(this.chatView.chat)?.migrated_to;
    if (next && this.store.chats.has(next)) this.openChat(next, "", true);
  }

  #answered(event) {
    if (event.user !== this.user || event.state === "waiting") return;
    if (event.state === "expired") return void this.toast("The bot did not answer.", "bad");
    if (event.text && event.alert) this.alert(event.text);
    else if (event.text) this.toast(event.text);
    if (event.url) this.openLink(event.url);
  }

  openLink(url) {
    return openLink(this, url);
  }

  toast(text, tone) {
    toast(this.screen, text, tone, (this.chatView?.composer.node.offsetHeight ?? 24) + 16);
  }

  alert(text) {
    return alertDialog(this.screen, this.store.bot.first_name, text);
  }
}
