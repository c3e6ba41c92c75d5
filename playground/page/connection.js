// Keeps the page in step with the server, and comes back by itself when the line is cut.

import { read } from "./api.js";
import { loadViolations } from "./log.js";

const FIRST_WAIT = 400;
const LONGEST_WAIT = 4000;

export class Connection {
  #source = null;
  #wait = FIRST_WAIT;
  #timer = 0;
  #turn = 0;

  constructor(store, tell) {
    this.store = store;
    this.tell = tell;
    store.on("reload", () => this.begin());
  }

  async begin() {
    this.#source?.close();
    const turn = (this.#turn += 1);
    try {
      const world = await read("/world/state");
      await loadViolations(this.store);
      if (turn !== this.#turn) return;
      this.store.load(world);
      this.listen();
    } catch {
      if (turn === this.#turn) this.#lost(() => this.begin());
    }
  }

  listen() {
    this.#source?.close();
    clearTimeout(this.#timer);
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
