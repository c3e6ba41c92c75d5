// The scrolling list of one chat: redraws only what changed and keeps its place.

import { drawUnit, placeUnit } from "./bubble.js";
import { el } from "./dom.js";
import { icon } from "./icons.js";
import { refreshWaiting } from "./keyboard.js";
import { dayName, fromNow } from "./time.js";
import { sameContent, samePlace, unitsOf } from "./units.js";
import { isMine, messagesOf } from "./views.js";

const PAGE = 60;
const KEPT = 240;
const NEAR = 60;

export class MessageList {
  #drawn = new Map();
  #firstId = 0;
  #lastSeenId = 0;
  #stuck = true;
  #missed = 0;
  #seen = {};

  constructor(view) {
    this.view = view;
    this.content = el("div", { class: "messages", role: "log", "aria-label": "Messages" });
    this.scroller = el("div", { class: "scroller", tabIndex: 0, "aria-label": "Conversation" }, this.content);
    this.count = el("span", { class: "pill-count" });
    this.pill = el("button", { class: "new-pill", testid: "new-messages", "aria-label": "Go to the newest messages", hidden: true, on: { click: () => this.toBottom(true) } }, icon("down", 20, 2), this.count);
    this.node = el("div", { class: "list-room" }, this.scroller, this.pill);
    this.scroller.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    this.sizes = new ResizeObserver(() => this.#stuck && this.#stick());
    this.sizes.observe(this.content);
    this.sizes.observe(this.scroller);
    this.#begin();
  }

  #begin() {
    const { store, chat, user } = this.view;
    const all = messagesOf(store, chat);
    const upTo = store.read.get(`${user}:${chat}`) ?? 0;
    const unread = all.find((message) => message.id > upTo && !isMine(message, user) && !message.service);
    this.firstUnread = unread && all[0] !== unread ? unread.id : 0;
    this.#firstId = all.at(-PAGE)?.id ?? 0;
    this.#lastSeenId = all.at(-1)?.id ?? 0;
    this.render();
    this.#stick();
  }

  destroy() {
    this.sizes.disconnect();
  }

  #window() {
    const all = messagesOf(this.view.store, this.view.chat);
    let from = all.findIndex((message) => message.id >= this.#firstId);
    if (from < 0) from = all.length;
    if (this.#stuck && all.length - from > KEPT) {
      from = all.length - PAGE;
      this.#firstId = all[from].id;
    }
    return all.slice(from);
  }

  render() {
    const { user, group } = this.view;
    const messages = this.#window();
    const units = unitsOf(messages, user, group, this.firstUnread);
    const focus = this.#focusPlace();
    const fresh = new Map(units.map((unit) => [unit.key, this.#entry(unit, this.#drawn.get(unit.key))]));
    this.#drawn = fresh;
    this.#lay([...fresh.values()].flatMap((entry) => entry.nodes));
    this.#restoreFocus(focus);
    this.#arrived(messages);
  }

  #lay(nodes) {
    const wanted = new Set(nodes);
    for (const node of [...this.content.children]) if (!wanted.has(node)) node.remove();
    nodes.forEach((node, at) => {
      if (this.content.children[at] !== node) this.content.insertBefore(node, this.content.children[at] ?? null);
    });
  }

  #focusPlace() {
    const row = document.activeElement?.closest?.(".row");
    if (!row || !this.content.contains(row)) return null;
    return { row, key: row.dataset.key, at: [...row.querySelectorAll("button")].indexOf(document.activeElement) };
  }

  #restoreFocus(focus) {
    if (!focus || focus.row.isConnected) return;
    const row = this.#drawn.get(focus.key)?.row;
    (row?.querySelectorAll("button")[focus.at] ?? row)?.focus({ preventScroll: true });
  }

  #entry(unit, kept) {
    if (kept && sameContent(kept.unit, unit) && samePlace(kept.unit, unit)) return kept;
    const row = kept && sameContent(kept.unit, unit) ? kept.row : this.#draw(unit, kept);
    placeUnit(row, unit);
    return { unit, row, nodes: [...this.#separators(unit), row] };
  }

  #separators(unit) {
    const [message] = unit.messages;
    const nodes = [];
    if (unit.day) nodes.push(el("div", { class: "day", role: "separator", data: { date: String(message.date) } }, el("span", {}, dayName(message.date, this.view.store.time()))));
    if (unit.unread) nodes.push(el("div", { class: "unread-line", role: "separator" }, "New messages"));
    return nodes;
  }

  #draw(unit, kept) {
    const row = drawUnit(unit, this.view, kept?.row);
    if (!kept) row.classList.toggle("arriving", unit.messages[0].id > this.#lastSeenId);
    else if (unit.messages.some((message, at) => message !== kept.unit.messages[at] && message.edited)) row.classList.add("touched");
    return row;
  }

  #arrived(messages) {
    const newer = messages.filter((message) => message.id > this.#lastSeenId);
    if (!newer.length) return;
    this.#lastSeenId = newer.at(-1).id;
    if (newer.some((message) => isMine(message, this.view.user))) this.#stuck = true;
    if (this.#stuck) this.#stick();
    else this.#missed += newer.filter((message) => !isMine(message, this.view.user)).length;
    this.#showPill();
  }

  #stick() {
    this.scroller.scrollTop = this.scroller.scrollHeight;
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    this.#seen = { scrollTop, scrollHeight, clientHeight };
    this.view.seen();
  }

  get stuck() {
    return this.#stuck;
  }

  toBottom(smooth) {
    this.#missed = 0;
    this.scroller.scrollTo({ top: this.scroller.scrollHeight, behavior: smooth ? "smooth" : "auto" });
    this.#showPill();
  }

  // Only a person scrolls up while nothing changes its size; a photo that comes in does not unstick.
  #scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    const sameRoom = scrollHeight === this.#seen.scrollHeight && clientHeight === this.#seen.clientHeight;
    if (scrollHeight - scrollTop - clientHeight < NEAR) this.#stuck = true;
    else if (sameRoom && scrollTop < this.#seen.scrollTop) this.#stuck = false;
    this.#seen = { scrollTop, scrollHeight, clientHeight };
    if (this.#stuck) {
      this.#missed = 0;
      this.view.seen();
    }
    if (scrollTop < 240) this.#older();
    this.#showPill();
  }

  #older() {
    const all = messagesOf(this.view.store, this.view.chat);
    const from = all.findIndex((message) => message.id >= this.#firstId);
    if (from <= 0) return;
    const { scrollHeight, scrollTop } = this.scroller;
    this.scroller.style.overflowAnchor = "none";
    this.#firstId = all[Math.max(0, from - PAGE)].id;
    this.render();
    this.scroller.scrollTop = scrollTop + this.scroller.scrollHeight - scrollHeight;
    requestAnimationFrame(() => { this.scroller.style.overflowAnchor = ""; });
  }

  #showPill() {
    this.pill.hidden = this.#stuck;
    this.count.textContent = this.#missed ? String(this.#missed) : "";
  }

  jumpTo(id) {
    const all = messagesOf(this.view.store, this.view.chat);
    const at = all.findIndex((message) => message.id === id);
    if (at < 0) return;
    if (id < this.#firstId) {
      this.#firstId = all[Math.max(0, at - 10)].id;
      this.render();
    }
    const row = this.content.querySelector(`[data-testid="msg-${this.view.chat}-${id}"]`)?.closest(".row");
    row?.scrollIntoView({ block: "center", behavior: "smooth" });
    row?.classList.remove("touched");
    requestAnimationFrame(() => row?.classList.add("touched"));
  }

  refreshWaiting(messageId) {
    const entry = this.#drawn.get(`${this.view.chat}-${messageId}`);
    if (entry) refreshWaiting(entry.row, entry.unit.messages[0], this.view);
  }

  refreshMoments() {
    const now = this.view.store.time();
    for (const node of this.content.querySelectorAll("[data-relative]")) node.textContent = fromNow(Number(node.dataset.relative), now, this.view.language);
    for (const node of this.content.querySelectorAll(".day")) node.firstChild.textContent = dayName(Number(node.dataset.date), now);
  }
}
