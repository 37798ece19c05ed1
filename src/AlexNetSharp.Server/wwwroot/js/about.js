// The view "About": the network as a diagram and a table, and each of its parts explained.

import { get } from "./api.js";
import { drawDiagram } from "./diagram.js";
import { $, count, make, tell } from "./dom.js";
import { parts } from "./parts.js";
import { modelQuery, on, state } from "./state.js";

let shown = null;

export function start() {
  on("view", show);
  on("model", show);
}

async function show() {
  const model = state.model;
  if (state.view !== "about" || !model || shown === model)
    return;
  try {
    const { layers } = await get(`model?${modelQuery()}`);
    if (model !== state.model)
      return;
    shown = model;
    $("about-name").textContent = `About ${model.name}`;
    drawFigures(model, layers);
    drawDiagram($("diagram"), model, layers);
    drawTable(layers);
    drawParts(layers);
  } catch (e) {
    tell(e.message);
  }
}

function drawFigures(model, layers) {
  const { height, width, channels } = model.input;
  const rows = [
    accuracy(model.accuracy),
    ["Version", model.version, null],
    ["Parameters", count(model.parameters), null],
    ["Multiply-adds", count(layers.reduce((sum, layer) => sum + layer.multiply_accumulates, 0)), "a picture"],
    ["Input", `${height}×${width}`, channels === 1 ? "grey" : "colour"],
    ["Classes", count(model.classes.length), model.classes.slice(0, 10).join(", ") + (model.classes.length > 10 ? ", …" : "")],
  ].filter(each => each);
  $("about-figures").replaceChildren(...rows.map(([name, value, note]) => make("div", {}, make("dt", {}, name), make("dd", {}, value), note && make("dd", { class: "about" }, note))));
}

// A sentence such as "99.50 % of the test pictures": the figure is shown large.
function accuracy(text) {
  if (!text)
    return null;
  const [, figure, of] = /^([\d.]+ ?%)\s*(.*)$/.exec(text) ?? [null, text, ""];
  return ["Accuracy", figure, of];
}

function drawTable(layers) {
  $("about-layers").replaceChildren(...layers.map(layer => make("tr", {},
    make("th", { scope: "row" }, layer.name),
    make("td", {}, layer.kind),
    make("td", { class: "number" }, shape(layer.output)),
    make("td", { class: "number" }, layer.parameters > 0 ? count(layer.parameters) : ""),
    make("td", { class: "number" }, layer.multiply_accumulates > 0 ? count(layer.multiply_accumulates) : ""))));
  const sum = name => count(layers.reduce((total, layer) => total + layer[name], 0));
  $("about-sum").replaceChildren(make("tr", {}, make("th", { scope: "row", colspan: 3 }, "in all"), make("td", { class: "number" }, sum("parameters")), make("td", { class: "number" }, sum("multiply_accumulates"))));
}

function shape([height, width, channels]) {
  return height === 1 && width === 1 ? count(channels) : `${height}×${width}×${channels}`;
}

function drawParts(layers) {
  const kinds = new Set(layers.map(layer => layer.kind));
  $("parts").replaceChildren(...parts.filter(part => part.kinds.some(kind => kinds.has(kind))).map(part => make("article", {},
    make("h4", {}, part.title),
    make("p", {}, part.text),
    part.paper && make("p", { class: "paper" }, make("a", { href: part.link, rel: "noopener noreferrer" }, part.paper), "."))));
}
