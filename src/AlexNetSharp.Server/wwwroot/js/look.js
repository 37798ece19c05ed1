// The view "Look inside": filters, feature maps, and what in the picture speaks for a class.

import { postPicture } from "./api.js";
import { $, count, make, percent, tell } from "./dom.js";
import { takeSample } from "./draw.js";
import { modelQuery, on, state } from "./state.js";

let request = null;
let shownFor = null;

export function start() {
  $("look-sample").addEventListener("click", () => takeSample(7).catch(e => tell(e.message)));
  $("look-class").addEventListener("change", () => look());
  on("model", () => {
    $("look-class").replaceChildren(
      make("option", { value: "" }, "the network's answer"),
      ...(state.model?.classes ?? []).map((label, i) => make("option", { value: String(i) }, label)));
    shownFor = null;
    look();
  });
  on("picture", () => { shownFor = null; look(); });
  on("view", () => look());
}

async function look() {
  if (state.view !== "look" || !state.model)
    return;
  $("look-empty").hidden = state.picture !== null;
  $("look-result").hidden = state.picture === null;
  $("look-tools").hidden = state.picture === null;
  if (state.picture === null)
    return;
  const label = $("look-class").value;
  const wanted = `${modelQuery()}&label=${label}`;
  if (shownFor?.picture === state.picture && shownFor.query === wanted)
    return;
  request?.abort();
  request = new AbortController();
  const { signal } = request;
  const picture = state.picture;
  $("look-busy").hidden = false;
  try {
    show(await postPicture(`look?${wanted}`, picture.blob, signal), picture);
    shownFor = { picture, query: wanted };
    tell(null);
  } catch (e) {
    if (e.name === "AbortError")
      return;
    $("look-result").hidden = true;
    tell(e.message);
  } finally {
    if (!signal.aborted)
      $("look-busy").hidden = true;
  }
}

function show(answer, picture) {
  const best = answer.top[0];
  $("look-lead").textContent = `What each layer makes of ${picture.name}: ${best.label}, ${percent(best.probability)}.`;
  $("maps").replaceChildren(
    map(answer.input, "The picture as the network sees it", make("b", {}, "What the network sees"), `: ${state.model.input.width} × ${state.model.input.height} pixels.`),
    ...answer.maps.map(each => map(each.picture, `${each.method} for ${answer.explained} over the picture`,
      make("b", {}, `${each.method} for ${answer.explained}`), `: ${each.is_blank ? "nothing here speaks for it." : each.about}`)),
    answer.filters
      ? map(answer.filters, "The filters of the first convolution, side by side", make("b", {}, "First filters"), ": what the first layer looks for. Mid-grey is 0, white a filter's largest weight, black its negative.")
      : "");
  $("layers").replaceChildren(...answer.layers.map(layer));
}

function map(source, alt, ...caption) {
  return make("figure", {}, make("img", { src: source, alt }), make("figcaption", {}, ...caption));
}

function layer(each) {
  const [height, width, channels] = each.output;
  const isVector = height === 1 && width === 1;
  const zeros = each.zeros > 0 ? `${percent(each.zeros)} of it is zero. ` : "";
  const what = isVector ? `${count(channels)} values, a cell each. ` : `${count(channels)} channels of ${width} × ${height}. `;
  return make("li", {},
    make("h4", {}, each.name, make("span", {}, each.kind)),
    make("p", {}, what + zeros),
    make("img", { src: each.picture, alt: `Output of ${each.name}: ${what.trim()}` }));
}
