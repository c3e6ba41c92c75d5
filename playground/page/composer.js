// Where a person types: text, replies, edits, commands, inline queries, photos, reply keyboards.

import { commandList } from "./commands.js";
import { el, fill } from "./dom.js";
import { icon } from "./icons.js";
import { InlinePanel } from "./inline.js";
import { replyKeyboard } from "./keyboard.js";
import { openPhotoSheet } from "./photos.js";
import { openMenu } from "./sheet.js";
import { blockedBot, isBotChat, preview, senderName } from "./views.js";

const TALLEST = 132;
const PLACE = { latitude: 60.1699, longitude: 24.9384 };

export class Composer {
  #mode = null;
  #keysShown = true;

  constructor(view, draft) {
    this.view = view;
    this.input = el("textarea", { class: "input", testid: "composer", rows: 1, placeholder: "Message", "aria-label": "Message" });
    this.input.setAttribute("enterkeyhint", "send");
    this.inline = new InlinePanel(view, this.input);
    this.above = el("div", { class: "above" });
    this.modeBar = el("div", { class: "mode-bar", hidden: true });
    this.bar = el("div", { class: "bar" });
    this.below = el("div", { class: "below" });
    this.node = el("footer", { class: "composer" }, this.inline.node, this.above, this.modeBar, this.bar, this.below);
    this.#buttons();
    this.#listen();
    this.refresh();
    this.drawKeyboard();
    if (draft) this.setText(draft);
  }

  destroy() {
    this.inline.destroy();
    this.off();
  }

  #buttons() {
    this.menuButton = el("button", { class: "menu-button", testid: "commands", "aria-label": "Commands", on: { click: () => this.#toggleCommands() } }, icon("menu", 18, 2.2), el("span", {}, "Menu"));
    this.clip = el("button", { class: "icon-button", testid: "attach", "aria-label": "Attach", on: { click: (event) => this.#attach(event.currentTarget) } }, icon("clip", 22));
    this.keysButton = el("button", { class: "icon-button", testid: "keyboard-toggle", "aria-label": "Show or hide the answer buttons", on: { click: () => this.#toggleKeys() } }, icon("keys", 22));
    this.sendButton = el("button", { class: "send", testid: "send", "aria-label": "Send", on: { click: () => this.submit() } }, icon("send", 20, 2));
    this.field = el("div", { class: "field" }, this.input, this.keysButton);
    fill(this.bar, this.menuButton, this.clip, this.field, this.sendButton);
  }

  #listen() {
    this.input.addEventListener("input", () => this.typed());
    this.node.addEventListener("keydown", (event) => this.#key(event));
    this.node.addEventListener("focusout", (event) => {
      if (!this.node.contains(event.relatedTarget) && this.above.dataset.pinned) this.#hideCommands();
    });
    this.off = this.view.store.on(`keyboard:${this.view.user}:${this.view.chat}`, () => this.drawKeyboard());
  }

  #key(event) {
    if (event.key === "Escape" && (this.#mode || this.above.firstChild || this.inline.shown)) {
      event.stopPropagation();
      if (this.inline.shown || this.#mode?.kind === "edit") this.setText("");
      this.#setMode(null);
      this.#hideCommands();
    }
    if (event.key === "ArrowUp" || event.key === "ArrowDown") this.#walkPanel(event);
    if (event.target !== this.input || event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.submit();
  }

  #walkPanel(event) {
    const rows = [...this.node.querySelectorAll(".panel:not([hidden]) button")];
    if (!rows.length) return;
    const at = rows.indexOf(document.activeElement);
    const next = event.key === "ArrowDown" ? at + 1 : at < 0 ? rows.length - 1 : at - 1;
    event.preventDefault();
    (rows[next] ?? this.input).focus();
  }

  fit() {
    this.input.style.height = "";
    const wanted = this.input.scrollHeight;
    if (wanted) this.input.style.height = `${Math.min(wanted, TALLEST)}px`;
    this.input.style.overflowY = wanted > TALLEST ? "auto" : "hidden";
  }

  typed() {
    this.fit();
    const text = this.input.value;
    this.node.classList.toggle("has-text", text.trim() !== "");
    this.inline.typed(text);
    const naming = /^\/(\w*)$/.exec(text);
    if (naming) this.#showCommands(naming[1].toLowerCase());
    else if (!this.above.dataset.pinned || text) this.#hideCommands();
  }

  setText(text) {
    this.input.value = text;
    this.typed();
  }

  insert(text) {
    this.setText(text);
    this.focus();
  }

  focus() {
    this.input.focus({ preventScroll: true });
    this.input.setSelectionRange(this.input.value.length, this.input.value.length);
  }

  startInline(query) {
    this.insert(`@${this.view.store.bot.username} ${query ?? ""}`);
  }

  async submit() {
    const text = this.input.value.trim();
    if (!text || this.inline.holds(text)) return;
    const mode = this.#mode;
    this.setText("");
    this.#setMode(null);
    const answer = mode?.kind === "edit"
      ? await this.view.do("edit", { chat: this.view.chat, id: mode.message.id, text })
      : await this.view.send(text, mode?.message.id);
    if (!answer.ok && !this.input.value) this.setText(text);
  }

  replyTo(message) {
    this.#setMode({ kind: "reply", message });
    this.focus();
  }

  edit(message) {
    this.#setMode({ kind: "edit", message });
    this.setText(message.text);
    this.focus();
  }

  #setMode(mode) {
    this.#mode = mode;
    this.modeBar.hidden = !mode;
    if (!mode) return;
    const title = mode.kind === "edit" ? "Edit message" : `Reply to ${senderName(this.view.store, mode.message)}`;
    const cancel = () => {
      if (mode.kind === "edit") this.setText("");
      this.#setMode(null);
    };
    fill(this.modeBar, icon(mode.kind, 20),
      el("div", { class: "mode-text" }, el("strong", {}, title), el("span", {}, preview(mode.message))),
      el("button", { class: "icon-button", "aria-label": "Cancel", on: { click: cancel } }, icon("close", 18)));
  }

  #showCommands(start) {
    const list = commandList(this.view.store.bot.commands ?? [], start, (command) => {
      this.#hideCommands();
      this.setText("");
      this.view.send(`/${command}`);
    });
    fill(this.above, list);
  }

  #hideCommands() {
    delete this.above.dataset.pinned;
    fill(this.above);
  }

  #toggleCommands() {
    if (this.above.dataset.pinned) return this.#hideCommands();
    this.above.dataset.pinned = "1";
    this.#showCommands("");
    return this.above.querySelector("button")?.focus();
  }

  #attach(anchor) {
    openMenu(this.view.phone.screen, anchor, "Attach", [
      { icon: "image", text: "Photo", testid: "attach-photo", run: () => openPhotoSheet(this.view) },
      { icon: "pin", text: "Location", testid: "attach-location", run: () => this.#sendPlace() },
      { icon: "bot", text: `Ask @${this.view.store.bot.username}`, run: () => this.startInline("") },
    ]);
  }

  #sendPlace() {
    return this.view.do("location", { chat: this.view.chat, ...PLACE });
  }

  get #markup() {
    const markup = this.view.store.keyboards.get(`${this.view.user}:${this.view.chat}`);
    return markup?.keyboard?.length ? markup : null;
  }

  drawKeyboard() {
    const markup = this.#markup;
    this.#keysShown = Boolean(markup);
    this.input.placeholder = markup?.input_field_placeholder || "Message";
    this.#drawKeys();
  }

  #drawKeys() {
    const markup = this.#markup;
    this.keysButton.hidden = !markup;
    this.keysButton.classList.toggle("active", Boolean(markup) && this.#keysShown);
    fill(this.below, markup && this.#keysShown ? replyKeyboard(markup, (button) => this.#pressKey(markup, button)) : null);
  }

  #toggleKeys() {
    this.#keysShown = !this.#keysShown;
    this.#drawKeys();
  }

  async #pressKey(markup, button) {
    if (button.request_location) await this.#sendPlace();
    else await this.view.send(button.text);
    if (!markup.one_time_keyboard) return;
    this.#keysShown = false;
    this.#drawKeys();
  }

  refresh() {
    const { store, user, facts } = this.view;
    const withBot = isBotChat(facts, user);
    const blocked = withBot && blockedBot(store, user);
    const mute = facts.type === "channel" && !facts.admins.includes(user);
    this.menuButton.hidden = !withBot || !(store.bot.commands?.length);
    this.node.classList.toggle("closed", blocked || mute);
    if (blocked || mute) fill(this.bar, this.#closedBar(blocked));
    else if (this.field.parentNode !== this.bar) fill(this.bar, this.menuButton, this.clip, this.field, this.sendButton);
  }

  #closedBar(blocked) {
    if (!blocked) return el("p", { class: "closed-note" }, "Only admins write in this channel");
    return el("button", { class: "unblock", testid: "unblock", on: { click: () => this.view.do("unblock", {}) } }, "Unblock the bot");
  }
}
