// The network as a row of boxes: what lies between its layers.

import { count, makeSvg } from "./dom.js";

const boxHeight = 128;
const gap = 44;
const margin = 26;
const middle = 108;

export function drawDiagram(place, model, layers) {
  const boxes = [{ shape: [model.input.height, model.input.width, model.input.channels], caption: "input", note: "" }];
  for (const layer of layers) {
    const last = boxes.at(-1);
    // Layers that keep the shape and learn nothing stand under the box that they work on.
    if (layer.parameters === 0 && String(layer.output) === String(last.shape))
      last.also = [...last.also ?? [], layer.name];
    else
      boxes.push({ shape: layer.output, caption: layer.name, also: [] });
  }
  const largest = Math.max(model.input.height, model.input.width);
  const svg = makeSvg("svg", { role: "img", "aria-label": describe(boxes) });
  let x = margin;
  for (const [i, box] of boxes.entries()) {
    const [height, width, channels] = box.shape;
    const isVector = height === 1 && width === 1;
    const side = isVector ? 12 : Math.max(10, boxHeight * Math.sqrt(height / largest));
    const depth = isVector ? 12 : 6 + 9 * Math.log2(1 + channels) / 2;
    const tall = isVector ? Math.max(18, 11 * Math.log2(1 + channels)) : side;
    const slant = isVector ? 6 : side * 0.32;
    const group = makeSvg("g", { class: i === boxes.length - 1 ? "answer" : isVector ? "vector" : "picture" });
    const top = middle - tall / 2, left = x + 4, right = left + depth;
    group.append(
      polygon("b", [[left, top], [right, top], [right, top + tall], [left, top + tall]]),
      polygon("c", [[left, top], [left + slant, top - slant], [right + slant, top - slant], [right, top]]),
      polygon("a", [[right, top], [right + slant, top - slant], [right + slant, top + tall - slant], [right, top + tall]]));
    const centre = (left + right + slant) / 2;
    svg.append(group,
      text(centre, 206, box.caption),
      text(centre, 222, isVector ? count(channels) : `${height}×${width}×${channels}`, "faint"));
    for (const [line, name] of (box.also ?? []).entries())
      svg.append(text(centre, 240 + line * 14, name, "faint"));
    x = right + slant;
    if (i < boxes.length - 1) {
      svg.append(makeSvg("path", { class: "arrow", d: `M${x + 8} ${middle} h${gap - 20} m-5 -4 l5 4 l-5 4` }));
      x += gap;
    }
  }
  svg.setAttribute("viewBox", `0 0 ${Math.round(x + margin)} 292`);
  place.replaceChildren(svg);
}

function polygon(name, points) {
  return makeSvg("polygon", { class: `face ${name}`, points: points.map(point => point.map(each => each.toFixed(1)).join(",")).join(" ") });
}

function text(x, y, content, name) {
  return makeSvg("text", { x: x.toFixed(1), y, class: name }, content);
}

function describe(boxes) {
  return `From the input to the answer: ${boxes.map(box => `${box.caption}, ${box.shape.join(" by ")}`).join("; ")}.`;
}
