// The drawer with the bot's calls and what a correct client would never have sent.

import { read } from "./api.js";
import { el, fill, onFrame } from "./dom.js";
import { icon } from "./icons.js";
import { preciseTimeOf } from "./time.js";

const SHOWN = 250;
const EARLIER = 400;

export class LogDrawer {
  #tab = "calls";
  #rows = new Map();
  #loaded = false;

  constructor(store) {
    this.store = store;
    this.filter = el("input", { class: "log-filter", type: "search", placeholder: "Filter by method or chat", "aria-label": "Filter the log" });
    this.list = el("div", { class: "log-list", role: "log" });
    this.polls = el("input", { type: "checkbox", testid: "log-polls" });
    this.polls.addEventListener("change", () => this.#again());
    this.callsTab = this.#tabButton("calls", "Calls");
    this.violationsTab = this.#tabButton("violations", "Violations");
    this.node = el("aside", { class: "log", testid: "log", "aria-label": "Bot API log", hidden: true },
      el("header", { class: "log-head" }, el("div", { class: "log-tabs", role: "tablist" }, this.callsTab, this.violationsTab),
        el("button", { class: "icon-button", "aria-label": "Close the log", on: { click: () => this.close() } }, icon("close", 18))),
      el("div", { class: "log-tools" }, this.filter, el("label", { class: "log-polls", title: "Show getUpdates too" }, this.polls, "polls")), this.list);
    this.update = onFrame(() => this.render());
    this.filter.addEventListener("input", () => this.#again());
    this.node.addEventListener("keydown", (event) => event.key === "Escape" && this.close());
    store.on("call", this.update);
    store.on("violation", this.update);
    store.on("loaded", () => this.#again());
  }

  #tabButton(name, label) {
    return el("button", { class: "log-tab", role: "tab", testid: `log-${name}`, "aria-selected": String(name === this.#tab), on: { click: () => this.#choose(name) } }, label, el("span", { class: "badge", hidden: true }));
  }

  #choose(name) {
    this.#tab = name;
    this.callsTab.setAttribute("aria-selected", String(name === "calls"));
    this.violationsTab.setAttribute("aria-selected", String(name === "violations"));
    this.#again();
  }

  #again() {
    this.#rows.clear();
    fill(this.list);
    this.render();
  }

  toggle() {
    this.node.hidden = !this.node.hidden;
    if (!this.node.hidden) this.#begin();
    return !this.node.hidden;
  }

  #begin() {
    this.render();
    if (!this.#loaded) loadCalls(this.store).catch(() => { this.#loaded = false; });
    this.#loaded = true;
  }

  close() {
    this.node.hidden = true;
    this.onClose?.();
  }

  render() {
    if (this.node.hidden) return;
    const badge = this.violationsTab.querySelector(".badge");
    badge.hidden = this.store.violations.length === 0;
    badge.textContent = String(this.store.violations.length);
    badge.classList.add("bad");
    const items = this.#items();
    const kept = new Map();
    items.forEach((item, at) => {
      const row = this.#rows.get(item) ?? (this.#tab === "calls" ? callRow(item) : violationRow(item));
      kept.set(item, row);
      if (this.list.children[at] !== row) this.list.insertBefore(row, this.list.children[at] ?? null);
    });
    while (this.list.children.length > items.length) this.list.lastChild.remove();
    this.#rows = kept;
    if (!items.length) fill(this.list, el("p", { class: "panel-note" }, this.#tab === "calls" ? "No calls yet." : "No violations. Every request was one a correct bot makes."));
  }

  #items() {
    const word = this.filter.value.trim().toLowerCase();
    const all = this.#tab === "calls" ? this.store.calls : this.store.violations;
    const hidden = (item) => this.#tab === "calls" && item.method === "getUpdates" && item.ok && !this.polls.checked;
    const fits = (item) => !hidden(item) && (!word || `${item.method} ${item.chat ?? ""} ${item.error ?? ""}`.toLowerCase().includes(word));
    return all.filter(fits).slice(-SHOWN).reverse();
  }
}

const pretty = (params) => (typeof params === "string" ? params : JSON.stringify(params ?? {}, null, 2));

function details(head, params) {
  const body = el("pre", { class: "log-params" });
  const node = el("details", { class: "log-row" }, head, body);
  node.addEventListener("toggle", () => { body.textContent = node.open ? pretty(params) : ""; });
  return node;
}

function callRow(call) {
  return details(el("summary", {},
    el("span", { class: `log-dot${call.ok ? "" : " bad"}`, role: "img", "aria-label": call.ok ? "ok" : "failed" }),
    el("span", { class: "log-method" }, call.method),
    el("span", { class: "log-chat" }, call.chat ?? ""),
    el("span", { class: "log-ms" }, `${Math.round(call.ms ?? 0)} ms`),
    el("span", { class: "log-at" }, preciseTimeOf(call.at)),
    call.error ? el("span", { class: "log-error" }, String(call.error)) : null), call.params);
}

function violationRow(item) {
  return details(el("summary", {},
    el("span", { class: "log-dot bad", role: "img", "aria-label": "violation" }),
    el("span", { class: "log-method" }, item.method),
    el("span", { class: "log-error" }, item.error ?? "")), item.params);
}

export async function loadViolations(store) {
  store.violations = (await read("/world/violations")).violations;
}

async function loadCalls(store) {
  const known = store.calls[0]?.n ?? 0;
  const { calls } = await read(`/world/calls?after=${Math.max(0, known - EARLIER)}`);
  const newest = calls.at(-1)?.n ?? 0;
  store.calls = [...calls.slice(-EARLIER), ...store.calls.filter((call) => call.n > newest)];
  store.emit("call");
}
