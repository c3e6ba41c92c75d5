// Shows photos large over one phone's screen.

import { el } from "./dom.js";
import { icon } from "./icons.js";
import { openOver } from "./sheet.js";

export function showPhotos(screen, sources, start) {
  let at = start;
  const image = el("img", { class: "lightbox-image", alt: "Photo" });
  const count = el("span", { class: "lightbox-count" });
  const show = (next) => {
    at = (next + sources.length) % sources.length;
    image.src = sources[at];
    count.textContent = sources.length > 1 ? `${at + 1} of ${sources.length}` : "";
  };
  const turn = (label, name, by) => el("button", { class: `lightbox-turn ${name}`, "aria-label": label, on: { click: () => show(at + by) } }, icon("back", 26, 2));
  const over = openOver(screen, {
    kind: "lightbox",
    label: "Photo",
    testid: "lightbox",
    content: (close) => [
      el("div", { class: "lightbox-head" }, count, el("button", { class: "icon-button", "aria-label": "Close", on: { click: () => close() } }, icon("close", 22))),
      el("div", { class: "lightbox-room", on: { click: (event) => event.target === event.currentTarget && close() } }, image),
      sources.length > 1 ? [turn("Photo before", "to-left", -1), turn("Next photo", "to-right", 1)] : null,
    ],
  });
  over.box.addEventListener("keydown", (event) => {
    if (event.key === "ArrowLeft") show(at - 1);
    if (event.key === "ArrowRight") show(at + 1);
  });
  show(start);
}
