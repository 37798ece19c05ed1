// A curve as SVG: minibatches as a line, ends of epochs as another with dots.

import { make, makeSvg, percent } from "./dom.js";

const width = 420;
const height = 230;
const edge = { left: 46, right: 10, top: 12, bottom: 26 };
const mostPoints = 300;

// series: [{ name, points: [{ x, y }] }]; isShare: y is a share, and 0 to 1 is the most there is.
export function drawChart(place, title, series, isShare) {
  const all = series.flatMap(each => each.points);
  if (all.length === 0) {
    place.replaceChildren(make("p", { class: "hint" }, "Nothing measured yet."));
    return;
  }
  const right = Math.max(...all.map(point => point.x), 1);
  const [low, high] = range(all.map(point => point.y), isShare);
  const x = value => edge.left + value / right * (width - edge.left - edge.right);
  const y = value => height - edge.bottom - (Math.min(Math.max(value, low), high) - low) / (high - low) * (height - edge.top - edge.bottom);
  const svg = makeSvg("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": describe(title, series, right, isShare) });
  for (const tick of ticks(low, high)) {
    svg.append(
      makeSvg("line", { class: "grid", x1: edge.left, x2: width - edge.right, y1: y(tick), y2: y(tick) }),
      makeSvg("text", { class: "left", x: edge.left - 6, y: y(tick) + 4 }, figure(tick, high - low, isShare)));
  }
  for (const tick of ticks(0, right).filter(Number.isInteger))
    svg.append(makeSvg("text", { class: "below", x: x(tick), y: height - 8 }, String(tick)));
  for (const [i, each] of series.entries()) {
    const kind = i === 0 ? "first" : "second";
    const points = thin(each.points);
    svg.append(makeSvg("polyline", { class: kind, points: points.map(point => `${x(point.x).toFixed(1)},${y(point.y).toFixed(1)}`).join(" ") }));
    if (points.length <= 40)
      svg.append(...points.map(point => makeSvg("circle", { class: kind, cx: x(point.x).toFixed(1), cy: y(point.y).toFixed(1), r: 2.6 })));
  }
  place.replaceChildren(svg, make("ul", { class: "legend" },
    ...series.map((each, i) => each.points.length === 0 ? null : make("li", { class: i === 0 ? "first" : "second" }, `${each.name}: ${value(each.points.at(-1).y, isShare)}`))));
}

function value(y, isShare) {
  return isShare ? percent(y) : y.toPrecision(3);
}

function describe(title, series, right, isShare) {
  return `${title} over ${right} steps. ` + series.filter(each => each.points.length > 0).map(each => `${each.name}: ${value(each.points.at(-1).y, isShare)}.`).join(" ");
}

function range(values, isShare) {
  const finite = values.filter(Number.isFinite);
  let low = Math.min(...finite, isShare ? 1 : Infinity), high = isShare ? 1 : Math.max(...finite);
  low = isShare ? Math.min(low, 0.95) : Math.min(low, 0);
  const pad = (high - low || 1) * 0.05;
  return [isShare ? Math.max(0, low - pad) : low, isShare ? 1 : high + pad];
}

function ticks(low, high) {
  const rough = (high - low) / 4, magnitude = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map(each => each * magnitude).find(each => each >= rough);
  const found = [];
  for (let i = Math.ceil(low / step); i * step <= high + step * 1e-6; i++)
    found.push(Number((i * step).toPrecision(12)));
  return found;
}

function figure(tick, span, isShare) {
  return isShare ? `${(tick * 100).toFixed(span < 0.05 ? 1 : 0)} %` : String(Number(tick.toPrecision(4)));
}

// The mean of neighbours, so that a long run is a line and not a smear.
function thin(points) {
  const each = Math.ceil(points.length / mostPoints);
  if (each <= 1)
    return points;
  const thinned = [];
  for (let i = 0; i < points.length; i += each) {
    const part = points.slice(i, i + each);
    thinned.push({ x: part.at(-1).x, y: part.reduce((sum, point) => sum + point.y, 0) / part.length });
  }
  return thinned;
}
