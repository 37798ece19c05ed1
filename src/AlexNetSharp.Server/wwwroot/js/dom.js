// Small helpers for building what is shown. Text always goes in as text, never as markup.

export const $ = id => document.getElementById(id);

export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  fill(element, attributes, children);
  return element;
}

export function makeSvg(tag, attributes = {}, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  fill(element, attributes, children);
  return element;
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined)
      continue;
    if (name.startsWith("on"))
      element.addEventListener(name.slice(2), value);
    else
      element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter(child => child !== null && child !== undefined));
}

export function tell(message) {
  const problem = $("problem");
  problem.textContent = message ?? "";
  problem.hidden = !message;
}

export function percent(share) {
  const value = share * 100;
  if (value > 0 && value < 0.01)
    return "< 0.01 %";
  return `${value >= 99.995 || value === 0 ? value.toFixed(0) : value.toFixed(value < 1 || value > 99 ? 2 : 1)} %`;
}

export function count(number) {
  return Number(number).toLocaleString("en-US").replaceAll(",", "\u202f");
}

export function duration(seconds) {
  const s = Math.round(seconds);
  return s < 60 ? `${s} s` : s < 3600 ? `${Math.floor(s / 60)} min ${s % 60} s` : `${Math.floor(s / 3600)} h ${Math.floor(s / 60) % 60} min`;
}
