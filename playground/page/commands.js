// The list of the bot's commands above the composer.

import { el } from "./dom.js";

export function commandList(commands, start, choose) {
  const fitting = commands.filter((one) => one.command.startsWith(start));
  if (!fitting.length) return null;
  return el("div", { class: "panel commands", role: "menu", "aria-label": "Commands", testid: "command-list" }, fitting.map((one) =>
    el("button", { class: "command", role: "menuitem", on: { click: () => choose(one.command) } },
      el("span", { class: "command-name" }, `/${one.command}`), el("span", { class: "command-about" }, one.description))));
}
