// The sheet that sends photos: from the device, or four drawn ones.

import { el, fill } from "./dom.js";
import { icon } from "./icons.js";
import { DRAWINGS, draw } from "./drawings.js";
import { openOver, sheetHead } from "./sheet.js";

const LONGEST = 1600;

async function shrink(file) {
  const bitmap = await createImageBitmap(file);
  const scale = Math.min(1, LONGEST / Math.max(bitmap.width, bitmap.height));
  const canvas = el("canvas");
  canvas.width = Math.round(bitmap.width * scale);
  canvas.height = Math.round(bitmap.height * scale);
  canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  return canvas.toDataURL("image/png");
}

export function openPhotoSheet(view) {
  const chosen = new Set();
  const pictures = DRAWINGS.map((one) => ({ label: one.label, data: draw(one) }));
  const grid = el("div", { class: "photo-grid" });
  const caption = el("input", { class: "caption", placeholder: "Add a caption", "aria-label": "Caption", testid: "caption", max: 1024 });
  const file = el("input", { type: "file", accept: "image/png,image/jpeg", multiple: true, hidden: true, testid: "photo-file" });
  const sendButton = el("button", { class: "pay-key", testid: "photo-send", disabled: true }, "Send");
  const tile = (picture) => {
    const node = el("button", { class: "photo-tile", "aria-pressed": "false", "aria-label": picture.label, testid: `drawing-${pictures.indexOf(picture)}` }, el("img", { alt: "", src: picture.data }), el("span", { class: "tile-tick" }));
    node.addEventListener("click", () => toggle(picture, node));
    return node;
  };
  const toggle = (picture, node) => {
    if (!chosen.delete(picture) && chosen.size < 10) chosen.add(picture);
    node.setAttribute("aria-pressed", String(chosen.has(picture)));
    number();
  };
  const number = () => {
    const order = [...chosen];
    [...grid.querySelectorAll(".photo-tile")].forEach((node, at) => {
      const place = order.indexOf(pictures[at]);
      node.querySelector(".tile-tick").textContent = place >= 0 ? String(place + 1) : "";
    });
    sendButton.disabled = chosen.size === 0;
    sendButton.textContent = chosen.size > 1 ? `Send ${chosen.size} photos` : "Send";
  };
  const redraw = () => {
    fill(grid, pictures.map(tile), el("button", { class: "photo-add", on: { click: () => file.click() } }, icon("plus", 24), el("span", {}, "From device")));
    [...grid.querySelectorAll(".photo-tile")].forEach((node, at) => node.setAttribute("aria-pressed", String(chosen.has(pictures[at]))));
    number();
  };
  file.addEventListener("change", async () => {
    for (const one of file.files) {
      try {
        const picture = { label: one.name, data: await shrink(one) };
        pictures.push(picture);
        chosen.add(picture);
      } catch {
        view.phone.toast(`${one.name} is not a picture this browser can read.`, "bad");
      }
    }
    redraw();
  });
  redraw();
  openOver(view.phone.screen, {
    label: "Send photos",
    testid: "photosheet",
    content: (close) => {
      const send = () => {
        if (!chosen.size) return;
        close();
        sendPhotos(view, [...chosen].map((picture) => picture.data), caption.value.trim());
      };
      sendButton.addEventListener("click", send);
      caption.addEventListener("keydown", (event) => event.key === "Enter" && !event.isComposing && send());
      return [sheetHead("Send photos", close), grid, file, caption, sendButton];
    },
  });
}

function sendPhotos(view, pictures, caption) {
  const told = caption ? { caption } : {};
  if (pictures.length === 1) return view.do("photo", { chat: view.chat, data: pictures[0], ...told });
  return view.do("photos", { chat: view.chat, data: pictures, ...told });
}
