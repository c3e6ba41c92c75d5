// The table with the phones: adding, handing over, tabs on a narrow screen.

import { avatar } from "./avatar.js";
import { el, fill } from "./dom.js";
import { drawHints } from "./hints.js";
import { Phone } from "./phone.js";
import { fullName } from "./views.js";

const SAVED = "playground.phones";

export class Stage {
  phones = [];
  active = null;
  #laying = false;

  constructor(store, root) {
    this.store = store;
    this.root = root;
    this.narrow = window.matchMedia("(max-width: 720px)");
    this.tabs = el("nav", { class: "tabs", role: "tablist", "aria-label": "Phones" });
    this.hints = el("div", { class: "hints-room" });
    this.row = el("div", { class: "phones" });
    this.node = el("main", { class: "stage" }, this.tabs, el("div", { class: "table" }, this.hints, this.row));
    this.narrow.addEventListener("change", () => this.#show());
    document.addEventListener("visibilitychange", () => this.phones.forEach((phone) => phone.chatView?.seen()));
    this.lay();
  }

  lay() {
    const wanted = this.#wanted();
    for (const phone of this.phones) phone.destroy();
    this.phones = [];
    this.#laying = true;
    for (const { user, open_chat: open } of wanted) {
      if (this.store.users.has(user) && !this.of(user)) this.#put(new Phone(this, user, open));
    }
    this.#laying = false;
    this.#show();
    drawHints(this);
  }

  #wanted() {
    try {
      const saved = JSON.parse(sessionStorage.getItem(SAVED));
      if (saved?.bot === this.store.bot.id && saved.phones.every((one) => this.store.users.has(one.user)) && saved.laid === JSON.stringify(this.store.phones.map((one) => one.user))) return saved.phones;
    } catch {
      sessionStorage.removeItem(SAVED);
    }
    if (this.store.phones.length) return this.store.phones;
    return [...this.store.users.keys()].slice(0, 4).map((user) => ({ user, open_chat: null }));
  }

  save() {
    if (this.#laying) return;
    const phones = this.phones.map((phone) => ({ user: phone.user, open_chat: phone.openChatId }));
    if (phones.length) sessionStorage.setItem(SAVED, JSON.stringify({ bot: this.store.bot.id, laid: JSON.stringify(this.store.phones.map((one) => one.user)), phones }));
  }

  of(user) {
    return this.phones.find((phone) => phone.user === user);
  }

  hides(phone) {
    return this.narrow.matches && this.active !== phone;
  }

  peopleWithoutPhone() {
    return [...this.store.users.values()].filter((person) => !this.of(person.id));
  }

  #put(phone, at = this.phones.length) {
    this.phones.splice(at, 0, phone);
    this.row.insertBefore(phone.node, this.row.children[at] ?? null);
  }

  add(user) {
    const phone = new Phone(this, user, null);
    this.#put(phone);
    this.active = phone;
    this.#show();
    this.save();
    phone.node.scrollIntoView({ behavior: "smooth", inline: "end", block: "nearest" });
  }

  handOver(phone, user) {
    const at = this.phones.indexOf(phone);
    this.remove(phone);
    const next = new Phone(this, user, null);
    this.#put(next, at);
    this.active = next;
    this.#show();
    this.save();
  }

  remove(phone) {
    this.phones = this.phones.filter((one) => one !== phone);
    phone.destroy();
    this.#show();
    this.save();
  }

  tick() {
    for (const phone of this.phones) phone.tick();
  }

  unreadChanged(phone) {
    const badge = this.tabs.querySelector(`[data-user="${phone.user}"] .badge`);
    if (!badge) return;
    badge.hidden = !phone.unread;
    badge.textContent = phone.unread > 99 ? "99+" : String(phone.unread);
  }

  #show() {
    if (!this.phones.includes(this.active)) this.active = this.phones[0] ?? null;
    fill(this.tabs, this.phones.map((phone) => this.#tab(phone)));
    for (const phone of this.phones) {
      phone.node.classList.toggle("active", phone === this.active);
      this.unreadChanged(phone);
    }
    this.active?.chatView?.seen();
  }

  #tab(phone) {
    const chosen = phone === this.active;
    const choose = () => {
      this.active = phone;
      this.#show();
      phone.chatView?.list.toBottom(false);
      this.tabs.querySelector("[aria-selected=true]")?.focus();
    };
    return el("button", { class: "tab", role: "tab", testid: `tab-${phone.user}`, "aria-label": `Phone of ${phone.name}`, "aria-selected": String(chosen), data: { user: String(phone.user) }, on: { click: choose } },
      avatar({ name: phone.name, color: phone.person?.color }, 26), el("span", { class: "tab-name" }, fullName(phone.person ?? { first_name: "?" }).split(" ")[0]), el("span", { class: "badge", hidden: true }));
  }
}
