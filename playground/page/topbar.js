// The bar above the phones: the turnable clock, the switches, the buttons of the table.

import { control } from "./api.js";
import { el } from "./dom.js";
import { hintsShown, showHints } from "./hints.js";
import { icon } from "./icons.js";
import { openMenu } from "./sheet.js";
import { currentTheme, toggleTheme } from "./theme.js";
import { fullMoment, offsetWords, preciseTimeOf, topDate } from "./time.js";
import { fullName } from "./views.js";

export class TopBar {
  constructor(store, stage, log) {
    this.store = store;
    this.stage = stage;
    this.log = log;
    this.node = el("header", { class: "topbar" }, this.#mark(), this.#clock(), this.#switches(), this.#tools());
    store.on("switch", () => this.drawSwitches());
    store.on("loaded", () => this.drawSwitches());
    store.on("clock", () => this.#turned());
    for (const topic of ["call", "violation", "loaded"]) store.on(topic, () => this.drawViolations());
    stage.hintsToggled = () => this.#drawHintsButton();
    this.drawSwitches();
    this.drawViolations();
    this.#drawHintsButton();
    this.tick();
  }

  #mark() {
    return el("div", { class: "mark" }, el("span", { class: "mark-drop", "aria-hidden": "true" }), el("h1", {}, "Playground"));
  }

  #clock() {
    this.time = el("span", { class: "clock-time" });
    this.date = el("span", { class: "clock-date" });
    this.offset = el("span", { class: "clock-offset" });
    const turn = (seconds, label) => el("button", { class: "turn", testid: `advance-${seconds}`, "aria-label": `Turn the clock ${label} forward`, on: { click: () => control({ set: "clock", advance: seconds }) } }, label);
    return el("div", { class: "clock-room" },
      el("div", { class: "clock", testid: "clock", role: "timer", "aria-label": "The playground's clock" }, icon("clock", 18), this.time, this.date, this.offset),
      el("div", { class: "turns", role: "group", "aria-label": "Turn the clock" }, turn(600, "+10 min"), turn(3600, "+1 h"), turn(86400, "+1 day")));
  }

  #switches() {
    const make = (name, sign, label, about) => el("button", { class: "switch", role: "switch", testid: name, title: about, "aria-label": label, on: { click: () => control({ set: name, on: !this.store[name] }) } }, icon(sign, 16, 2), el("span", {}, label), el("span", { class: "knob", "aria-hidden": "true" }));
    this.storm = make("storm", "storm", "429 storm", "Every send is answered with “too many requests”");
    this.offline = make("offline", "cloud", "Telegram offline", "The bot's calls are dropped without an answer");
    return el("div", { class: "switches" }, this.storm, this.offline);
  }

  #tools() {
    const tool = (sign, label, testid, run) => el("button", { class: "tool", testid, "aria-label": label, title: label, on: { click: run } }, icon(sign, 20));
    this.hintsButton = tool("bulb", "What to try first", "hints-toggle", () => showHints(this.stage, !hintsShown(this.stage)));
    this.themeButton = tool(currentTheme() === "dark" ? "sun" : "moon", "Dark or light", "theme", () => this.#theme());
    this.badge = el("span", { class: "badge bad", testid: "violations", hidden: true });
    this.logButton = el("button", { class: "tool wide", testid: "log-toggle", "aria-expanded": "false", "aria-label": "Bot API log", on: { click: () => this.logButton.setAttribute("aria-expanded", String(this.log.toggle())) } }, icon("log", 20), el("span", { class: "tool-text" }, "Log"), this.badge);
    this.log.onClose = () => this.logButton.setAttribute("aria-expanded", "false");
    return el("div", { class: "tools" }, this.hintsButton, tool("phone", "Add a phone", "add-phone", (event) => this.#addPhone(event.currentTarget)), this.themeButton, this.logButton);
  }

  #theme() {
    const next = toggleTheme();
    this.themeButton.replaceChildren(icon(next === "dark" ? "sun" : "moon", 20));
  }

  #addPhone(anchor) {
    const free = this.stage.peopleWithoutPhone();
    const items = free.map((person) => ({ icon: "phone", text: fullName(person), testid: `add-phone-${person.id}`, run: () => this.stage.add(person.id) }));
    openMenu(this.stage.root, anchor, "Whose phone", items.length ? items : [{ text: "Everybody has a phone already", run: () => {} }]);
  }

  #drawHintsButton() {
    this.hintsButton.hidden = this.store.hints.length === 0;
    this.hintsButton.setAttribute("aria-pressed", String(hintsShown(this.stage)));
  }

  drawSwitches() {
    this.storm.setAttribute("aria-checked", String(this.store.storm));
    this.offline.setAttribute("aria-checked", String(this.store.offline));
    this.#drawHintsButton();
  }

  drawViolations() {
    const count = this.store.violations.length;
    this.badge.hidden = count === 0;
    this.badge.textContent = String(count);
    this.badge.setAttribute("aria-label", `${count} violations`);
  }

  #turned() {
    this.tick();
    this.time.parentNode.classList.remove("turned");
    requestAnimationFrame(() => this.time.parentNode.classList.add("turned"));
  }

  tick() {
    const now = this.store.time();
    this.time.textContent = preciseTimeOf(now);
    this.date.textContent = topDate(now);
    this.offset.textContent = offsetWords(this.store.clockOffset);
    this.time.parentNode.title = fullMoment(now);
  }
}
