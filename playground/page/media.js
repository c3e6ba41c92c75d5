// Draws photos and albums with their room reserved, so nothing jumps while an image loads.

import { photoUrl } from "./api.js";
import { el } from "./dom.js";

const seenShapes = new Map();
let lastShape = 4 / 3;
const TALL = 0.75;
const WIDE = 2;

// Pictures come from this server alone: a photo's id, or an address that leads here.
export function pictureSource(given) {
  if (!given) return null;
  if (/^[\w-]+$/.test(given)) return photoUrl(given);
  try {
    const address = new URL(given, location.href);
    return address.origin === location.origin || address.pathname.startsWith("/world/photo/") ? address.pathname : null;
  } catch {
    return null;
  }
}

const clampShape = (shape) => Math.min(WIDE, Math.max(TALL, shape));

export function photoFrame(source, label, open, before = null, size = null) {
  const told = size?.[1] ? size[0] / size[1] : undefined;
  const shape = told ?? seenShapes.get(source) ?? before?.shape ?? lastShape;
  const image = el("img", { alt: "", decoding: "async", draggable: false });
  const frame = el("button", { class: "photo", "aria-label": label, style: { "--shape": String(clampShape(shape)) }, on: { click: open } });
  if (before && before.source !== source) frame.append(el("img", { class: "under", alt: "", src: before.source }));
  frame.append(image);
  frame.dataset.source = source;
  image.addEventListener("load", () => {
    const real = image.naturalWidth / image.naturalHeight || shape;
    seenShapes.set(source, real);
    lastShape = real;
    frame.style.setProperty("--shape", String(clampShape(real)));
    frame.classList.add("loaded");
    frame.querySelector(".under")?.remove();
  });
  image.addEventListener("error", () => frame.classList.add("broken"));
  image.src = source;
  if (image.complete && image.naturalWidth) frame.classList.add("loaded", "at-once");
  return frame;
}

export function photoBefore(node) {
  const frame = node?.querySelector(".photo");
  if (!frame) return null;
  return { source: frame.dataset.source, shape: Number(frame.style.getPropertyValue("--shape")) || 4 / 3 };
}

export function single(message, show, before) {
  const source = photoUrl(message.photo);
  return photoFrame(source, "Open the photo", () => show([source], 0), before, message.photo_size);
}

export function album(messages, show) {
  const sources = messages.map((message) => photoUrl(message.photo));
  const count = Math.min(messages.length, 10);
  const tiles = sources.map((source, at) => {
    const tile = photoFrame(source, `Open photo ${at + 1} of ${sources.length}`, () => show(sources, at));
    if (at > 0) tile.dataset.testid = `msg-${messages[at].chat}-${messages[at].id}`;
    return tile;
  });
  return el("div", { class: "album", data: { count: String(count) } }, tiles);
}
