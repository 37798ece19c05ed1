// Probabilities as bars. A few classes stand in their own order, so that bars do not jump while one draws; of many, the likeliest.

import { make, percent } from "./dom.js";

const few = 12;
const shown = 10;

export function showBars(list, top, classes) {
  const ordered = classes <= few ? [...top].sort((a, b) => a.index - b.index) : top.slice(0, shown);
  while (list.children.length > ordered.length)
    list.lastChild.remove();
  while (list.children.length < ordered.length) {
    list.append(make("li", {},
      make("span", { class: "name" }),
      make("span", { class: "track", "aria-hidden": "true" }, make("span", { class: "fill" })),
      make("span", { class: "percent" })));
  }
  const best = top[0];
  for (const [i, each] of ordered.entries()) {
    const [name, track, figure] = list.children[i].children;
    name.textContent = each.label;
    figure.textContent = percent(each.probability);
    track.firstChild.style.setProperty("--share", String(each.probability));
    list.children[i].classList.toggle("best", each === best);
  }
}

export function emptyBars(list, classes) {
  showBars(list, classes.slice(0, few).map((label, index) => ({ label, index, probability: 0 })), Math.min(classes.length, few));
  for (const item of list.children) {
    item.classList.remove("best");
    item.lastChild.textContent = "";
  }
}
