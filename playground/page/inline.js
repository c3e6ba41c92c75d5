// Inline mode: "@bot query" in the composer shows the bot's results above it.

import { act } from "./api.js";
import { avatar } from "./avatar.js";
import { debounce, el, fill } from "./dom.js";
import { spinner } from "./icons.js";
import { pictureSource } from "./media.js";

const GIVE_UP_MS = 12000;

export class InlinePanel {
  #query = null;
  #waitingFor = null;
  #offset = "";
  #timer = 0;

  constructor(view, input) {
    this.view = view;
    this.input = input;
    this.node = el("div", { class: "panel inline", testid: "inline-results", role: "listbox", "aria-label": "Results", hidden: true });
    this.node.addEventListener("scroll", () => this.#nearEnd(), { passive: true });
    this.off = view.store.on("inline", (event) => this.#came(event));
    this.ask = debounce(() => this.#ask(""), 220);
  }

  destroy() {
    this.off();
    this.ask.cancel();
    clearTimeout(this.#timer);
  }

  get shown() {
    return !this.node.hidden;
  }

  #parse(text) {
    const { username } = this.view.store.bot;
    const start = `@${username} `.toLowerCase();
    return username && text.toLowerCase().startsWith(start) ? text.slice(start.length) : null;
  }

  holds(text) {
    return this.#parse(text) !== null || this.#parse(`${text} `) === "";
  }

  typed(text) {
    const query = this.#parse(text);
    if (query === this.#query) return;
    this.#query = query;
    this.#waitingFor = null;
    if (query === null) {
      this.ask.cancel();
      this.node.hidden = true;
      return;
    }
    if (this.node.hidden) this.#note("Looking …", true);
    this.node.hidden = false;
    this.node.classList.add("loading");
    this.ask();
  }

  async #ask(offset) {
    const query = this.#query;
    const answer = await act(this.view.user, "inline", { query, offset, chat: this.view.chat });
    if (query !== this.#query || query === null) return;
    if (!answer.ok) return void this.#note(answer.error ?? "No results");
    this.#waitingFor = answer.result.query_id;
    this.#offset = offset;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#silence(answer.result.query_id), GIVE_UP_MS);
    const already = this.view.store.inline.get(answer.result.query_id);
    if (already) this.#came(already);
  }

  #silence(queryId) {
    if (this.#waitingFor === queryId) this.#note("The bot did not answer. Type again to retry.");
  }

  #came(event) {
    if (event.query_id !== this.#waitingFor || this.#query === null) return;
    this.#waitingFor = null;
    this.node.classList.remove("loading");
    this.nextOffset = event.next_offset;
    const rows = event.results.map((result) => this.#row(event.query_id, result));
    if (this.#offset) return void this.node.append(...rows);
    this.node.scrollTop = 0;
    fill(this.node, this.#button(event.button), rows.length ? rows : el("p", { class: "panel-note" }, "No results"));
  }

  #nearEnd() {
    const { scrollTop, scrollHeight, clientHeight } = this.node;
    if (!this.nextOffset || this.#waitingFor || scrollHeight - scrollTop - clientHeight > 80) return;
    const offset = this.nextOffset;
    this.nextOffset = "";
    this.#ask(offset);
  }

  #note(text, busy = false) {
    this.node.classList.toggle("loading", busy);
    fill(this.node, el("p", { class: "panel-note" }, busy ? spinner(16) : null, text));
  }

  #button(button) {
    if (!button) return null;
    const go = () => {
      this.view.composer.setText("");
      this.view.phone.openChat(this.view.user);
      act(this.view.user, "start", { payload: button.start_parameter });
    };
    return el("button", { class: "inline-button", on: { click: go } }, button.text);
  }

  #row(queryId, result) {
    const about = result.description ?? result.caption ?? result.message?.text ?? result.message?.caption ?? "";
    const title = result.title ?? (result.type === "photo" ? "Photo" : "Result");
    return el("button", { class: "result", role: "option", testid: `result-${result.id}`, on: { click: () => this.#choose(queryId, result.id) } },
      thumbnail(result, title),
      el("span", { class: "result-text" }, el("span", { class: "result-title" }, title), el("span", { class: "result-about" }, about)));
  }

  async #choose(queryId, resultId) {
    this.view.composer.setText("");
    await this.view.do("choose", { query_id: queryId, result_id: resultId, chat: this.view.chat });
    this.view.composer.focus();
  }
}

function thumbnail(result, title) {
  const source = pictureSource(result.photo ?? result.thumbnail_url);
  if (!source) return avatar({ name: title, color: "var(--accent)", square: true }, 48);
  return el("img", { class: "result-thumb", alt: "", src: source });
}
