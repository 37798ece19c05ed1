// The confusion matrix and the worst mistakes, taken from the report that a run writes at its end. Only text, numbers and its PNG pictures are taken over.

import { getText } from "./api.js";
import { make } from "./dom.js";

const picture = /^data:image\/png;base64,[A-Za-z0-9+/=]+$/;

export async function showReport(place, path) {
  // Its style sheet is not taken over, and this page's policy would complain of it.
  const text = (await getText(path)).replace(/<style>[^]*?<\/style>/g, "");
  const page = new DOMParser().parseFromString(text, "text/html");
  const parts = [
    part("Confusion matrix", page.querySelector("#confusion"), confusion),
    part("Worst mistakes", page.querySelector("#mistakes"), mistakes),
  ].flat().filter(each => each !== null);
  place.replaceChildren(...parts);
}

function part(title, section, draw) {
  if (section === null)
    return [];
  return [make("h3", {}, title), ...[...section.querySelectorAll(":scope > p")].filter(each => each.querySelector("img") === null).map(each => make("p", { class: "hint" }, each.textContent)), ...draw(section)];
}

function confusion(section) {
  const matrix = section.querySelector("img.matrix");
  const tables = [...section.querySelectorAll("table")].map(table => make("div", { class: "scroll", role: "region", "aria-label": table.classList.contains("confusion") ? "Confusion matrix" : "Pairs confused most", tabindex: 0 },
    make("table", { class: table.classList.contains("confusion") ? table.className : "figures" },
      table.tHead && make("thead", {}, ...[...table.tHead.rows].map(row)),
      ...[...table.tBodies].map(body => make("tbody", {}, ...[...body.rows].map(row))))));
  return [matrix && image(matrix, "matrix"), ...tables];
}

function row(source) {
  return make("tr", {}, ...[...source.cells].map(cell => {
    const isHead = cell.tagName === "TH";
    const copy = make(isHead ? "th" : "td", { scope: isHead && cell.scope, title: cell.title, class: cell.classList.contains("number") && "number" }, make("span", {}, cell.textContent));
    // Cells are called r0 to r10 where they are right, w0 to w10 where they are wrong: how deep their colour is.
    const shade = /^([rw])(\d+)$/.exec(cell.className);
    if (shade) {
      copy.style.setProperty("--tone", shade[1] === "r" ? "var(--right)" : "var(--wrong)");
      copy.style.setProperty("--depth", `${Number(shade[2]) * (shade[1] === "r" ? 6.5 : 9)}%`);
    }
    return copy;
  }));
}

function mistakes(section) {
  const found = [...section.querySelectorAll(".mistakes figure")].map(figure => {
    const [right, given] = [...figure.querySelectorAll("b")].map(each => each.textContent);
    const source = figure.querySelector("img");
    const share = /^\s*([^<]+?) for/.exec(figure.querySelector("figcaption br")?.nextSibling?.textContent ?? "");
    return make("li", {}, make("figure", {}, source && image(source), make("figcaption", {}, "a ", make("b", {}, right), ", taken for ", make("b", {}, given), share ? `, ${share[1]} sure` : "")));
  });
  return found.length > 0 ? [make("ol", { class: "mistakes" }, ...found)] : [];
}

function image(source, name) {
  return picture.test(source.getAttribute("src") ?? "") ? make("img", { src: source.getAttribute("src"), alt: source.alt, class: name }) : null;
}
