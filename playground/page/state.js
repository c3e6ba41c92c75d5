// The page's copy of the world: loaded from a snapshot, kept fresh by events.

const pair = (user, chat) => `${user}:${chat}`;
const INLINE_KEPT = 40;
const PRESSES_KEPT = 200;
const TYPING_MS = 5500;

export class Store {
  #listeners = new Map();
  seq = 0;
  now = 0;
  nowTakenAt = performance.now();
  clockOffset = 0;
  storm = false;
  offline = false;
  bot = { id: 0, username: "", first_name: "Bot", commands: [] };
  users = new Map();
  chats = new Map();
  messages = new Map();
  read = new Map();
  keyboards = new Map();
  pressed = new Map();
  #finished = new Set();
  inline = new Map();
  typing = new Map();
  calls = [];
  violations = [];
  phones = [];
  hints = [];

  on(topic, run) {
    if (!this.#listeners.has(topic)) this.#listeners.set(topic, new Set());
    this.#listeners.get(topic).add(run);
    return () => this.#listeners.get(topic)?.delete(run);
  }

  emit(topic, detail) {
    for (const run of [...(this.#listeners.get(topic) ?? [])]) run(detail);
  }

  load(world) {
    this.seq = world.seq;
    this.setClock(world.now, world.clock_offset);
    this.storm = world.storm;
    this.offline = world.offline;
    this.bot = world.bot;
    this.users = new Map(world.users.map((user) => [user.id, user]));
    this.chats = new Map(world.chats.map((chat) => [chat.id, chat]));
    this.messages = new Map();
    for (const message of world.messages) this.#put(message);
    this.read = new Map(Object.entries(world.read ?? {}));
    this.keyboards = new Map(Object.entries(world.reply_keyboards ?? {}));
    this.pressed = new Map((world.pending_callbacks ?? []).map((press) => [press.id, press]));
    this.phones = world.phones ?? [];
    this.hints = world.hints ?? [];
    this.emit("loaded");
  }

  setClock(now, offset) {
    this.now = now;
    this.nowTakenAt = performance.now();
    this.clockOffset = offset ?? this.clockOffset;
  }

  time() {
    return this.now + (performance.now() - this.nowTakenAt) / 1000;
  }

  apply(event) {
    if (event.seq) this.seq = Math.max(this.seq, event.seq);
    this[`_${event.type}`]?.(event);
  }

  #put(message) {
    if (!this.messages.has(message.chat)) this.messages.set(message.chat, []);
    const list = this.messages.get(message.chat);
    let at = list.length;
    while (at > 0 && list[at - 1].id > message.id) at -= 1;
    if (at > 0 && list[at - 1].id === message.id) list[at - 1] = message;
    else list.splice(at, 0, message);
  }

  #changed(chat) {
    this.emit("chats");
    this.emit(`chat:${chat}`);
  }

  _message({ message }) {
    if (message.from?.is_bot) this.typing.delete(message.chat);
    this.#put(message);
    this.#changed(message.chat);
  }

  _deleted({ chat, id }) {
    const list = this.messages.get(chat) ?? [];
    this.messages.set(chat, list.filter((message) => message.id !== id));
    this.#changed(chat);
  }

  _callback(event) {
    if (event.state === "waiting") this.pressed.set(event.id, { ...this.pressed.get(event.id), ...event });
    else this.#finish(event.id);
    this.emit("callback", event);
  }

  #finish(id) {
    this.pressed.delete(id);
    this.#finished.add(id);
    if (this.#finished.size > PRESSES_KEPT) this.#finished.delete(this.#finished.values().next().value);
  }

  // The answer to a press may overtake the answer to the request that made it.
  notePress(id, press) {
    if (!this.#finished.has(id)) this.pressed.set(id, { ...this.pressed.get(id), ...press, id });
  }

  _typing({ chat }) {
    clearTimeout(this.typing.get(chat));
    this.typing.set(chat, setTimeout(() => this.#stopTyping(chat), TYPING_MS));
    this.emit("chats");
    this.emit(`typing:${chat}`);
  }

  #stopTyping(chat) {
    this.typing.delete(chat);
    this.emit("chats");
    this.emit(`typing:${chat}`);
  }

  _read({ user, chat, id }) {
    const key = pair(user, chat);
    if (id <= (this.read.get(key) ?? 0)) return;
    this.read.set(key, id);
    this.#changed(chat);
  }

  _chat({ chat }) {
    this.chats.set(chat.id, chat);
    this.#changed(chat.id);
  }

  _user({ user }) {
    this.users.set(user.id, user);
    this.emit("users");
    this.#changed(user.id);
  }

  _keyboard({ user, chat, markup }) {
    this.keyboards.set(pair(user, chat), markup);
    this.emit(`keyboard:${pair(user, chat)}`);
  }

  _inline(event) {
    this.inline.set(event.query_id, event);
    if (this.inline.size > INLINE_KEPT) this.inline.delete(this.inline.keys().next().value);
    this.emit("inline", event);
  }

  _precheckout(event) {
    this.emit("precheckout", event);
  }

  _paid(event) {
    this.emit("paid", event);
  }

  _clock({ now, offset }) {
    this.setClock(now, offset);
    this.emit("clock");
    this.emit("chats");
  }

  _switch({ storm, offline }) {
    this.storm = storm ?? this.storm;
    this.offline = offline ?? this.offline;
    this.emit("switch");
  }

  _call(event) {
    this.calls.push(event.call ?? event);
    if (this.calls.length > 600) this.calls.splice(0, 100);
    this.emit("call");
  }

  _violation(event) {
    this.violations.push(event.violation ?? event);
    this.emit("violation");
  }

  _bot({ bot }) {
    this.bot = bot;
    this.emit("bot");
    this.emit("chats");
  }

  _reload() {
    this.emit("reload");
  }
}
