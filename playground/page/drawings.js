// Four pictures drawn on a canvas, so that a photo can be sent without having one.

import { el } from "./dom.js";

const WIDTH = 640;
const HEIGHT = 480;

function ground(pen, top, bottom) {
  const fade = pen.createLinearGradient(0, 0, 0, HEIGHT);
  fade.addColorStop(0, top);
  fade.addColorStop(1, bottom);
  pen.fillStyle = fade;
  pen.fillRect(0, 0, WIDTH, HEIGHT);
}

function disc(pen, x, y, r, color) {
  pen.fillStyle = color;
  pen.beginPath();
  pen.arc(x, y, r, 0, 7);
  pen.fill();
}

function shape(pen, color, points) {
  pen.fillStyle = color;
  pen.beginPath();
  points.forEach(([x, y], at) => (at ? pen.lineTo(x, y) : pen.moveTo(x, y)));
  pen.closePath();
  pen.fill();
}

function rounded(pen, color, x, y, w, h, r) {
  pen.fillStyle = color;
  pen.beginPath();
  pen.roundRect(x, y, w, h, r);
  pen.fill();
}

function tea(pen) {
  ground(pen, "#f6e7cf", "#e8c79a");
  rounded(pen, "#9c6a3f", 0, 360, WIDTH, 120, 0);
  pen.fillStyle = "rgba(60,30,10,.18)";
  pen.beginPath();
  pen.ellipse(320, 388, 190, 22, 0, 0, 7);
  pen.fill();
  pen.lineWidth = 26;
  pen.strokeStyle = "#2f7d6d";
  pen.beginPath();
  pen.arc(462, 290, 50, -1.3, 1.3);
  pen.stroke();
  rounded(pen, "#2f7d6d", 190, 220, 270, 165, [18, 18, 90, 90]);
  pen.fillStyle = "#24665a";
  pen.beginPath();
  pen.ellipse(325, 222, 135, 26, 0, 0, 7);
  pen.fill();
  pen.fillStyle = "#b5662c";
  pen.beginPath();
  pen.ellipse(325, 226, 116, 19, 0, 0, 7);
  pen.fill();
  pen.lineWidth = 9;
  pen.lineCap = "round";
  pen.strokeStyle = "rgba(255,255,255,.75)";
  for (const x of [270, 325, 380]) {
    pen.beginPath();
    pen.moveTo(x, 180);
    pen.bezierCurveTo(x - 28, 145, x + 28, 115, x, 75);
    pen.stroke();
  }
}

function hills(pen) {
  ground(pen, "#7fb6d9", "#fbe3c4");
  disc(pen, 470, 150, 58, "#fff3cf");
  shape(pen, "#6f93a8", [[0, 330], [150, 160], [270, 300], [390, 190], [640, 340], [640, 480], [0, 480]]);
  shape(pen, "#4f7f73", [[0, 380], [180, 290], [330, 390], [500, 300], [640, 380], [640, 480], [0, 480]]);
  shape(pen, "#35604f", [[0, 440], [240, 380], [640, 450], [640, 480], [0, 480]]);
}

function fruit(pen) {
  ground(pen, "#fdf0e6", "#f7cdb4");
  rounded(pen, "#c9814f", 0, 370, WIDTH, 110, 0);
  for (const [x, y, r, color] of [[230, 310, 78, "#e4572e"], [400, 315, 74, "#f2a541"], [318, 220, 72, "#d43d51"]]) {
    disc(pen, x, y, r, color);
    pen.fillStyle = "rgba(255,255,255,.35)";
    pen.beginPath();
    pen.ellipse(x - r * 0.35, y - r * 0.4, r * 0.2, r * 0.32, 0.7, 0, 7);
    pen.fill();
    pen.strokeStyle = "#5a3a22";
    pen.lineWidth = 7;
    pen.beginPath();
    pen.moveTo(x, y - r + 6);
    pen.quadraticCurveTo(x + 6, y - r - 16, x + 20, y - r - 26);
    pen.stroke();
  }
}

function lamp(pen) {
  ground(pen, "#262b45", "#4a3f63");
  for (let at = 0; at < 40; at += 1) disc(pen, (at * 97) % WIDTH, (at * 53) % 230, 1 + (at % 3), "rgba(255,255,255,.55)");
  rounded(pen, "#6b4a3a", 0, 400, WIDTH, 80, 0);
  const glow = pen.createRadialGradient(320, 240, 20, 320, 240, 230);
  glow.addColorStop(0, "rgba(255,208,120,.9)");
  glow.addColorStop(1, "rgba(255,208,120,0)");
  pen.fillStyle = glow;
  pen.fillRect(0, 0, WIDTH, HEIGHT);
  rounded(pen, "#3a2a26", 306, 260, 28, 140, 6);
  rounded(pen, "#3a2a26", 250, 385, 140, 20, 10);
  shape(pen, "#ffcf77", [[255, 140], [385, 140], [430, 270], [210, 270]]);
}

export const DRAWINGS = [
  { label: "A cup of tea", paint: tea },
  { label: "Hills in the morning", paint: hills },
  { label: "Fruit on a table", paint: fruit },
  { label: "A lamp at night", paint: lamp },
];

export function draw(drawing) {
  const canvas = el("canvas");
  canvas.width = WIDTH;
  canvas.height = HEIGHT;
  drawing.paint(canvas.getContext("2d"));
  return canvas.toDataURL("image/png");
}
