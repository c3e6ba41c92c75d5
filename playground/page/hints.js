// The card that says what to try first.

import { el, fill } from "./dom.js";
import { icon } from "./icons.js";

const DONE = "playground.hints.done";
const CLOSED = "playground.hints.closed";

const kept = (key) => new Set(JSON.parse(localStorage.getItem(key) ?? "[]"));

export function hintsShown(stage) {
  return stage.hints.classList.contains("shown");
}

export function showHints(stage, on) {
  stage.hints.classList.toggle("shown", on);
  if (!stage.narrow.matches) localStorage.setItem(CLOSED, on ? "" : "1");
  stage.hintsToggled?.(on);
}

export function drawHints(stage) {
  const { hints } = stage.store;
  const done = kept(DONE);
  const item = (text, at) => {
    const tick = el("input", { type: "checkbox", checked: done.has(text), "aria-label": `Tried: ${text}` });
    tick.addEventListener("change", () => {
      if (tick.checked) done.add(text);
      else done.delete(text);
      localStorage.setItem(DONE, JSON.stringify([...done]));
    });
    return el("li", {}, el("label", { class: "hint" }, tick, el("span", { class: "hint-number", "aria-hidden": "true" }, String(at + 1)), el("span", { class: "hint-text" }, text)));
  };
  fill(stage.hints, hints.length ? el("aside", { class: "hints", testid: "hints", "aria-label": "What to try first" },
    el("header", {}, icon("bulb", 20), el("h2", {}, "What to try first"), el("button", { class: "icon-button small", "aria-label": "Close the hints", on: { click: () => showHints(stage, false) } }, icon("close", 16, 2))),
    el("ol", {}, hints.map(item))) : null);
  stage.hints.classList.toggle("shown", hints.length > 0 && !stage.narrow.matches && !localStorage.getItem(CLOSED));
}
