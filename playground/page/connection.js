// Keeps the page in step with the server, and comes back by itself when the line is cut.

import { read } from "./api.js";
import { loadViolations } from "./log.js";

const FIRST_WAIT = 400;
const LONGEST_WAIT = 4000;

export class Connection {
  #source = null;
  #wait = FIRST_WAIT;
  #timer = 0;

  constructor(store, tell) {
    this.store = store;
    this.tell = tell;
    store.on("reload", () => this.reload());
  }

  async begin() {
    try {
      const world = await read("/world/state");
      await loadViolations(this.store);
      this.store.load(world);
      this.listen();
    } catch {
      this.#lost(() => this.begin());
    }
  }

  reload() {
    this.#source?.close();
    return this.begin();
  }

  listen() {
    this.#source?.close();
    const source = new EventSource(`/world/events?after=${this.store.seq}`);
    this.#source = source;
    source.onopen = () => {
      this.#wait = FIRST_WAIT;
      this.tell(true);
    };
    source.onmessage = (event) => this.store.apply(JSON.parse(event.data));
    source.onerror = () => {
      source.close();
      if (this.#source === source) this.#lost(() => this.listen());
    };
  }

  #lost(again) {
    this.tell(false);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(again, this.#wait);
    this.#wait = Math.min(LONGEST_WAIT, this.#wait * 1.6);
  }
}
