// The view "Picture": any picture file, by drop, choice or clipboard.

import { postPicture } from "./api.js";
import { showBars } from "./bars.js";
import { $, percent, tell } from "./dom.js";
import { emit, modelQuery, on, setPicture, state } from "./state.js";

let current = null;
let address = null;

export function start() {
  const zone = $("zone");
  // A picture that misses the zone must not replace the page.
  addEventListener("dragover", event => event.preventDefault());
  addEventListener("drop", event => {
    event.preventDefault();
    zone.classList.remove("over");
    const file = event.dataTransfer?.files?.[0];
    if (file) {
      state.target = "drop";
      emit("go");
      take(file);
    }
  });
  zone.addEventListener("dragenter", () => zone.classList.add("over"));
  zone.addEventListener("dragleave", event => { if (!zone.contains(event.relatedTarget)) zone.classList.remove("over"); });
  $("file").addEventListener("change", event => {
    const [file] = event.target.files;
    // The same file may be chosen again after it was changed.
    event.target.value = "";
    if (file)
      take(file);
  });
  addEventListener("paste", event => {
    const file = [...(event.clipboardData?.files ?? [])].find(each => each.type.startsWith("image/"));
    if (file && state.view === "drop")
      take(file);
  });
  $("drop-look").addEventListener("click", () => {
    setPicture(current, current.name);
    state.target = "look";
    emit("go");
  });
  on("model", () => { if (current && state.model) ask(); });
}

function take(file) {
  current = file;
  if (address)
    URL.revokeObjectURL(address);
  address = URL.createObjectURL(file);
  $("drop-picture").src = address;
  $("drop-name").textContent = file.name;
  ask();
}

async function ask() {
  const file = current;
  $("drop-how").textContent = "Asking…";
  try {
    if (!state.model)
      throw new Error("The server serves no model yet.");
    const answer = await postPicture(`predict?${modelQuery()}`, file);
    if (file !== current)
      return;
    const best = answer.top[0];
    $("drop-result").hidden = false;
    $("drop-label").textContent = best.label;
    $("drop-label").classList.toggle("short", best.label.length < 4);
    $("drop-how").textContent = percent(best.probability);
    const seen = $("drop-seen");
    seen.src = answer.input;
    seen.alt = `The picture, brought to ${state.model.input.width} by ${state.model.input.height} pixels`;
    showBars($("drop-bars"), answer.top, state.model.classes.length);
    setPicture(file, file.name);
    tell(null);
  } catch (e) {
    if (file !== current)
      return;
    $("drop-result").hidden = true;
    current = null;
    tell(e.message);
  }
}
