// Puts the page together.

import { Connection } from "./connection.js";
import { el, fill } from "./dom.js";
import { LogDrawer } from "./log.js";
import { Stage } from "./stage.js";
import { Store } from "./state.js";
import { applyTheme } from "./theme.js";
import { TopBar } from "./topbar.js";

applyTheme();

const root = document.getElementById("app");
const store = new Store();
const lost = el("p", { class: "lost", role: "alert", testid: "lost", hidden: true }, "The playground is not answering. Trying again …");
document.body.append(lost);

let stage = null;
let bar = null;

function build() {
  if (stage) return stage.lay();
  const log = new LogDrawer(store);
  stage = new Stage(store, root);
  bar = new TopBar(store, stage, log);
  fill(root, bar.node, el("div", { class: "below-bar" }, stage.node, log.node));
  return setInterval(tick, 1000);
}

function tick() {
  bar.tick();
  stage.tick();
}

store.on("loaded", build);
store.on("clock", () => stage && tick());
new Connection(store, (up) => { lost.hidden = up; }).begin();
