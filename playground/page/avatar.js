// Round coloured faces with initials.

import { el } from "./dom.js";
import { icon } from "./icons.js";

function initials(name) {
  const words = name.trim().split(/\s+/).filter(Boolean);
  if (!words.length) return "?";
  const first = [...words[0]][0];
  const isHan = /\p{Script=Han}/u.test(first);
  const last = !isHan && words.length > 1 ? [...words.at(-1)].find((sign) => /[\p{L}\p{N}]/u.test(sign)) ?? "" : "";
  return (first + last).toUpperCase();
}

export function avatar(face, size = 40) {
  const content = face.icon ? icon(face.icon, Math.round(size * 0.58), 1.7) : initials(face.name);
  return el("span", {
    class: face.square ? "avatar avatar-square" : "avatar",
    "aria-hidden": "true",
    style: { "--face": face.color ?? "#8a8f98", "--size": `${size}px` },
  }, content);
}
